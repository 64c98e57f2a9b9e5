"""A separate loopback port for each HTTP API and each distribution.

Not every client can resolve names below `.localhost`, and AWS's names point to AWS. A front sets the Host
that AWS would see and, for a distribution, marks the request as HTTPS.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from emulator import listening, seams, wire
from emulator.serving import distribution, http_api
from emulator.serving.exchange import Answer, ViewerRequest, join_headers
from emulator.settings import Settings
from emulator.wire import Handler, Request

logger = logging.getLogger("emulator.front")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Serve = Callable[[ViewerRequest], Awaitable[Answer | None]]


@dataclass(frozen=True)
class Address:
    """The resource behind a front."""

    kind: str
    """`http-api` or `distribution`."""
    identity: str
    domain: str
    """The host name that AWS gives it."""
    aliases: tuple[str, ...] = ()
    """Its own domain names."""

    @property
    def host(self) -> str:
        """The Host that the services behind it see."""
        return self.aliases[0] if self.aliases else self.domain


class Front:
    """One listener."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._socket = listening.bind()
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.ensure_future(listening.serve(self._application, self._socket, self._stopping))

    async def stop(self) -> None:
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _application(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        else:
            request = await _read(scope, receive)
            if request is not None:
                await _send(send, await self._answer(request), request.method)

    async def _answer(self, request: ViewerRequest) -> Answer:
        here = request.headers.get("host", "")
        headers = {**request.headers, "host": self.address.host}
        if self.address.kind == "distribution":
            headers["x-forwarded-proto"] = "https"
        try:
            answer = await _serve(self.address, replace(request, headers=headers))
        except Exception:
            logger.exception("%s cannot answer", self.address.domain)
            return 500, {"Content-Type": "text/plain"}, b"the local cloud failed; its log says why"
        return answer[0], self._lead_back(answer[1], here), answer[2]

    def _lead_back(self, headers: dict[str, Any], here: str) -> dict[str, Any]:
        """A redirect to the host of a front's resource is changed to the front, because nothing else
        answers for that host.
        """
        start = f"https://{self.address.host}"
        found = {}
        for name, value in headers.items():
            if name.lower() == "location" and isinstance(value, str):
                rest = value.removeprefix(start)
                if value.startswith(start) and (not rest or rest[0] in "/?#"):
                    value = f"http://{here}{rest}"
            found[name] = value
        return found


async def _serve(address: Address, request: ViewerRequest) -> Answer:
    if address.kind == "http-api":
        api = http_api.find_api(address.identity)
        if api is not None:
            return await http_api.serve(api, request)
    else:
        found = distribution.find_distribution(address.domain)
        if found is not None:
            return await distribution.serve(found, request)
    return 404, {"Content-Type": "text/plain"}, f"{address.domain} is no longer there".encode()


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _read(scope: Message, receive: Receive) -> ViewerRequest | None:
    """The whole request; None if the client disconnected. Of a body that is too large for every API, only
    the size is kept.
    """
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size <= http_api.LARGEST_BODY:
            parts.append(part)
        if not message.get("more_body"):
            break
    lines = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    client = (scope.get("client") or ("127.0.0.1",))[0]
    body = b"".join(parts) if size <= http_api.LARGEST_BODY else bytes(http_api.LARGEST_BODY + 1)
    query = scope["query_string"].decode("latin-1")
    return ViewerRequest(scope["method"], path, query, join_headers(lines), body, client)


async def _send(send: Send, answer: Answer, method: str) -> None:
    status, headers, body = answer
    lines = [
        (name.encode("latin-1", "replace"), str(line).encode("latin-1", "replace"))
        for name, value in headers.items()
        if name.lower() not in ("content-length", "transfer-encoding", "connection")
        for line in (value if isinstance(value, list) else [value])
    ]
    if status >= 200 and status not in (204, 304):
        lines.append((b"content-length", str(len(body)).encode()))
    else:
        body = b""
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


class Fronts:
    """All fronts. They are opened and closed with their resources."""

    def __init__(self) -> None:
        self._fronts: dict[tuple[str, str], Front] = {}
        self._going: set[asyncio.Future[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()

    def reconcile_from_thread(self) -> None:
        """The same for a reset, which runs in a thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.reconcile)

    def reconcile(self) -> None:
        """Open and close fronts so that there is one for each deployed resource."""
        wanted = {(address.kind, address.identity): address for address in _deployed()}
        for key in set(self._fronts) - set(wanted):
            going = asyncio.ensure_future(self._fronts.pop(key).stop())
            self._going.add(going)
            going.add_done_callback(self._going.discard)
        for key, address in wanted.items():
            if key in self._fronts:
                self._fronts[key].address = address
                continue
            front = self._fronts[key] = Front(address)
            front.start()
            logger.info("%s answers at %s", address.host, front.url)

    def report(self) -> list[dict[str, Any]]:
        """The addresses for the status, including those of resources that CloudFormation has created
        meanwhile.
        """
        self.reconcile()
        return [
            {
                "kind": front.address.kind,
                "id": front.address.identity,
                "domain": front.address.domain,
                "aliases": list(front.address.aliases),
                "url": front.url,
            }
            for front in self._fronts.values()
        ]

    async def close(self) -> None:
        fronts, self._fronts = list(self._fronts.values()), {}
        await asyncio.gather(*(front.stop() for front in fronts), *self._going)


def _deployed() -> Iterable[Address]:
    from ministack.services import apigateway, cloudfront

    for (account, region, identity), api in list(apigateway._apis._data.items()):
        if api.get("protocolType") == "HTTP":
            yield Address("http-api", identity, http_api.Api(account, region, identity).domain)
    for found in list(cloudfront._distributions._data.values()):
        *aliases, domain = distribution.domains_of(found)
        yield Address("distribution", found["Id"], domain, tuple(aliases))


def install(app: ModuleType, settings: Settings) -> None:
    fronts = Fronts()
    reset_all_state = app._reset_all_state

    async def follow(request: Request, inner: Handler) -> wire.Answer:
        answer = await inner(request)
        if request.method in ("POST", "PUT", "PATCH", "DELETE") and wire.succeeded(answer):
            fronts.reconcile()
        return answer

    def reset_and_follow() -> None:
        reset_all_state()
        fronts.reconcile_from_thread()

    wire.wrap(app, "apigateway", follow)
    wire.wrap(app, "cloudfront", follow)
    app._reset_all_state = reset_and_follow
    seams.report("addresses", fronts.report)
    seams.on_start(fronts.start)
    seams.on_stop(fronts.close)
