"""Keeps the lifespan of a Mangum adapter's application open between invocations.

Mangum itself opens and closes it in every one, with all the connections that the application makes in it.
https://mangum.fastapiexpert.com/lifespan/
"""

import asyncio
import copy
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any, Literal

from start_up.failure import StartUpError
from start_up.log import log

Handler = Callable[[Any, Any], Any]
CLOSE_LIMIT = 1.0
"""How long a lifespan may take to close or to give up, in seconds: the request waits meanwhile."""


class LifespanError(StartUpError):
    """The application's lifespan did not start, so this invocation fails; the next one tries again."""


def clock() -> tuple[float, float]:
    """Two clocks: one may stand still while the environment is frozen, the other may be set."""
    return time.monotonic(), time.time()


def adapter_of(handler: Handler) -> Any | None:
    """The handler, if it is a Mangum adapter that opens its application's lifespan."""
    mangum = sys.modules.get("mangum")
    kind = getattr(mangum, "Mangum", None)
    return (
        handler if isinstance(kind, type) and isinstance(handler, kind) and _mode(handler) != "off" else None
    )


def unsupported(adapter: Any) -> str | None:
    """What of Mangum this module uses and the installed one lacks, if anything."""
    for name in ("app", "lifespan"):
        if not hasattr(adapter, name):
            return f"Mangum.{name}"
    try:
        from mangum.protocols import LifespanCycle
    except ImportError:
        return "mangum.protocols.LifespanCycle"
    for name in ("run", "startup", "shutdown"):
        if not hasattr(LifespanCycle, name):
            return f"LifespanCycle.{name}"
    return None


class KeptLifespan:
    """Calls a Mangum adapter with the lifespan of its application already open."""

    def __init__(
        self,
        adapter: Any,
        *,
        start_limit: float,
        pause_limit: float,
        opened: Callable[[float], None] = lambda seconds: None,
        redacted: Callable[[str], str] = lambda text: text,
        now: Callable[[], tuple[float, float]] = clock,
    ) -> None:
        """Limits are in seconds. `opened` is told how long each successful start took."""
        self._application = adapter.app
        self._mode = _mode(adapter)
        self._adapter = copy.copy(adapter)
        self._adapter.lifespan = "off"
        self._adapter.app = self._with_state
        self._start_limit = start_limit
        self._pause_limit = pause_limit
        self._opened = opened
        self._redacted = redacted
        self._now = now
        self._used = now()
        self._loop = _current_loop()
        self._cycle: Any = None
        self._task: asyncio.Task[None] | None = None

    def __call__(self, event: Any, context: Any) -> Any:
        asyncio.set_event_loop(self._loop)
        if self._cycle is not None and self._pause() > self._pause_limit:
            self._close()
        if self._cycle is None:
            self._open()
        try:
            return self._adapter(event, context)
        finally:
            self._used = self._now()

    async def _with_state(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        # Mangum gives each request a copy of what the lifespan has put into its state.
        scope["state"] = self._cycle.lifespan_state.copy()
        await self._application(scope, receive, send)

    def _pause(self) -> float:
        return max(now - used for now, used in zip(self._now(), self._used, strict=True))

    def _open(self) -> None:
        from mangum.protocols import LifespanCycle

        started = time.monotonic()
        cycle = LifespanCycle(self._application, self._mode)
        task = self._loop.create_task(cycle.run())
        try:
            self._loop.run_until_complete(asyncio.wait_for(cycle.startup(), self._start_limit))
        except TimeoutError:
            self._abandon(task)
            self._fail(f"did not start within {self._start_limit:g} s", started)
        except Exception as error:
            self._abandon(task)
            self._fail(f"failed to start: {self._redacted(_last_line(error))}", started)
        self._cycle, self._task = cycle, task
        self._opened(time.monotonic() - started)

    def _fail(self, what: str, started: float) -> None:
        message = f"the application's lifespan {what}"
        log("ERROR", message, step="lifespan start", milliseconds=round((time.monotonic() - started) * 1000))
        raise LifespanError(message) from None

    def _close(self) -> None:
        cycle, task = self._cycle, self._task
        self._cycle = self._task = None
        try:
            self._loop.run_until_complete(asyncio.wait_for(cycle.shutdown(), CLOSE_LIMIT))
        except Exception as error:
            # What is closed here is given up anyway: connections that may have been dropped unseen.
            reason = "took too long" if isinstance(error, TimeoutError) else self._redacted(_last_line(error))
            log("WARNING", f"the application's lifespan did not close: {reason}", step="lifespan close")
        finally:
            if task is not None:
                self._abandon(task)

    def _abandon(self, task: "asyncio.Task[None]") -> None:
        task.cancel()
        self._loop.run_until_complete(asyncio.wait({task}, timeout=CLOSE_LIMIT))


def _mode(adapter: Any) -> Literal["auto", "on", "off"]:
    mode: Literal["auto", "on", "off"] = getattr(adapter, "lifespan", "auto")
    return mode


def _last_line(error: BaseException) -> str:
    """Starlette puts a whole traceback into the failure; its last line is the error."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return lines[-1].strip() if lines else type(error).__name__


def _current_loop() -> asyncio.AbstractEventLoop:
    """The loop that Mangum would use: what the application made while it was imported may be bound to it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            return asyncio.get_event_loop()
        except RuntimeError:
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            return loop
