"""Runs a module as `python -m` does, and ends its whole process group when the server is gone.

    python guard.py DESCRIPTOR MODULE [ARGUMENT...]

The descriptor is the read end of a pipe that only the server holds the other end of: it closes however the
server ends, also by SIGKILL, and whatever the function is doing.
"""

import os
import runpy
import signal
import sys
import threading


def _end_with(descriptor: int) -> None:
    os.read(descriptor, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=_end_with, args=(int(sys.argv[1]),), daemon=True).start()
    del sys.argv[:2]
    sys.path[0] = os.getcwd()  # noqa: PTH109 - nothing is imported here that the function may not have itself
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
