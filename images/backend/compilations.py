"""Collects what an import compiles into the table that start_up/compiled.py reads.

For watch.py, in the process that imports the application while the image is built.
"""

import dataclasses
import marshal
import re
import sys
import threading
import typing
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType
from typing import Any


class Compilations:
    def __init__(self) -> None:
        self._methods: dict[str, CodeType] = {}
        self._annotations: dict[str, CodeType] = {}
        self._patterns: dict[tuple[str | bytes, int], tuple[Any, ...]] = {}

    def begin(self) -> None:
        """Collects what is compiled from now on."""
        vars(dataclasses)["exec"] = self._execute
        vars(typing)["compile"] = self._compile_annotation
        compiler: Any = vars(re)["_compiler"]
        compiler.compile = self._collecting(compiler)

    def save(self, path: Path) -> None:
        """Writes the table, with a head that only this very Python takes for its own."""
        head = MAGIC_NUMBER + sys.version.encode() + b"\0"
        path.write_bytes(head + marshal.dumps((self._methods, self._annotations, self._patterns)))

    def _execute(self, source: str, *scope: Any) -> None:
        if source not in self._methods:
            self._methods[source] = compile(source, "<string>", "exec", dont_inherit=True)
        exec(self._methods[source], *scope)

    def _compile_annotation(self, source: str, *how: Any) -> CodeType:
        if source not in self._annotations:
            self._annotations[source] = compile(source, *how, dont_inherit=True)
        return self._annotations[source]

    def _collecting(self, compiler: Any) -> Any:
        """`re._compiler.compile`, overheard where it hands over what it has compiled."""
        compile_pattern, sre = compiler.compile, compiler._sre
        handed: dict[int, tuple[Any, ...]] = {}
        """By thread: an import may have some."""

        class Listening:
            def __getattr__(self, name: str) -> Any:
                return getattr(sre, name)

            def compile(self, *arguments: Any) -> Any:
                handed[threading.get_ident()] = arguments
                return sre.compile(*arguments)

        def collect(pattern: Any, flags: int = 0) -> Any:
            compiled = compile_pattern(pattern, flags)
            _, all_flags, code, *groups = handed.pop(threading.get_ident())
            if type(pattern) in (str, bytes):
                # Some of the numbers are of classes that marshal does not know.
                known = (int(all_flags), [int(number) for number in code], *groups)
                self._patterns[pattern, int(flags)] = known
            return compiled

        compiler._sre = Listening()
        return collect
