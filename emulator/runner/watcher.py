"""Ends the processes of the environments when this server has ended, even by SIGKILL.

A frozen process cannot do that itself. So one process outside of all sessions reads a pipe whose other end
only the server holds. When the pipe closes, it ends the processes that it knows.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

logger = logging.getLogger("emulator.runner")


class Watcher:
    """The server's side."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is deleted at the end."""
        arguments = [] if folder is None else [str(folder)]
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, *arguments],
            stdin=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )

    def watch(self, group: int, ending: Sequence[str]) -> None:
        """End this process group with the server, and run the command `ending` if there is one."""
        self._tell({"group": group, "ending": list(ending)})

    def forget(self, group: int) -> None:
        """The group has ended, so its id may be reused."""
        self._tell({"group": group})

    def close(self) -> None:
        """Let the process end, and wait for it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: dict[str, object]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(line).encode() + b"\n")
        except BrokenPipeError:
            logger.error(
                "process %d, which ends the functions with this server, is gone: "
                "end this server by SIGTERM, or they stay behind",
                self._process.pid,
            )


def _end_all(lines: Iterable[str]) -> None:
    """Read to the end, then end what is left."""
    watched: dict[int, list[str]] = {}
    for line in lines:
        told = json.loads(line)
        watched.pop(told["group"], None)
        if "ending" in told:
            watched[told["group"]] = told["ending"]
    for group, ending in watched.items():
        with contextlib.suppress(ProcessLookupError):  # all of them have ended
            os.killpg(group, signal.SIGKILL)
        if ending:
            quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            subprocess.run(ending, check=False, **quiet)


if __name__ == "__main__":
    _end_all(sys.stdin)
    for folder in sys.argv[1:]:
        shutil.rmtree(folder, ignore_errors=True)
