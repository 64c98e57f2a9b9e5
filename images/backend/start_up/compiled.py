"""Imports take compiled code from a table that the build of the image has made, with the same Python.

A dataclass compiles the source of its methods, a quoted annotation its text, a regular expression its
pattern. Every cold start would compile them again, with the same result. What is not in the table is compiled
as usual.
"""

import dataclasses
import marshal
import re
import sys
import typing
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NamedTuple

TABLE = Path("compiled.bin")
"""The table of record.py. Like the list of imports, it is next to the application."""
HEAD = MAGIC_NUMBER + sys.version.encode() + b"\0"
"""The first bytes of a table that this Python has made. Another Python cannot use the table."""


class Table(NamedTuple):
    methods: dict[str, CodeType]
    """The code that dataclasses execute, by its source."""
    annotations: dict[str, CodeType]
    """The code of quoted annotations, by their text."""
    patterns: dict[tuple[str | bytes, int], tuple[Any, ...]]
    """The arguments of `_sre.compile` after the pattern, by pattern and flags."""


def read_table() -> Table | None:
    """The table, if there is one that this Python has made.

    The backend may have a file with the same name. A file that record.py has not written is ignored.
    """
    try:
        content = TABLE.read_bytes()
        return Table(*marshal.loads(content[len(HEAD) :])) if content.startswith(HEAD) else None
    except (OSError, EOFError, TypeError, ValueError):
        return None


@contextmanager
def compiled(table: Table | None) -> Iterator[None]:
    """Dataclasses, quoted annotations and regular expressions use the table.

    Each of the three modules looks up the function that compiles in its own namespace. Only these names are
    replaced.
    """
    if table is None:
        yield
        return
    methods, annotations, patterns = table
    compiler: Any = vars(re)["_compiler"]
    compile_pattern = compiler.compile

    def execute(source: str, *scope: Any) -> None:
        exec(methods.get(source, source), *scope)

    def compile_annotation(source: str, *how: Any) -> CodeType:
        return annotations.get(source) or compile(source, *how, dont_inherit=True)

    def compile_known(pattern: Any, flags: int = 0) -> Any:
        known = patterns.get((pattern, flags)) if type(pattern) in (str, bytes) else None
        return compiler._sre.compile(pattern, *known) if known else compile_pattern(pattern, flags)

    with ExitStack() as stack:
        stack.enter_context(_with(dataclasses, "exec", execute))
        stack.enter_context(_with(typing, "compile", compile_annotation))
        stack.enter_context(_with(compiler, "compile", compile_known))
        yield


@contextmanager
def _with(module: ModuleType, name: str, value: object) -> Iterator[None]:
    """Replaces a name of a module for a while. If the application replaces it too, its value stays."""
    names = vars(module)
    before = names.get(name)
    names[name] = value
    try:
        yield
    finally:
        if names.get(name) is value:
            # The name of a built-in function is not in the namespace.
            del names[name]
            if before is not None:
                names[name] = before
