"""What Lambda stops: an init phase that takes too long, and a process that needs too much memory."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from emulator import seams
from emulator.runner import environment as environments
from emulator.runner import incidents
from emulator.runner.credentials import Credentials
from emulator.runner.environment import Environment
from emulator.runner.images import Built
from emulator.runner.interpreter import Place
from emulator.runner.logs import LogStream
from emulator.runner.version import Outcome
from emulator.runner.watcher import Watcher
from emulator.tests.cloud import Cloud
from emulator.tests.staging import invoke, messages
from emulator.tests.test_runner import deploy
from emulator.tests.test_runner_environment import VERSION, context, invocation, place

__all__ = ["context", "place"]

linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell the memory so")
GREEDY = "def handler(event, context):\n    return len(bytes([1]) * (event * 1024 * 1024))\n"


class Log(LogStream):
    """Stores the lines of the log."""

    def __init__(self) -> None:
        super().__init__(VERSION)
        self.lines: list[str] = []

    def _put(self, moment: float, message: str) -> None:
        self.lines.append(message)


def slow(place: Place, folder: Path, code: str) -> Place:
    """The installed backend, with another application."""
    (folder / "slow.py").write_text(code)
    return replace(place, task=folder)


def run(place: Place, log: LogStream) -> Outcome:
    """Start an environment and invoke it. Returns the response, or why it did not start."""

    async def steps() -> Outcome:
        watcher = Watcher()
        keys = Credentials("key", "secret", "token", time.time() + 3600)
        environment = Environment(VERSION, Built(place, ("slow.handler",)), keys, log)
        try:
            failure = await environment.start("http://127.0.0.1:1", watcher)
            return failure or await environment.invoke(invocation("a"))
        finally:
            await environment.close()
            watcher.close()

    return asyncio.run(steps())


def test_an_init_that_takes_too_long_is_started_again(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second attempt finds a file that the first one has written below /tmp, the only writable folder."""
    written = TemporaryDirectory(dir="/tmp")
    code = (
        f"import pathlib, time\nmark = pathlib.Path({written.name!r}, 'mark')\n"
        "if not mark.exists():\n    mark.touch()\n    time.sleep(600)\n"
        "def handler(event, context):\n    return 'second'\n"
    )
    monkeypatch.setattr(environments, "INIT_LIMIT", 3)
    log = Log()
    with written:
        assert run(slow(place, tmp_path, code), log).payload == b'"second"'
    reports = [json.loads(line) for line in log.lines if "platform.initReport" in line]
    assert [(r["record"]["status"], r["record"]["metrics"]["durationMs"]) for r in reports] == [
        ("timeout", 3000)
    ]


def test_an_init_has_the_ten_seconds_that_aws_gives() -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib"""
    assert environments.INIT_LIMIT == 10


def test_the_status_and_the_log_report_a_repeated_init(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    incidents.install()

    def told() -> int:
        return seams.status()["incidents"].get(f"{VERSION.function} initTimeout", 0)

    monkeypatch.setattr(environments, "INIT_LIMIT", 0.2)
    before = told()
    run(slow(place, tmp_path, "import time\ntime.sleep(600)\n"), Log())
    assert told() == before + 1
    assert "the init phase took longer than 0.2 s and is started again" in caplog.text


def test_a_second_slow_init_is_a_time_out_of_the_invocation(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "INIT_LIMIT", 0.2)
    found = json.loads(run(slow(place, tmp_path, "import time\ntime.sleep(600)\n"), Log()).payload)
    assert found["errorType"] == "Sandbox.Timedout"
    assert found["errorMessage"] == f"Error: Task timed out after {VERSION.timeout:.2f} seconds"


def killed(cloud: Cloud) -> int:
    """How many environments have used too much memory, according to the status."""
    found: int = cloud.status()["incidents"].get("kairos-prod outOfMemory", 0)
    return found


@linux
def test_a_function_over_its_memory_is_killed_before_its_time_out(cloud: Cloud, home: Path) -> None:
    code = "import time\ndef handler(event, context):\n    held = b'1' * 300_000_000\n    time.sleep(600)\n"
    deploy(cloud, home, code, MemorySize=128)
    assert invoke(cloud).answer["errorMessage"].endswith("signal: killed")


@linux
def test_a_function_over_its_memory_is_killed_and_the_status_reports_it(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, GREEDY, MemorySize=128)
    before = killed(cloud)
    assert (invoke(cloud, 1).error, killed(cloud)) == (None, before)
    found = invoke(cloud, 300)
    assert found.answer["errorType"] == "Runtime.ExitError"
    assert found.answer["errorMessage"].endswith("Runtime exited with error: signal: killed")
    assert invoke(cloud, 1).error is None
    assert killed(cloud) == before + 1
    assert "Runtime.ExitError" in "".join(messages(cloud))
