"""The register of walks: for each row of the table of refusals, how it is refused and then accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from emulator.tests.cloud import Cloud

Call = Callable[[], Any]
Walk = Callable[[Cloud], Iterator[Call]]
"""Makes what is needed and yields a call that is refused; then frees it and yields one that is accepted."""

WALKS: dict[str, Walk] = {}


def walk(row: str) -> Callable[[Walk], Walk]:
    """Register the walk of the row with this name."""

    def register(made: Walk) -> Walk:
        assert row not in WALKS, f"two walks for {row}"
        WALKS[row] = made
        return made

    return register
