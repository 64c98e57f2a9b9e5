"""The server: MiniStack's ASGI application with the corrections, behind a route of this project."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

import ministack.app

from emulator import corrections, front, listening, refusals, rights, runner, seams, serving
from emulator.latency import Asgi, Message, as_far_as_aws
from emulator.settings import Settings
from emulator.version import MINISTACK_VERSION, VersionError, check_version

logger = logging.getLogger("emulator")

Installer = Callable[[ModuleType, Settings], None]

# The modules that change MiniStack before it serves, in this order. Add a new part here.
INSTALLERS: tuple[Installer, ...] = (
    rights.install,
    corrections.install,
    refusals.install,
    runner.install,
    serving.install,
    front.install,
)

OWN_PATHS = "/_kairos/"
STATUS_PATH = f"{OWN_PATHS}status"
_LAST_WAIT = 3
"""Seconds that the program may take to exit once everything is stopped."""


def build(settings: Settings) -> Asgi:
    """MiniStack's application, corrected, behind our own route.

    Raises VersionError if the installed MiniStack is not the version that the corrections are for.
    """
    check_version()
    for install in INSTALLERS:
        install(ministack.app, settings)
    seams.report("ministack", lambda: MINISTACK_VERSION)
    seams.report("account", lambda: settings.account)
    seams.report("region", lambda: settings.region)
    # The server's identity. It is checked before the server is ended, because its port and process id may
    # belong to another process by now.
    seams.report("home", lambda: str(settings.home))
    seams.report("process", os.getpid)
    return as_far_as_aws(_with_status(ministack.app.app))


def _with_status(cloud: Asgi) -> Asgi:
    async def application(
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        found = await _own_answer(scope) if scope["type"] == "http" else None
        if found is None:
            await cloud(scope, receive, send)
            return
        body = json.dumps(found).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return application


async def _own_answer(scope: Message) -> Any | None:
    """The response of our own routes; None for those of the cloud."""
    method, path = scope["method"], scope["path"]
    if method == "GET" and path == STATUS_PATH:
        return {"addresses": [], **seams.status()}
    if method == "POST" and path.startswith(OWN_PATHS):
        action = seams.action(path.removeprefix(OWN_PATHS))
        return None if action is None else await action()
    return None


async def serve(settings: Settings) -> None:
    """Serve on loopback until SIGTERM or SIGINT."""
    application = build(settings)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)

    listener = listening.bind(settings.port)
    ended = asyncio.Event()

    async def end_when_told() -> None:
        await stopping.wait()
        # The listeners are stopped last: an invocation would hold them for as long as its function may take.
        await seams.stop()
        ended.set()

    await seams.start()
    ending = asyncio.ensure_future(end_when_told())
    try:
        await listening.serve(application, listener, ended)
    finally:
        ending.cancel()
        await seams.stop()
        _exit_soon()


def _exit_soon() -> None:
    """Everything has been stopped. A thread of MiniStack that still waits for something is ignored."""
    timer = threading.Timer(_LAST_WAIT, os._exit, [0])
    timer.daemon = True
    timer.start()


def run(settings: Settings) -> int:
    """Serve until told to stop: 0 after a clean stop, 1 if the server could not start."""
    try:
        asyncio.run(serve(settings))
    except OSError as problem:
        logger.error("cannot listen on 127.0.0.1:%d: %s", settings.port, problem.strerror or problem)
        return 1
    except VersionError as problem:
        logger.error("%s", problem)
        return 1
    return 0
