"""Work that continues in the background after its deadline."""

import subprocess
import sys
from pathlib import Path

import pytest

from start_up.deadline import begin

IMAGE = Path(__file__).parents[1]


def test_returns_the_result_of_the_work() -> None:
    assert begin(lambda: 42).result(30) == 42


def test_raises_the_exception_of_the_work() -> None:
    def work() -> None:
        raise SystemExit("even this")

    with pytest.raises(SystemExit, match="even this"):
        begin(work).result(30)


def test_a_process_can_end_while_its_work_still_waits() -> None:
    script = "import threading\nfrom start_up.deadline import begin\nbegin(threading.Event().wait)"
    done = subprocess.run([sys.executable, "-c", script], env={"PYTHONPATH": str(IMAGE)}, timeout=30)
    assert done.returncode == 0
