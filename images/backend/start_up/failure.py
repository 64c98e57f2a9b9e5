"""Failures that stop a start or an invocation, described for the reader of the log: names, but no values."""

import re
from collections.abc import Iterable, Iterator, Mapping
from traceback import walk_tb

ADVICE = "its message is not repeated, because it may contain a secret"
FRAMES = 30
"""How many frames of one error are logged: the innermost."""
LINES = 250
"""How many lines of all errors are logged: the first. A line of the log can have 256 KB."""


class StartUpError(Exception):
    """The function cannot start, or cannot answer yet. The message says why and what to do."""


class BackendError(StartUpError):
    """The backend raised an error whose message is not repeated, because it may contain a secret."""


def kind_of(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def trace(error: BaseException) -> list[str]:
    """What was raised and where, like a traceback, but without messages and source lines.

    A message may contain a secret: all of it, a part, quoted or encoded. So messages are not included.
    """
    lines = _trace(error)
    left = len(lines) - LINES
    return lines if left <= 0 else [*lines[:LINES], f"and {left} lines more"]


def _trace(error: BaseException) -> list[str]:
    lines: list[str] = []
    for index, link in enumerate(_chain(error)):
        lines.append(f"after {kind_of(link)}" if index else kind_of(link))
        frames = [
            f"  {frame.f_code.co_filename}:{line} {frame.f_code.co_name}"
            for frame, line in walk_tb(link.__traceback__)
            if not frame.f_code.co_filename.startswith("<frozen ")
        ]
        lines += frames[-FRAMES:]
        if isinstance(link, BaseExceptionGroup):
            for member in link.exceptions:
                lines += [f"  {line}" for line in _trace(member)]
    return lines


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def named_in(error: BaseException, variables: Iterable[str], secrets: Mapping[str, str]) -> list[str]:
    """The missing module, or the variables that the message names. They help to find the cause.

    A name that shares six characters with a secret is left out.
    """
    try:
        message = str(error)
    except BaseException:
        # The error that reading a message raises may contain a secret too.
        message = ""
    module = error.name if isinstance(error, ImportError) else None
    names = [name for name in variables if len(name) > 3 and re.search(rf"\b{re.escape(name)}\b", message)]
    return [name for name in (*([module] if module else []), *sorted(names)) if _is_harmless(name, secrets)]


def _is_harmless(name: str, secrets: Mapping[str, str]) -> bool:
    parts = [name[start : start + 6] for start in range(max(1, len(name) - 5))]
    return not any(part in value for part in parts for value in secrets.values())
