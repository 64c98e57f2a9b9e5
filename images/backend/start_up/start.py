"""The order of a start: parameters, the backend, its lifespan, one line in the log."""

import importlib
import os
import time
import tomllib
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from start_up.configuration import Configuration, read_configuration
from start_up.failure import StartUpError
from start_up.lifespan import Handler, KeptLifespan, adapter_of, unsupported
from start_up.log import log, redact
from start_up.origin import without_header
from start_up.parameters import Loaded, load


class _ColdStart:
    """What one start took, and the one line that says so."""

    def __init__(self) -> None:
        self._mark = time.monotonic()
        self._milliseconds: dict[str, int] = {}
        self._reported = False

    def took(self, phase: str) -> None:
        now = time.monotonic()
        self._milliseconds[phase] = round((now - self._mark) * 1000)
        self._mark = now

    def report(self, configuration: Configuration, loaded: Loaded, lifespan: float | None = None) -> None:
        """Logs the line, once. `lifespan` is how long the application's took to start, in seconds."""
        if self._reported:
            return
        self._reported = True
        if lifespan is not None:
            self._milliseconds["lifespan"] = round(lifespan * 1000)
        log(
            "INFO",
            "cold start",
            secrets=len(loaded.secrets),
            calls=loaded.calls,
            milliseconds=self._milliseconds,
            digest=configuration.digest,
            version=_version(),
        )


def start() -> Handler:
    """The handler that the runtime calls.

    Raises whatever keeps the backend from starting, after a line in the log and without a secret.
    """
    cold_start = _ColdStart()
    try:
        configuration = read_configuration(os.environ)
        loaded = load(configuration, os.environ)
    except StartUpError as error:
        log("ERROR", str(error), step="parameters")
        raise
    cold_start.took("parameters")
    handler = _import_handler(configuration.handler, loaded.secrets)
    cold_start.took("import")
    adapter = _adapter_to_keep(handler, configuration)
    if adapter is None:
        cold_start.report(configuration, loaded)
    else:
        handler = KeptLifespan(
            adapter,
            start_limit=configuration.start_limit,
            pause_limit=configuration.pause_limit,
            opened=lambda seconds: cold_start.report(configuration, loaded, seconds),
            redacted=lambda text: redact(text, loaded.secrets),
        )
    return without_header(handler, configuration.origin_header)


def _adapter_to_keep(handler: Handler, configuration: Configuration) -> Any | None:
    adapter = adapter_of(handler) if configuration.lifespan == "environment" else None
    if adapter is not None and (lacking := unsupported(adapter)):
        log(
            "WARNING",
            f"this Mangum has no {lacking}: the lifespan is opened in every invocation",
            step="lifespan",
        )
        return None
    return adapter


def _import_handler(name: str, secrets: Mapping[str, str]) -> Handler:
    module, _, attribute = name.rpartition(".")
    try:
        handler: Handler = getattr(importlib.import_module(module), attribute)
    except Exception as error:
        text = "".join(traceback.format_exception(error))
        # A library may quote the value that it refuses. AttributeError would be taken for a missing handler.
        if redact(text, secrets) == text and not isinstance(error, AttributeError):
            log("ERROR", f"importing {module} failed: {type(error).__name__}", step="import")
            raise
        message = f"{name} cannot be imported: {type(error).__name__}: {redact(str(error), secrets)}"
        log("ERROR", message, step="import")
        raise StartUpError(message) from None
    if not callable(handler):
        raise StartUpError(f"{name} is no function; KAIROS_HANDLER must name the backend's handler")
    return handler


def _version() -> str | None:
    """The backend's version: its pyproject.toml lies beside it, in the image and wherever else it runs."""
    path = Path("pyproject.toml")
    if not path.is_file():
        return None
    version = tomllib.loads(path.read_text(encoding="utf-8")).get("project", {}).get("version")
    return version if isinstance(version, str) else None
