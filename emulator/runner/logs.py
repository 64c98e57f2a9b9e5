"""An environment's log stream, in the function's format.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html
https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
"""

from __future__ import annotations

import json
import re
import time
import uuid
from datetime import datetime, timezone
from typing import Any

from emulator.corrections import metric_filters
from emulator.runner.version import Version

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")


class LogStream:
    """The log stream of an environment. If the role may not write it, nothing is written, as on AWS."""

    def __init__(self, version: Version, writable: bool = True) -> None:
        self._version = version
        self._writable = writable
        today = datetime.now(timezone.utc).strftime("%Y/%m/%d")
        # Several functions may share a log group that does not belong to one function.
        default = version.log_group == f"/aws/lambda/{version.function}"
        owner = "" if default else version.function
        self.name = f"{today}/{owner}[{version.number}]{uuid.uuid4().hex}"

    def printed(self, moment: float, message: str) -> None:
        """What the function wrote to its standard streams, unless the function's log level filters it."""
        version = self._version
        if version.log_format != "JSON" or admits(version.application_level, message):
            self._put(moment, message)

    def logged(self, moment: float, message: str) -> None:
        """What the runtime wrote to its own channel. It has applied the level itself, with Python's names."""
        self._put(moment, message)

    def init_started(self) -> None:
        record = {
            "initializationType": "on-demand",
            "phase": "init",
            "functionName": self._version.function,
            "functionVersion": self._version.number,
        }
        if self._version.log_format == "JSON":
            self._platform("INFO", "platform.initStart", record)

    def init_timed_out(self, seconds: float) -> None:
        if self._version.log_format == "JSON":
            record = {
                "initializationType": "on-demand",
                "phase": "init",
                "status": "timeout",
                "metrics": {"durationMs": seconds * 1000},
            }
            self._platform("WARN", "platform.initReport", record)
        else:
            duration = f"INIT_REPORT Init Duration: {seconds * 1000:.2f} ms"
            self._put(time.time(), f"{duration}\tPhase: init\tStatus: timeout")

    def started(self, request_id: str) -> None:
        if self._version.log_format == "JSON":
            record = {"requestId": request_id, "version": self._version.number}
            self._platform("INFO", "platform.start", record)
        else:
            self._put(time.time(), f"START RequestId: {request_id} Version: {self._version.number}")

    def timed_out(self, request_id: str) -> None:
        seconds = f"{self._version.timeout:.2f}"
        now = time.time()
        self._put(now, f"{timestamp(now)} {request_id} Task timed out after {seconds} seconds")

    def reported(
        self, request_id: str, seconds: float, init: float | None, memory: int, status: str, error: str | None
    ) -> None:
        """`seconds` is the invocation's duration, `init` the cold start's, `memory` the most used, in MiB."""
        if self._version.log_format == "JSON":
            self._report_json(request_id, seconds, init, memory, status, error)
        else:
            self._report_text(request_id, seconds, init, memory, status, error)

    def _report_json(
        self, request_id: str, seconds: float, init: float | None, memory: int, status: str, error: str | None
    ) -> None:
        metrics: dict[str, Any] = {
            "durationMs": round(seconds * 1000, 3),
            "billedDurationMs": _billed(seconds + (init or 0)),
            "memorySizeMB": self._version.memory,
            "maxMemoryUsedMB": memory,
        }
        if init is not None:
            metrics["initDurationMs"] = round(init * 1000, 3)
        record: dict[str, Any] = {"requestId": request_id, "metrics": metrics, "status": status}
        if error:
            record["errorType"] = error
        self._platform("INFO" if status == "success" else "WARN", "platform.report", record)

    def _report_text(
        self, request_id: str, seconds: float, init: float | None, memory: int, status: str, error: str | None
    ) -> None:
        self._put(time.time(), f"END RequestId: {request_id}")
        parts = [
            f"REPORT RequestId: {request_id}",
            f"Duration: {seconds * 1000:.2f} ms",
            f"Billed Duration: {_billed(seconds + (init or 0))} ms",
            f"Memory Size: {self._version.memory} MB",
            f"Max Memory Used: {memory} MB",
        ]
        if init is not None:
            parts.append(f"Init Duration: {init * 1000:.2f} ms")
        if status != "success":
            parts.append(f"Status: {status}")
        if error:
            parts.append(f"Error Type: {error}")
        self._put(time.time(), "\t".join(parts))

    def _platform(self, level: str, kind: str, record: dict[str, Any]) -> None:
        if _LEVELS.index(level) < _LEVELS.index(self._version.system_level):
            return
        now = time.time()
        self._put(now, json.dumps({"time": timestamp(now), "type": kind, "record": record}))

    def _put(self, moment: float, message: str) -> None:
        if self._writable:
            version = self._version
            write_events(version.account, version.region, version.log_group, self.name, [(moment, message)])


def admits(level: str, message: str) -> bool:
    """Whether Lambda keeps a line of a function that logs JSON at this level. A line that is not an object is
    kept.

    "Lambda assigns the level INFO" to an object without a valid level or an RFC 3339 timestamp, and WARNING
    is not a valid level:
    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
    """
    try:
        found = json.loads(message)
    except ValueError:
        return True
    if not isinstance(found, dict):
        return True
    said = str(found.get("level")).upper()
    valid = said in _LEVELS and _RFC_3339.fullmatch(str(found.get("timestamp")))
    return _LEVELS.index(said if valid else "INFO") >= _LEVELS.index(level)


def _billed(seconds: float) -> int:
    return max(1, -int(-seconds * 1000 // 1))


def timestamp(moment: float) -> str:
    """ISO 8601 with milliseconds, as AWS writes it."""
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def write_events(account: str, region: str, group: str, stream: str, events: list[tuple[float, str]]) -> None:
    """Append events to a stream, which is created if needed. Without a log group they are lost."""
    from ministack.core.responses import request_scope
    from ministack.services import cloudwatch_logs

    with request_scope(account, region):
        found = cloudwatch_logs._log_groups.get(group)
        if found is None:
            return
        now = int(time.time() * 1000)
        kept = found["streams"].setdefault(
            stream,
            {
                "events": [],
                "uploadSequenceToken": "1",
                "creationTime": now,
                "firstEventTimestamp": None,
                "lastEventTimestamp": None,
                "lastIngestionTime": None,
            },
        )
        # MiniStack sorts by the timestamp only, so events with the same time must be appended in order.
        entries = [
            # Each line has an id, by which a reader recognizes a line that it has already printed.
            {
                "timestamp": int(moment * 1000),
                "message": text,
                "ingestionTime": now,
                "eventId": str(uuid.uuid4()),
            }
            for moment, text in events
        ]
        cloudwatch_logs._append_log_events(kept, entries)
        metric_filters.count(group, (text for _, text in events))
        if found.get("subscriptionFilters"):
            plain = [{"timestamp": entry["timestamp"], "message": entry["message"]} for entry in entries]
            cloudwatch_logs._fanout_to_subscription_filters(group, stream, plain)
