"""What a row of the table is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from emulator.wire import Request


@dataclass(frozen=True)
class Asked:
    """One request as a row sees it: the operation, what it names, and what it holds."""

    request: Request
    action: str
    """The operation's name in AWS's API."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What the path names, in the REST protocols."""

    @cached_property
    def members(self) -> Mapping[str, Any]:
        """The members of a JSON or Query request, and what its path names."""
        return {**(self.request.json or self.request.form), **self.labels}

    def query(self, name: str) -> str:
        """A parameter of the address; empty when it is not there."""
        return (self.request.query.get(name) or [""])[0]

    @property
    def text(self) -> str:
        """The body as it came, for the XML protocols."""
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
"""What fills the places of a row's message."""

Predicate = Callable[[Asked], "Facts | None"]
"""Facts when the request is to be refused, None when it may pass."""


@dataclass(frozen=True)
class Row:
    """One thing that AWS refuses."""

    name: str
    """Unique in the table, and what its walk is called."""
    service: str
    """MiniStack's name of the service."""
    actions: tuple[str, ...]
    """The operations that are refused."""
    when: str
    """The condition, for the reader."""
    code: str
    """AWS's error code."""
    message: str
    """AWS's words, with places in braces for the facts."""
    source: str
    """AWS's page, or where the answer of AWS was seen; `unsure:` starts what nobody has seen."""
    status: int = 400
    refuses: Predicate | None = None
    """None when MiniStack itself refuses it: the row is there to be walked."""
