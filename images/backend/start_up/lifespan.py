"""Keeps the lifespan of a Mangum adapter's application open between invocations.

Mangum itself opens and closes it in every invocation, with all the connections that the application opens in
it.
https://mangum.fastapiexpert.com/lifespan/
"""

import asyncio
import copy
import inspect
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any, Literal

from start_up.failure import StartUpError
from start_up.guard import GuardedLifespan, Handler
from start_up.log import log

CLOSE_LIMIT = 1.0
"""How long a lifespan may take to close or to be cancelled, in seconds. The request waits for it."""
FAILURE_LIMIT = 1.0
"""How long a failed start is remembered, in seconds, so that a burst of requests does not queue behind
attempts.
"""
TURNS = 10
"""How many times the event loop runs before a request, so that a failed task can end what waits for it."""


class LifespanError(StartUpError):
    """The application's lifespan did not start, so this invocation fails. A later one tries again."""


def clock() -> tuple[float, float]:
    """Two clocks, because one may stand still while the environment is frozen, and the other may be
    adjusted.
    """
    return time.monotonic(), time.time()


def adapter_of(handler: Handler) -> Any | None:
    """The handler, if it is a Mangum adapter that opens its application's lifespan."""
    mangum = sys.modules.get("mangum")
    kind = getattr(mangum, "Mangum", None)
    return (
        handler if isinstance(kind, type) and isinstance(handler, kind) and _mode(handler) != "off" else None
    )


def unsupported(adapter: Any) -> str | None:
    """The parts of Mangum that this module uses and the installed version lacks.

    Mangum 0.19 is the first version whose lifespan has a state.
    """
    for name in ("app", "lifespan"):
        if not hasattr(adapter, name):
            return f"Mangum.{name}"
    try:
        from mangum.protocols import LifespanCycle
    except ImportError:
        return "mangum.protocols.LifespanCycle"
    _current_loop()
    try:
        cycle = LifespanCycle(adapter.app, _mode(adapter))
    except TypeError:
        return "LifespanCycle(app, lifespan)"
    for name in ("run", "startup", "shutdown"):
        if not inspect.iscoroutinefunction(getattr(cycle, name, None)):
            return f"LifespanCycle.{name}"
    if not isinstance(getattr(cycle, "lifespan_state", None), dict):
        return "LifespanCycle.lifespan_state"
    return None


def guarded_adapter(adapter: Any) -> Any:
    """The same adapter, which opens the lifespan itself. Its failures are logged without messages."""

    def failed(kind: str, frames: list[str]) -> None:
        log("ERROR", f"the application's lifespan failed: {kind}", step="lifespan", trace=frames)

    guarded = copy.copy(adapter)
    guarded.app = GuardedLifespan(adapter.app, failed)
    return guarded


class KeptLifespan:
    """Calls a Mangum adapter whose application's lifespan is open already."""

    def __init__(
        self,
        adapter: Any,
        *,
        start_limit: float,
        pause_limit: float,
        opened: Callable[[float], None] = lambda seconds: None,
        now: Callable[[], tuple[float, float]] = clock,
    ) -> None:
        """Limits are in seconds. `opened` is called with the duration of each successful start."""
        self._application = adapter.app
        self._lifespan = GuardedLifespan(adapter.app, self._remember)
        self._mode = _mode(adapter)
        self._adapter = copy.copy(adapter)
        self._adapter.lifespan = "off"
        self._adapter.app = self._with_state
        self._start_limit = start_limit
        self._pause_limit = pause_limit
        self._opened = opened
        self._now = now
        self._used = now()
        self._loop = _current_loop()
        self._cycle: Any = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._raised: tuple[str, list[str]] | None = None
        self._told: tuple[str, list[str]] | None = None
        self._failure: tuple[str, tuple[float, float]] | None = None

    def __call__(self, event: Any, context: Any) -> Any:
        self._enter_loop()
        if self._cycle is not None:
            self._see_whether_it_lives()
        if self._cycle is not None and self._since(self._used) > self._pause_limit:
            self._close()
        if self._cycle is None:
            self._open()
        try:
            return self._adapter(event, context)
        finally:
            self._used = self._now()

    async def _with_state(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        # Mangum gives each request a copy of the state that the lifespan has set.
        scope["state"] = self._cycle.lifespan_state.copy()
        await self._application(scope, receive, send)

    def _remember(self, kind: str, frames: list[str]) -> None:
        self._raised = kind, frames

    def _tell(self, what: str) -> None:
        """Logs what a lifespan has raised, unless the previous one raised the same."""
        if self._raised is not None and self._raised != self._told:
            kind, frames = self._told = self._raised
            log("WARN", f"{what} {kind}", step="lifespan", trace=frames)
        self._raised = None

    def _since(self, then: tuple[float, float]) -> float:
        return max(now - before for now, before in zip(self._now(), then, strict=True))

    def _enter_loop(self) -> None:
        """Uses the lifespan's event loop, or a new one if the application has closed it."""
        if self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
            self._cycle, self._tasks = None, set()
        asyncio.set_event_loop(self._loop)

    def _see_whether_it_lives(self) -> None:
        """A lifespan that has ended by itself is opened again, as Mangum does in each invocation."""

        async def turn() -> None:
            for _ in range(TURNS):
                await asyncio.sleep(0)

        self._loop.run_until_complete(turn())
        if not self._task.done():
            return
        self._cycle = None
        self._cancel(self._tasks)
        self._tell("the application's lifespan has ended with")

    def _open(self) -> None:
        from mangum.protocols import LifespanCycle

        self._repeat_failure()
        started = time.monotonic()
        before = asyncio.all_tasks(self._loop)
        self._raised = None
        cycle = LifespanCycle(self._lifespan, self._mode)
        self._task = self._loop.create_task(cycle.run())
        fault = None
        try:
            self._loop.run_until_complete(asyncio.wait_for(cycle.startup(), self._start_limit))
        except TimeoutError:
            fault = f"did not start within {self._start_limit:g} s"
        except Exception:
            fault = "failed to start"
        # What the lifespan has started ends with it.
        self._tasks = {self._task, *asyncio.all_tasks(self._loop)} - before
        if fault is not None:
            self._fail(fault, started)
        self._cycle = cycle
        if self._task.done():
            self._tell("the application has no lifespan, or it ended at once with")
        self._opened(time.monotonic() - started)

    def _repeat_failure(self) -> None:
        if self._failure is None:
            return
        message, then = self._failure
        if self._since(then) < FAILURE_LIMIT:
            raise LifespanError(f"{message}; this was less than {FAILURE_LIMIT:g} s ago and is not tried yet")
        self._failure = None

    def _fail(self, what: str, started: float) -> None:
        self._cancel(self._tasks)
        kind, frames = self._raised or ("", [])
        message = f"the application's lifespan {what}{kind and ': '}{kind}"
        milliseconds = round((time.monotonic() - started) * 1000)
        log("ERROR", message, step="lifespan start", milliseconds=milliseconds, trace=frames)
        self._failure = message, self._now()
        raise LifespanError(message)

    def _close(self) -> None:
        cycle, self._cycle, self._raised = self._cycle, None, None
        fault = None
        try:
            self._loop.run_until_complete(asyncio.wait_for(cycle.shutdown(), CLOSE_LIMIT))
        except TimeoutError:
            fault = "took too long"
        except Exception:
            fault = "failed"
        self._cancel(self._tasks)
        # An error during the close is ignored, because the lifespan is abandoned: its connections may have
        # been dropped.
        if fault is not None:
            kind, frames = self._raised or (fault, [])
            message = f"the application's lifespan did not close: {kind}"
            log("WARN", message, step="lifespan close", trace=frames)

    def _cancel(self, tasks: set["asyncio.Task[Any]"]) -> None:
        running = {task for task in tasks if not task.done()}
        for task in running:
            task.cancel()
        if running:
            self._loop.run_until_complete(asyncio.wait(running, timeout=CLOSE_LIMIT))
        for task in tasks:
            if task.done() and not task.cancelled():
                task.exception()  # retrieved, so that asyncio does not print it


def _mode(adapter: Any) -> Literal["auto", "on", "off"]:
    mode: Literal["auto", "on", "off"] = getattr(adapter, "lifespan", "auto")
    return mode


def _current_loop() -> asyncio.AbstractEventLoop:
    """The event loop that Mangum would use. What the application created during its import may be bound to
    it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            loop = asyncio.get_event_loop()
        except RuntimeError:
            loop = None
    if loop is None or loop.is_closed():
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
    return loop
