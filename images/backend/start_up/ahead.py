"""Imports what needs no secret while the secrets are being read."""

import hashlib
import importlib
import json
import sys
import threading
from pathlib import Path
from typing import Protocol

RECORDED = Path("imports.json")
"""What record.py listed when the image was built; it lies beside the application, as the lock file does."""
LOCK = Path("poetry.lock")


class Reading(Protocol):
    @property
    def over(self) -> bool:
        """Whether there is nothing to wait for any more."""

    @property
    def failed(self) -> bool:
        """Whether it has brought nothing, or is past the deadline."""


def recorded_modules() -> list[str]:
    """The modules that may be imported ahead; none without a list, or with that of another lock.

    A file of the backend's own may have the same name: what record.py has not written is no list.
    """
    if not (RECORDED.is_file() and LOCK.is_file()):
        return []
    try:
        recorded = json.loads(RECORDED.read_bytes())
    except ValueError:
        return []
    match recorded:
        case {"lock": lock, "modules": [*modules]} if all(isinstance(name, str) for name in modules):
            return modules if lock == hashlib.sha256(LOCK.read_bytes()).hexdigest() else []
    return []


def import_ahead(modules: list[str], reading: Reading) -> None:
    """Imports the modules in turn until the reading is over; what is left is imported with the application.

    Raises nothing: the application imports a module that has failed again, and that tells the fault.
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
    """No error of a module: none of them may take it for one."""


class _Alarm:
    """A finder that finds nothing; it ends the import of a large package when the reading has failed."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._thread = threading.get_ident()

    def find_spec(self, name: str, path: object, target: object = None) -> None:
        if self._reading.failed and threading.get_ident() == self._thread:
            raise _Failed
