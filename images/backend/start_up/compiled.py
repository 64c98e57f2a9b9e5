"""Takes from a table what an import would compile. The same Python has compiled it when the image was built.

A dataclass compiles the source of its methods, an annotation in quotes its text, a regular expression its
pattern. Each cold start would do so again, and always get the same. What the table lacks is compiled as ever.
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
"""What record.py has put beside the application, as it has put the list of its imports."""
HEAD = MAGIC_NUMBER + sys.version.encode() + b"\0"
"""What a table of this very Python begins with. Another may read neither its form nor its code."""


class Table(NamedTuple):
    methods: dict[str, CodeType]
    """What dataclasses execute, by its source."""
    annotations: dict[str, CodeType]
    """What annotations in quotes stand for, by their text."""
    patterns: dict[tuple[str | bytes, int], tuple[Any, ...]]
    """What `_sre.compile` takes beside a regular expression itself, by pattern and flags."""


def read_table() -> Table | None:
    """The table, if there is one and this Python has made it.

    A file of the backend's own may have the same name: what record.py has not written is no table.
    """
    try:
        content = TABLE.read_bytes()
        return Table(*marshal.loads(content[len(HEAD) :])) if content.startswith(HEAD) else None
    except (OSError, EOFError, TypeError, ValueError):
        return None


@contextmanager
def compiled(table: Table | None) -> Iterator[None]:
    """Lets dataclasses, annotations and regular expressions take from the table what they would compile.

    Each of them finds the function that compiles under a name of its own module. Nothing else asks there.
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
    """A name of a module has another value; one that the application puts there meanwhile stays."""
    names = vars(module)
    before = names.get(name)
    names[name] = value
    try:
        yield
    finally:
        if names.get(name) is value:
            # A built-in function has no value in the module.
            del names[name]
            if before is not None:
                names[name] = before
