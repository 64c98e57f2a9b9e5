"""Reads the bytecode of modules that the application will import, while the start waits for the secrets."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any

from start_up.ahead import Reading

Bytecode = dict[str, CodeType]
"""By the path of the source file."""


def read_bytecode(files: Mapping[str, str], reading: Reading) -> Bytecode:
    """Reads the bytecode of modules that are not imported yet, until the secrets are read. Executes nothing.

    `files` has the source file of each module. If a file cannot be read, it stops without an error: the
    import of that module reports it.
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
    """Imports use the bytecode that was read. Modules and their loaders are the same as without it."""
    read = SourceFileLoader.get_code

    def get_code(loader: Any, fullname: str) -> Any:
        return found.pop(getattr(loader, "path", ""), None) or read(loader, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
    try:
        yield
    finally:
        # The application may have replaced it.
        if SourceFileLoader.get_code is get_code:
            SourceFileLoader.get_code = read  # type: ignore[method-assign]
