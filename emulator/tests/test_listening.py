"""Keep-alive connections: no response is lost if one is closed."""

from __future__ import annotations

import asyncio
import http.client
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from emulator import listening

LIMIT = 10
"""The time limit for each step, in seconds."""
HOUR = 60 * 60

Message = dict[str, Any]


class Counting:
    """An application that answers each request, and counts the requests that it began."""

    def __init__(self, *headers: tuple[bytes, bytes]) -> None:
        self.requests = 0
        self.headers = [(b"content-length", b"2"), *headers]

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["type"] == "lifespan":
            while (message := await receive())["type"] != "lifespan.shutdown":
                await send({"type": f"{message['type']}.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        self.requests += 1
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})
        await send({"type": "http.response.body", "body": b"ok"})


async def _serving(
    use: Callable[[int, asyncio.AbstractEventLoop], None], *headers: tuple[bytes, bytes]
) -> int:
    """Run `use` in a thread with the address of a server. Returns how many requests the server began."""
    application, stopping, listener = Counting(*headers), asyncio.Event(), listening.bind()
    port = listener.getsockname()[1]
    listener.listen()
    serving = asyncio.ensure_future(listening.serve(application, listener, stopping))
    try:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, use, port, loop)
    finally:
        stopping.set()
        await serving
    return application.requests


def _create(connection: http.client.HTTPConnection) -> None:
    connection.request("POST", "/", b"{}")
    assert connection.getresponse().read() == b"ok"


def _pass(seconds: float, loop: asyncio.AbstractEventLoop) -> None:
    """Make the loop's clock jump ahead."""
    time = loop.time
    setattr(loop, "time", lambda: time() + seconds)  # noqa: B010


def test_a_connection_that_was_idle_for_an_hour_is_answered() -> None:
    def use(port: int, loop: asyncio.AbstractEventLoop) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
        _create(connection)
        loop.call_soon_threadsafe(_pass, HOUR, loop)
        # A second connection is answered only after the loop has processed the timers of that hour.
        _create(http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT))
        same = connection.sock
        _create(connection)
        assert connection.sock is same

    assert asyncio.run(_serving(use)) == 3


def test_an_open_connection_does_not_delay_the_stop_of_the_server() -> None:
    def use(port: int, loop: asyncio.AbstractEventLoop) -> None:
        _create(idle := http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT))
        left.append(idle)
        half = socket.create_connection(("127.0.0.1", port), timeout=LIMIT)
        half.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf")
        left.append(half)

    left: list[Any] = []
    asyncio.run(asyncio.wait_for(_serving(use), LIMIT))


@pytest.mark.parametrize("given", [(), ((b"Date", b"Sun, 29 Nov 2026 05:57:09 GMT"),)], ids=["none", "one"])
def test_a_response_has_one_date_header(
    given: tuple[tuple[bytes, bytes], ...],
) -> None:
    def use(port: int, _: asyncio.AbstractEventLoop) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
        connection.request("GET", "/")
        dates = connection.getresponse().headers.get_all("date") or []
        assert len(dates) == 1
        assert not given or dates[0] == given[0][1].decode()

    assert asyncio.run(_serving(use, *given)) == 1
