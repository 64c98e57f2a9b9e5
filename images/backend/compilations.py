"""Collects what imports compile, for the table that start_up/compiled.py reads.

For watch.py, in the process that imports the application during the build of the image.
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
        """Collects everything that is compiled after this."""
        vars(dataclasses)["exec"] = self._execute
        vars(typing)["compile"] = self._compile_annotation
        compiler: Any = vars(re)["_compiler"]
        compiler.compile = self._collecting(compiler)

    def save(self, path: Path) -> None:
        """Writes the table. Its first bytes say which Python has made it."""
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
        """`re._compiler.compile`, which also collects the arguments with which it calls `_sre.compile`."""
        compile_pattern, sre = compiler.compile, compiler._sre
        handed: dict[int, tuple[Any, ...]] = {}
        """By thread, because an import may start threads."""

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
                # marshal cannot write the subclasses of int that some of the numbers have.
                known = (int(all_flags), [int(number) for number in code], *groups)
                self._patterns[pattern, int(flags)] = known
            return compiled

        compiler._sre = Listening()
        return collect
