"""The types of the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from emulator.wire import Request


@dataclass(frozen=True)
class Asked:
    """One request as a row sees it: the operation, the values in its path, and its members."""

    request: Request
    action: str
    """The operation's name in AWS's API."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """The values in the path, in the REST protocols."""

    @cached_property
    def members(self) -> Mapping[str, Any]:
        """The members of a JSON or Query request, and the values in its path."""
        return {**(self.request.json or self.request.form), **self.labels}

    def query(self, name: str) -> str:
        """A parameter of the URL; empty if it is missing."""
        return (self.request.query.get(name) or [""])[0]

    @property
    def text(self) -> str:
        """The unparsed body, for the XML protocols."""
        return self.request.body.decode("utf-8", "replace")

    @property
    def region(self) -> str:
        from ministack.core.responses import get_region

        return get_region()

    @property
    def account(self) -> str:
        from ministack.core.responses import get_account_id

        return get_account_id()


Facts = Mapping[str, Any]
"""The values for the placeholders of a row's message."""

Predicate = Callable[[Asked], "Facts | None"]
"""Facts if the request must be refused, None if it is accepted."""


@dataclass(frozen=True)
class Row:
    """One thing that AWS refuses."""

    name: str
    """Unique in the table; its test has the same name."""
    service: str
    """MiniStack's name of the service."""
    actions: tuple[str, ...]
    """The refused operations."""
    when: str
    """The condition, for the reader."""
    code: str
    """AWS's error code."""
    message: str
    """AWS's message, with placeholders in braces for the facts."""
    source: str
    """AWS's page, or where AWS's response was seen. `unsure:` means that nobody has seen it."""
    status: int = 400
    refuses: Predicate | None = None
    """None if MiniStack itself refuses it, so that the row is only tested."""
