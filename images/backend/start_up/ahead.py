"""Imports packages that need no secret while the secrets are read."""

import hashlib
import importlib
import json
import sys
import threading
from pathlib import Path
from typing import NamedTuple, Protocol

RECORDED = Path("imports.json")
"""The list of record.py from the build of the image. Like the lock file, it is next to the application."""
LOCK = Path("poetry.lock")


class Reading(Protocol):
    @property
    def over(self) -> bool:
        """Whether there is nothing more to wait for."""

    @property
    def failed(self) -> bool:
        """Whether it has failed, or has exceeded the deadline."""


class Recorded(NamedTuple):
    modules: list[str]
    """The modules that may be imported before the secrets are read."""
    files: dict[str, str]
    """The source file of every other module that the application imports: its bytecode may be read."""


def recorded() -> Recorded:
    """What record.py recorded of this application; nothing without a list, or if the lock file has changed.

    The backend may have a file with the same name. A file that record.py has not written is ignored.
    """
    nothing = Recorded([], {})
    if not (RECORDED.is_file() and LOCK.is_file()):
        return nothing
    try:
        found = json.loads(RECORDED.read_bytes())
    except ValueError:
        return nothing
    match found:
        case {"lock": lock, "modules": [*modules], "files": {**files}} if all(
            isinstance(text, str) for text in (*modules, *files.values())
        ):
            right = lock == hashlib.sha256(LOCK.read_bytes()).hexdigest()
            return Recorded(modules, files) if right else nothing
    return nothing


def import_ahead(modules: list[str], reading: Reading) -> None:
    """Imports the modules one after the other until the secrets are read. The application imports the rest.

    Raises nothing: the application imports a failed module again, and that reports the error.
    """
    alarm = _Alarm(reading)
    sys.meta_path.insert(0, alarm)
    try:
        for name in modules:
            if reading.over:
                return
            importlib.import_module(name)
    except BaseException:
        return
    finally:
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not alarm]


class _Failed(BaseException):
    """Not an Exception, so that no module catches it as one of its own errors."""


class _Alarm:
    """A finder that finds nothing. It stops the import of a large package when the secrets cannot be read."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._thread = threading.get_ident()

    def find_spec(self, name: str, path: object, target: object = None) -> None:
        if self._reading.failed and threading.get_ident() == self._thread:
            raise _Failed
