"""Connections that are kept alive: no answer is lost with one."""

from __future__ import annotations

import asyncio
import http.client
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from emulator import listening
from emulator.listening import Listening
from emulator.tests.cloud import free_port

LIMIT = 10
"""Seconds that anything here may take."""
IDLE = 0.2
"""Seconds after which Hypercorn by itself would close an idle connection."""

Message = dict[str, Any]


class Counting:
    """An application that answers each request, and counts those that it began."""

    def __init__(self) -> None:
        self.requests = 0

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
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})


async def _serving(use: Callable[[int, asyncio.AbstractEventLoop], None]) -> int:
    """Let `use` talk to a server from a thread; how many requests the server began."""
    port, application, stopping = free_port(), Counting(), asyncio.Event()
    config = Listening(f"127.0.0.1:{port}")
    config.keep_alive_timeout = IDLE
    serving = asyncio.ensure_future(listening.serve(application, config, stopping))
    try:
        await asyncio.wait_for(_until_it_listens(port), LIMIT)
        loop = asyncio.get_running_loop()
        await asyncio.wait_for(loop.run_in_executor(None, use, port, loop), LIMIT)
    finally:
        stopping.set()
        await serving
    return application.requests


async def _until_it_listens(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionError:
            await asyncio.sleep(0)
        else:
            writer.close()
            return


def _create(connection: http.client.HTTPConnection) -> None:
    connection.request("POST", "/", b"{}")
    assert connection.getresponse().read() == b"ok"


@pytest.mark.parametrize("turns", range(10))
def test_a_request_that_comes_when_its_connection_was_idle_for_long_is_answered(turns: int) -> None:
    """The loop is busy past the end of the connection's time, and again so many turns later: the client sends
    meanwhile, when the end of the time is seen and not yet dealt with."""

    def use(port: int, loop: asyncio.AbstractEventLoop) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
        _create(connection)
        sending, sent = threading.Event(), threading.Event()

        def be_busy(left: int) -> None:
            if left:
                loop.call_soon(be_busy, left - 1)
            else:
                sending.set()
                sent.wait(LIMIT)

        def be_late() -> None:
            time.sleep(2 * IDLE)
            be_busy(turns)

        loop.call_soon_threadsafe(be_late)
        assert sending.wait(LIMIT)
        connection.request("POST", "/", b"{}")
        sent.set()
        assert connection.getresponse().read() == b"ok"

    assert asyncio.run(_serving(use)) == 2
