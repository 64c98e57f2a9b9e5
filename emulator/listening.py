"""Uvicorn with an end of our own, and connections without one.

An idle connection stays until its client closes it or the server stops. Uvicorn would close it after a time,
also when a request comes at the last moment: the service does its work, the answer is lost with the
connection, the SDK asks again, and a create ends with "already exists". The SDK for Go keeps idle connections
for 90 s.

A connection that stays busy when the server stops is cut off before Uvicorn's own end, which cancels requests
and tells of each with a traceback.
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
"""Seconds until connections are cut off that were accepted meanwhile."""


class _Server(uvicorn.Server):
    """Leaves signals to the program, which has more than one server to stop, and waits to be told.

    Uvicorn's own looks ten times a second whether it should stop, and there is a server for each address.
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
    """A socket on loopback; port 0 is one that is free. Raises OSError when the port is taken."""
    # asyncio turns Nagle's algorithm off only for a socket that names its protocol. With it, each body waits
    # 40 ms for the acknowledgement of its head.
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(("127.0.0.1", port))
    except OSError:
        found.close()
        raise
    return found


def _dated(application: Asgi) -> Asgi:
    """Each answer has one date: Uvicorn would add its own beside the one that an application gives."""

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
    """Serve until `stopping` is set, and close the listener; a busy connection then has GRACE seconds."""
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
            # The address of a client is that of its connection, whatever it says.
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
