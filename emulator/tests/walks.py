"""Register of walks: each one shows for an action of a row how it is refused, and then accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from emulator.refusals import TABLE
from emulator.tests.cloud import Cloud

Call = Callable[[], Any]
Walk = Callable[[Cloud], Iterator[Call]]
"""Creates what is needed and yields a call that is refused. Then removes the cause and yields a call that is
accepted.
"""
WalkOf = Callable[[Cloud, str], Iterator[Call]]
"""The same for one of a row's several actions, which is the argument."""

WALKS: dict[tuple[str, str], Walk] = {}
"""Name of the row and action -> its walk."""

_ACTIONS = {row.name: row.actions for row in TABLE}


def walk(row: str) -> Callable[[Walk], Walk]:
    """Register the walk of a row with one action."""

    def register(made: Walk) -> Walk:
        (action,) = _ACTIONS[row]
        _add(row, action, made)
        return made

    return register


def walks(row: str, *actions: str) -> Callable[[WalkOf], WalkOf]:
    """Register the walks of a row's actions: the named ones, or all."""

    def register(made: WalkOf) -> WalkOf:
        for action in actions or _ACTIONS[row]:
            _add(row, action, partial(made, action=action))
        return made

    return register


def _add(row: str, action: str, made: Walk) -> None:
    assert (row, action) not in WALKS, f"two walks of {action} for {row}"
    WALKS[row, action] = made
