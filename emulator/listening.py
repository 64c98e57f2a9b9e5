"""Uvicorn with a different shutdown, and without a limit for idle connections.

An idle connection stays open until its client closes it or the server stops. Uvicorn would close it after
some time, even if a request arrives at that moment. Then the service does its work, the response is lost with
the connection, the SDK retries, and a create fails with "already exists". The SDK for Go keeps idle
connections for 90 s.

A connection that is still busy when the server stops is closed before Uvicorn's own shutdown, which cancels
requests and prints a traceback for each.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from email.utils import formatdate

import uvicorn

from emulator.latency import Asgi, Message, Receive, Send

GRACE = 1
"""Seconds that a connection may stay busy after the server was told to stop."""
KEEP_ALIVE = 24 * 60 * 60
"""Seconds that a connection may be idle: longer than any client keeps one."""
_AGAIN = 0.1
"""Seconds until connections are closed that were accepted meanwhile."""


class _Server(uvicorn.Server):
    """Leaves signals to the program, which has several servers to stop, and waits until it is told to stop.

    Uvicorn's own server checks ten times a second whether it should stop, and there is a server for each
    address.
    """

    def __init__(self, config: uvicorn.Config, stopping: asyncio.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    async def main_loop(self) -> None:
        await self._stopping.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bind(port: int = 0) -> socket.socket:
    """A loopback socket; port 0 chooses a free port. Raises OSError if the port is in use."""
    # asyncio disables Nagle's algorithm only for a socket that names its protocol. With the algorithm, each
    # body waits 40 ms for the acknowledgement of its header.
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(("127.0.0.1", port))
    except OSError:
        found.close()
        raise
    return found


def _dated(application: Asgi) -> Asgi:
    """Each response has one date. Uvicorn would add a second one if an application sends its own."""

    async def dated_application(scope: Message, receive: Receive, send: Send) -> None:
        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                if not any(name.lower() == b"date" for name, _ in headers):
                    headers.append((b"date", formatdate(usegmt=True).encode()))
                message = {**message, "headers": headers}
            await send(message)

        await application(scope, receive, send_dated)

    return dated_application


async def serve(application: Asgi, listener: socket.socket, stopping: asyncio.Event) -> None:
    """Serve until `stopping` is set, and close the listener. A busy connection then has GRACE seconds."""
    server = _Server(
        uvicorn.Config(
            _dated(application),
            interface="asgi3",
            http="httptools",
            ws="none",
            lifespan="on",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            # The address of a client is that of its connection, whatever its headers say.
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=3 * GRACE,
        ),
        stopping,
    )
    serving = asyncio.ensure_future(server.serve(sockets=[listener]))
    told = asyncio.ensure_future(stopping.wait())
    await asyncio.wait({serving, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    server.should_exit = True
    await asyncio.wait({serving}, timeout=GRACE)
    while not serving.done():
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        await asyncio.wait({serving}, timeout=_AGAIN)
    serving.result()
