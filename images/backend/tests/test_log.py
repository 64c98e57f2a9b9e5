"""The log: one line of JSON, and no secret."""

import itertools
import json
import re
import sys
import time
from datetime import UTC, datetime

import pytest

from start_up.log import log

# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
LAMBDA_LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")


def test_writes_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    log("ERROR", "two\nlines", step="start")
    (line,) = capsys.readouterr().out.splitlines()
    written = json.loads(line)
    assert datetime.fromisoformat(written.pop("timestamp")).tzinfo == UTC
    assert written == {"level": "ERROR", "message": "two\nlines", "step": "start"}


@pytest.mark.parametrize(("fraction", "written"), [(0.0475, "01.047"), (0.9995, "01.999")])
def test_has_a_timestamp_in_milliseconds(
    fraction: float, written: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_795_521_601 + fraction)
    log("INFO", "x")
    assert json.loads(capsys.readouterr().out)["timestamp"] == f"2026-11-24T12:00:{written}Z"


def test_a_line_is_flushed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is frozen or killed right after it would keep the line in its buffer."""
    seen: list[str] = []

    class Output:
        def write(self, text: str) -> None:
            seen.append("written")

        def flush(self) -> None:
            seen.append("flushed")

    monkeypatch.setattr(sys, "stdout", Output())
    log("INFO", "x")
    assert seen[-1] == "flushed"


def test_every_line_passes_every_filter_of_lambda(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for least, given in itertools.product(LAMBDA_LEVELS, ("INFO", "WARN", "ERROR")):
        monkeypatch.setenv("AWS_LAMBDA_LOG_LEVEL", least)
        log(given, "x")
        written = json.loads(capsys.readouterr().out)
        assert arrives(written, least), (least, given)


@pytest.mark.parametrize("least", ["", "TRACE", "INFO", "WARNING"])
def test_has_its_own_level_if_the_filter_accepts_it(
    least: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_LOG_LEVEL", least)
    log("WARN", "x")
    assert json.loads(capsys.readouterr().out)["level"] == "WARN"


def arrives(line: dict[str, str], least: str) -> bool:
    """How Lambda reads a line: without a level that it knows, or without a timestamp of RFC 3339, the level
    is INFO.
    """
    stamp = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", line["timestamp"])
    level = line["level"] if line["level"] in LAMBDA_LEVELS and stamp else "INFO"
    return LAMBDA_LEVELS.index(level) >= LAMBDA_LEVELS.index(least)
