"""The only version of MiniStack that the corrections are for."""

from __future__ import annotations

from importlib import metadata

from emulator import trial

MINISTACK_VERSION = "1.5.33"


class VersionError(Exception):
    """The installed MiniStack has another version than the corrected one."""


def check_version(found: str | None = None) -> None:
    """Refuse any other version of MiniStack, because a correction may no longer fit or be needed.

    Raises VersionError that names both versions and what to do.
    """
    installed = found if found is not None else metadata.version("ministack")
    if installed != (trial.version() or MINISTACK_VERSION):
        raise VersionError(
            f"the corrections in emulator/corrections were written against ministack {MINISTACK_VERSION}, "
            f"but {installed} is installed: install emulator/requirements.txt, or go through each "
            "correction, run emulator/tests and raise MINISTACK_VERSION in emulator/version.py"
        )
