"""What a test of another MiniStack leaves out. Only `emulator/upgrade.py` sets the variables."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

VERSION = "KAIROS_EMULATOR_TRIAL_VERSION"
WITHOUT = "KAIROS_EMULATOR_TRIAL_WITHOUT"


def version() -> str | None:
    """The version that is tested instead of the corrected one."""
    return os.environ.get(VERSION)


def leaves_out(name: str) -> bool:
    """Whether a correction is left out: `kms`, or `kms.need_the_key_of_an_alias`."""
    return os.environ.get(WITHOUT) == name


def leaves_out_function(correction: Callable[..., Any]) -> bool:
    """The same for one function of a file."""
    return leaves_out(f"{correction.__module__.rpartition('.')[2]}.{correction.__name__}")
