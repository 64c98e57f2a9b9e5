"""Events of functions that only a log would show. The status counts them by function."""

from __future__ import annotations

import logging
from collections import Counter

from emulator import seams
from emulator.runner.version import Version

logger = logging.getLogger("emulator.runner")

_seen: Counter[str] = Counter()


def note(version: Version, kind: str, words: str) -> None:
    """Count and log one event. `kind` is its name in the status."""
    _seen[f"{version.function} {kind}"] += 1
    logger.warning("%s version %s: %s", version.function, version.number, words)


def install() -> None:
    seams.report("incidents", lambda: dict(_seen))
