"""Where other parts of the emulator plug in, besides their `install(app, settings)`.

`report` adds to the answer of `GET /_kairos/status`; `on_start` and `on_stop` run in the server's event loop.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Report = Callable[[], Any]
Hook = Callable[[], Awaitable[None]]

_reports: dict[str, Report] = {}
_starts: list[Hook] = []
_stops: list[Hook] = []


def report(member: str, value: Report) -> None:
    """Answer `value()` as this member of the status; it must be JSON. A later report replaces an earlier."""
    _reports[member] = value


def on_start(hook: Hook) -> None:
    """Await the hook just before the server listens; what it raises stops the start."""
    _starts.append(hook)


def on_stop(hook: Hook) -> None:
    """Await the hook once, when the server is told to stop, before it waits for the requests that still run.

    The hooks run in the reverse order of their adding.
    """
    _stops.append(hook)


def status() -> dict[str, Any]:
    """The members reported so far."""
    return {member: value() for member, value in _reports.items()}


async def start() -> None:
    for hook in _starts:
        await hook()


async def stop() -> None:
    while _stops:
        await _stops.pop()()
