"""Hypercorn with an end, and connections without one.

A connection that stays busy when the server stops is cut off: since Python 3.12.1 a listener counts as closed
only when its last connection is, and Hypercorn waits for that without a limit.
https://github.com/python/cpython/issues/104344

An idle connection stays until its client closes it or the server stops. Hypercorn would close it after a
time, also when a request comes at the last moment: the service does its work, the answer is lost with the
connection, the SDK asks again, and a create ends with "already exists". The SDK for Go keeps idle connections
for 90 s.
"""

from __future__ import annotations

import asyncio
from typing import Any
from weakref import WeakSet

import hypercorn.asyncio
import hypercorn.asyncio.run
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.config import Config

GRACE = 1
"""Seconds that a connection may stay busy after the server was told to stop."""
_AGAIN = 0.1
"""Seconds until connections are cut off that were accepted meanwhile."""


class Listening(Config):
    """One listener's configuration, and the connections that it has."""

    def __init__(self, bind: str) -> None:
        super().__init__()
        self.bind = [bind]
        # Hypercorn's own end, which cancels requests and tells of each: only after connections are cut off.
        self.graceful_timeout = 2 * GRACE
        self.connections: WeakSet[asyncio.WriteTransport] = WeakSet()


class _Connection(TCPServer):
    def __init__(self, app: Any, loop: Any, config: Config, context: Any, state: Any, *streams: Any) -> None:
        super().__init__(app, loop, config, context, state, *streams)
        if isinstance(config, Listening):
            config.connections.add(self.writer.transport)

    async def _idle_timeout(self) -> None:
        await self.context.terminated.wait()
        await asyncio.shield(self._initiate_server_close())


# Hypercorn makes its connections by this name and tells nobody of them.
hypercorn.asyncio.run.TCPServer = _Connection


async def serve(application: Any, config: Listening, stopping: asyncio.Event) -> None:
    """Serve until `stopping` is set; a busy connection then has GRACE seconds more."""
    serving = asyncio.ensure_future(
        hypercorn.asyncio.serve(application, config, shutdown_trigger=stopping.wait)
    )
    told = asyncio.ensure_future(stopping.wait())
    await asyncio.wait({serving, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    await asyncio.wait({serving}, timeout=GRACE)
    while not serving.done():
        for connection in list(config.connections):
            connection.abort()
        await asyncio.wait({serving}, timeout=_AGAIN)
    serving.result()
