"""Reads the bytecode of what the application will import, while there is nothing to do but wait."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any

from start_up.ahead import Reading

Bytecode = dict[str, CodeType]
"""By the path of its source."""


def read_bytecode(files: Mapping[str, str], reading: Reading) -> Bytecode:
    """The bytecode of what is not imported yet, as much as there is time for. Nothing of it runs.

    `files` says where the source of each module lies. Raises nothing: the import that needs a file tells what
    is wrong with it.
    """
    found: Bytecode = {}
    try:
        for name, path in files.items():
            if reading.over:
                break
            if name not in sys.modules and (code := SourceFileLoader(name, path).get_code(name)) is not None:
                found[path] = code
    except Exception:
        return found
    return found


@contextmanager
def importing_from(found: Bytecode) -> Iterator[None]:
    """Lets an import take the bytecode that was read. Modules and their loaders are as ever."""
    read = SourceFileLoader.get_code

    def get_code(loader: Any, fullname: str) -> Any:
        return found.pop(getattr(loader, "path", ""), None) or read(loader, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
    try:
        yield
    finally:
        # What the application has put there meanwhile stays.
        if SourceFileLoader.get_code is get_code:
            SourceFileLoader.get_code = read  # type: ignore[method-assign]
