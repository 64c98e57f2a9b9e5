"""The content of a function's log group after its invocations."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from emulator.runner.logs import admits
from emulator.tests.cloud import ACCOUNT, REGION, Cloud, allow
from emulator.tests.staging import (
    GROUP,
    LOGS,
    NAME,
    invoke,
    make_function,
    make_role,
    messages,
    platform,
    stage,
)

TALKATIVE = (
    "import logging, sys\n"
    "print('starting')\n"
    "def handler(event, context):\n"
    "    print('plain')\n"
    "    print('to stderr', file=sys.stderr)\n"
    "    logging.getLogger('app').info('told')\n"
    "    logging.getLogger('app').warning('two\\nlines')\n"
    "    if event:\n        raise ValueError('bad')\n"
)
TEXT = {"LogFormat": "Text", "LogGroup": GROUP}


def deploy(cloud: Cloud, home: Path, code: str = TALKATIVE, **more: Any) -> None:
    make_role(cloud, LOGS)
    make_function(cloud, stage(cloud, home, code), **more)


def records(cloud: Cloud) -> list[dict[str, Any]]:
    """The lines of the function's own logging."""
    return [json.loads(line) for line in messages(cloud) if line.startswith('{"timestamp"')]


def test_the_platform_logs_start_and_end_and_one_cold_start(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home)
    invoke(cloud)
    invoke(cloud)
    assert [record["phase"] for record in platform(cloud, "platform.initStart")] == ["init"]
    assert [record["version"] for record in platform(cloud, "platform.start")] == ["1", "1"]
    first, second = platform(cloud, "platform.report")
    assert first["status"] == "success"
    assert first["metrics"]["initDurationMs"] > 0
    assert "initDurationMs" not in second["metrics"]
    assert set(second["metrics"]) == {"durationMs", "billedDurationMs", "memorySizeMB", "maxMemoryUsedMB"}
    assert second["metrics"]["memorySizeMB"] == 512


def test_the_lines_of_an_invocation_are_between_its_start_and_its_report(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home)
    invoke(cloud)
    lines = messages(cloud)
    kinds = [json.loads(line)["type"] if line.startswith('{"time"') else line for line in lines]
    start, report = kinds.index("platform.start"), kinds.index("platform.report")
    assert kinds.index("starting") < start < kinds.index("plain") < report
    assert start < kinds.index("to stderr") < report


def test_each_line_has_a_unique_id(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home)
    invoke(cloud)
    events = cloud.client("logs").filter_log_events(logGroupName=GROUP)["events"]
    names = {event["eventId"] for event in events}
    assert len(names) == len(events) > 5


def test_logging_is_json_and_printed_text_is_unchanged(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home)
    invoke(cloud)
    told = records(cloud)
    assert [(record["level"], record["message"], record["logger"]) for record in told] == [
        ("INFO", "told", "app"),
        ("WARNING", "two\nlines", "app"),
    ]
    assert all(record["requestId"] == platform(cloud, "platform.start")[0]["requestId"] for record in told)


def test_the_application_level_decides_what_is_logged(cloud: Cloud, home: Path) -> None:
    settings = {"LogFormat": "JSON", "LogGroup": GROUP, "ApplicationLogLevel": "WARN"}
    deploy(cloud, home, LoggingConfig=settings)
    invoke(cloud)
    assert [record["message"] for record in records(cloud)] == ["two\nlines"]


def test_the_system_level_keeps_the_platform_silent_unless_something_fails(cloud: Cloud, home: Path) -> None:
    settings = {"LogFormat": "JSON", "LogGroup": GROUP, "SystemLogLevel": "WARN"}
    deploy(cloud, home, LoggingConfig=settings)
    invoke(cloud)
    assert platform(cloud, "platform.report") == platform(cloud, "platform.start") == []
    invoke(cloud, "bad")
    assert [record["status"] for record in platform(cloud, "platform.report")] == ["error"]


def test_the_text_format_keeps_records_of_several_lines_together(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, LoggingConfig=TEXT)
    invoke(cloud)
    lines = messages(cloud)
    assert any(line.startswith("START RequestId: ") and line.endswith("Version: 1") for line in lines)
    assert any(line.startswith("[WARNING]") and line.endswith("two\nlines") for line in lines)
    report = next(line for line in lines if line.startswith("REPORT"))
    assert re.fullmatch(
        r"REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 512 MB\t"
        r"Max Memory Used: \d+ MB\tInit Duration: [\d.]+ ms",
        report,
    )


def test_an_error_is_logged_with_its_trace_and_reported(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home)
    invoke(cloud, "bad")
    error = records(cloud)[-1]
    assert (error["level"], error["errorType"], error["errorMessage"]) == ("ERROR", "ValueError", "bad")
    report = platform(cloud, "platform.report")[0]
    assert (report["status"], report["errorType"]) == ("error", "ValueError")


def test_a_time_out_is_logged(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, "import time\n\ndef handler(event, context):\n    time.sleep(60)\n", Timeout=1)
    invoke(cloud)
    assert any(line.endswith("Task timed out after 1.00 seconds") for line in messages(cloud))
    report = platform(cloud, "platform.report")[0]
    assert (report["status"], report["metrics"]["durationMs"]) == ("timeout", 1000)


def test_an_environment_has_one_stream_named_after_day_and_version(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home)
    invoke(cloud)
    invoke(cloud)
    streams = cloud.client("logs").describe_log_streams(logGroupName=GROUP)["logStreams"]
    assert len(streams) == 1
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[1\][0-9a-f]{32}", streams[0]["logStreamName"])


def test_a_shared_group_has_the_functions_name_in_the_stream(cloud: Cloud, home: Path) -> None:
    cloud.client("logs").create_log_group(logGroupName="/shared")
    deploy(cloud, home, LoggingConfig={"LogFormat": "JSON", "LogGroup": "/shared"})
    invoke(cloud)
    streams = cloud.client("logs").describe_log_streams(logGroupName="/shared")["logStreams"]
    assert re.fullmatch(rf"\d{{4}}/\d\d/\d\d/{NAME}\[1\][0-9a-f]{{32}}", streams[0]["logStreamName"])


def test_a_role_that_may_not_log_leaves_no_line(cloud: Cloud, home: Path) -> None:
    elsewhere = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/another:*"
    make_role(cloud, allow(["logs:CreateLogStream", "logs:PutLogEvents"], elsewhere))
    make_function(cloud, stage(cloud, home, TALKATIVE))
    assert invoke(cloud).error is None
    assert messages(cloud) == []


def test_neither_event_nor_response_is_logged(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, "def handler(event, context):\n    return 'answer-of-it'\n")
    invoke(cloud, "event-of-it")
    log = "".join(messages(cloud))
    assert "event-of-it" not in log
    assert "answer-of-it" not in log


def test_invocations_are_counted_with_the_dimensions_of_aws(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home)
    invoke(cloud)
    invoke(cloud, "bad")

    def total(metric: str, **dimensions: str) -> float:
        return cloud.total("AWS/Lambda", metric, dimensions)

    of_alias = {"FunctionName": NAME, "Resource": f"{NAME}:live"}
    assert total("Invocations", FunctionName=NAME) == 2
    assert total("Errors", FunctionName=NAME) == 1
    assert total("Throttles", FunctionName=NAME) == 0
    assert total("Invocations", **of_alias) == total("Invocations", **of_alias, ExecutedVersion="1") == 2
    assert total("Duration", **of_alias) > 0
    assert total("ConcurrentExecutions", FunctionName=NAME) == 2


def _line(level: object, timestamp: object = "2026-11-23T22:57:52Z") -> str:
    return json.dumps({"timestamp": timestamp, "level": level, "message": "m"})


@pytest.mark.parametrize(
    ("level", "line", "kept"),
    [
        ("WARN", _line("WARN"), True),
        ("WARN", _line("ERROR", "2026-11-23T22:57:52.123+01:00"), True),
        ("WARN", _line("INFO"), False),
        ("WARN", _line("WARNING"), False),
        ("WARN", _line("ERROR", "yesterday"), False),
        ("WARN", _line(None), False),
        ("WARN", "plain words", True),
        ("WARN", "7", True),
        ("INFO", _line("WARNING"), True),
        ("INFO", _line("DEBUG"), False),
        ("DEBUG", _line("debug"), True),
    ],
)
def test_a_line_is_kept_or_dropped_by_its_level_like_on_lambda(level: str, line: str, kept: bool) -> None:
    assert admits(level, line) is kept


def test_printed_lines_below_the_level_are_dropped(cloud: Cloud, home: Path) -> None:
    """A backend prints WARNING if it uses Python's name for Lambda's level WARN."""
    code = f"def handler(event, context):\n    print({_line('WARNING')!r})\n    print({_line('WARN')!r})\n"
    settings = {"LogFormat": "JSON", "LogGroup": GROUP, "ApplicationLogLevel": "WARN"}
    deploy(cloud, home, code, LoggingConfig=settings)
    invoke(cloud)
    assert [record["level"] for record in records(cloud)] == ["WARN"]
