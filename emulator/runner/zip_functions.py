"""Functions from zip files stay in MiniStack's workers. Their logs, variables and end are corrected."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any
from weakref import WeakSet

from emulator.runner.logs import LogStream, timestamp
from emulator.runner.version import Outcome, Version
from emulator.serving import metrics

_LEVELS = {"TRACE": 0, "DEBUG": 1, "INFO": 2, "WARN": 3, "ERROR": 4, "FATAL": 5}
_streams: dict[Version, LogStream] = {}

# The variables that a worker needs from the server. All others would leak into the function.
_NEEDED = ("PATH", "TMPDIR", "LANG", "GATEWAY_PORT")


class _OsOfWorkers:
    """The module `os` with a minimal `environ`."""

    @property
    def environ(self) -> dict[str, str]:
        return {name: os.environ[name] for name in _NEEDED if name in os.environ}

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)


def execute(
    inner: Callable[[dict[str, Any], Any], dict[str, Any]], record: dict[str, Any], event: Any
) -> dict[str, Any]:
    """Run an invocation and count it."""
    config = record.get("config") or record
    began = time.monotonic()
    result = inner(record, event)
    outcome = Outcome(b"", failed=bool(result.get("error")), throttled=bool(result.get("throttle")))
    metrics.invocation(Version.of(config), config["FunctionArn"], outcome, time.monotonic() - began, 1)
    return result


def install(lambda_svc: ModuleType) -> None:
    from ministack.core import lambda_runtime

    lambda_svc._emit_lambda_logs = write_log
    # The module creates a worker's environment from `os.environ` and the function's variables.
    lambda_runtime.os = _OsOfWorkers()
    _end_between_invocations(lambda_runtime)


def _end_between_invocations(lambda_runtime: ModuleType) -> None:
    """An update or a deletion ends a worker after its invocation. MiniStack ends it during the invocation.

    On AWS, a running invocation keeps the code and the configuration with which it began.
    https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
    """
    end, invoke = lambda_runtime.kill_workers, lambda_runtime.Worker.invoke
    outdated: WeakSet[Any] = WeakSet()

    def end_workers(workers: Iterable[Any]) -> None:
        known = [worker for worker in workers if worker is not None]
        outdated.update(known)
        # A worker holds its lock for the whole invocation.
        idle = [worker for worker in known if worker._lock.acquire(blocking=False)]
        try:
            end(idle)
        finally:
            for worker in idle:
                worker._lock.release()

    def invoke_to_the_end(self: Any, *arguments: Any, **named: Any) -> Any:
        try:
            return invoke(self, *arguments, **named)
        finally:
            if self in outdated:
                end_workers([self])

    lambda_runtime.kill_workers = end_workers
    lambda_runtime.Worker.invoke = invoke_to_the_end


def write_log(
    record: dict[str, Any],
    request_id: str,
    text: str,
    error: bool,
    duration: int,
    *,
    log_source: str | None = None,
) -> None:
    """One stream per version, in the function's format and with its levels. MiniStack writes text to a new
    stream for each invocation and creates a log group that was not deployed.

    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html
    """
    version = Version.of(record.get("config") or record)
    stream = _streams.setdefault(version, LogStream(version))
    stream.started(request_id)
    for line in filter(None, (text or "").splitlines()):
        if version.log_format != "JSON":
            stream.printed(time.time(), line)
            continue
        level = "ERROR" if error else "INFO"
        if _LEVELS[level] >= _LEVELS[version.application_level]:
            now = time.time()
            entry = {"timestamp": timestamp(now), "level": level, "requestId": request_id, "message": line}
            stream.printed(now, json.dumps(entry))
    stream.reported(request_id, duration / 1000, None, 0, "error" if error else "success", None)
