"""The order of a start: secrets and the imports that need none, the backend, its lifespan, one line in the
log.
"""

import importlib
import os
import time
from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

from start_up.configuration import Configuration, read_configuration
from start_up.failure import ADVICE, StartUpError, kind_of, named_in, trace
from start_up.log import log
from start_up.parameters import Loaded, begin_loading

if TYPE_CHECKING:
    from start_up.guard import Handler


class _ColdStart:
    """The durations of one start, and the line that logs them."""

    def __init__(self) -> None:
        self._mark = time.monotonic()
        self._milliseconds: dict[str, int] = {}
        self._reported = False

    def lap(self) -> float:
        """The time since the last lap, in seconds."""
        now = time.monotonic()
        seconds, self._mark = now - self._mark, now
        return seconds

    def took(self, phase: str, seconds: float) -> None:
        self._milliseconds[phase] = round(seconds * 1000)

    def report(self, configuration: Configuration, loaded: Loaded, lifespan: float | None = None) -> None:
        """Logs the line, once. `lifespan` is the start of the application's lifespan, in seconds."""
        if self._reported:
            return
        self._reported = True
        if lifespan is not None:
            self.took("lifespan", lifespan)
        log(
            "INFO",
            "cold start",
            secrets=len(loaded.secrets),
            calls=loaded.calls,
            milliseconds=self._milliseconds,
            digest=configuration.digest,
            version=_version(),
        )


def start() -> "Handler":
    """The handler that the runtime calls.

    If something prevents the backend from starting, it writes a line to the log and raises StartUpError. No
    error of the backend is passed on, because its message may contain a secret.
    """
    cold_start = _ColdStart()
    with ExitStack() as stack:
        try:
            configuration = read_configuration(os.environ)
            loading = begin_loading(configuration, os.environ)
            cold_start.lap()
            # Only now, so that the request for the secrets does not wait for these imports.
            from start_up.meanwhile import meanwhile

            stack.enter_context(meanwhile(loading))
            ahead = cold_start.lap()
            loaded = loading.finish()
        except StartUpError as error:
            log("ERROR", str(error), step="secrets")
            raise
        except Exception as error:
            fault = f"the secrets cannot be read: {kind_of(error)}"
            log("ERROR", fault, step="secrets", trace=trace(error))
            raise StartUpError(fault) from None
        cold_start.lap()
        handler = _import_handler(configuration.handler, loaded.secrets)
    cold_start.took("secrets", loading.seconds)
    cold_start.took("import", ahead + cold_start.lap())
    cold_start.took("overlap", min(ahead, loading.seconds))
    from start_up.serving import serve

    return serve(handler, configuration, lambda seconds: cold_start.report(configuration, loaded, seconds))


def _import_handler(name: str, secrets: Mapping[str, str]) -> "Handler":
    module, _, attribute = name.rpartition(".")
    try:
        handler: Handler | None = getattr(importlib.import_module(module), attribute, None)
    except BaseException as error:  # an application may refuse a setting with sys.exit
        hints = named_in(error, os.environ, secrets)
        about = f" about {', '.join(hints)}" if hints else ""
        fault = f"{name} cannot be imported: {kind_of(error)}{about}; {ADVICE}"
        frames = trace(error)
    else:
        if callable(handler):
            return handler
        lacking = f"{name} is not there; give {module} one: {attribute} = Mangum(app)"
        wrong = f"{name} is not a function; KAIROS_HANDLER must name the backend's handler"
        fault, frames = lacking if handler is None else wrong, []
    log("ERROR", fault, step="import", trace=frames)
    raise StartUpError(fault)


def _version() -> str | None:
    """The backend's version. Its pyproject.toml is next to it, in the image and everywhere else."""
    import tomllib
    from pathlib import Path

    path = Path("pyproject.toml")
    if not path.is_file():
        return None
    try:
        pyproject = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None  # a missing log line must not fail a request
    match pyproject:
        case {"project": {"version": str(version)}}:
            return version
    return None
