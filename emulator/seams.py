"""Extension points for other parts of the emulator, in addition to their `install(app, settings)`.

`report` adds to the response of `GET /_kairos/status`, and `act` answers `POST /_kairos/<name>`. `on_start`
and `on_stop` run in the server's event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

logger = logging.getLogger("emulator")

STOP_LIMIT = 5
"""Seconds that one part may take to stop."""

Report = Callable[[], Any]
Hook = Callable[[], Awaitable[None]]
Action = Callable[[], Awaitable[Any]]

_reports: dict[str, Report] = {}
_actions: dict[str, Action] = {}
_starts: list[Hook] = []
_stops: list[Hook] = []


def report(member: str, value: Report) -> None:
    """Return `value()` as this member of the status; it must be JSON. A later report replaces an earlier
    one.
    """
    _reports[member] = value


def act(name: str, action: Action) -> None:
    """Await `action()` for a POST to `/_kairos/<name>` and return its result; it must be JSON."""
    _actions[name] = action


def action(name: str) -> Action | None:
    """The action of a POST to `/_kairos/<name>`."""
    return _actions.get(name)


def on_start(hook: Hook) -> None:
    """Await the hook just before the server listens. An error stops the start."""
    _starts.append(hook)


def on_stop(hook: Hook) -> None:
    """Await the hook once, when the server is told to stop, before it waits for running requests.

    The hooks run in the order in which they were added, so the runner ends before the listeners that wait for
    it. Each has STOP_LIMIT seconds.
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
        hook = _stops.pop(0)
        try:
            await asyncio.wait_for(hook(), STOP_LIMIT)
        except asyncio.TimeoutError:
            logger.error(
                "%s.%s did not stop in %d seconds",
                getattr(hook, "__module__", "?"),
                getattr(hook, "__qualname__", hook),
                STOP_LIMIT,
            )
