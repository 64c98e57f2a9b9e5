"""Imports modules, and reports which of all imported modules read the environment.

    echo '["MODULE", …]' | python watch.py FOLDER [TABLE]

TABLE is a file for what the imports compile. For record.py, in a separate process, because it changes the
import system and ends without cleaning up.
"""

import builtins
import importlib
import importlib.util
import json
import os
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib.machinery import ExtensionFileLoader, SourceFileLoader, SourcelessFileLoader
from pathlib import Path
from typing import Any

from compilations import Compilations

# The variables that every function has. No secret and no setting changes their meaning.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
GIVEN = {"PATH", "LANG", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"}
# A started process gets the whole environment. https://docs.python.org/3/library/audit_events.html
CHANGES = {"os.putenv", "os.unsetenv"}
STARTS = {"subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"}


class Watch:
    """The modules that were run, what they import, and which of them read the environment."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        """The file of each module that was run, in the order in which they began."""
        self._asking: set[str] = set()
        self._running: list[str] = []
        self._uses: defaultdict[str, set[str]] = defaultdict(set)
        self._changed: set[str] = set()
        self._thread = threading.get_ident()

    def begin(self) -> None:
        self._watch_modules()
        self._watch_statements()
        self._watch_environment()

    def left_out(self) -> set[str]:
        """The modules that read the environment, and all that import them, directly or not, even if they were
        imported before.
        """
        found = set(self._asking)
        while more := {name for name, used in self._uses.items() if name not in found and used & found}:
            found |= more
        return found

    def _asked(self) -> None:
        # It is unknown to which module another thread belongs.
        self._asking.update(self._running if threading.get_ident() == self._thread else self.files)

    def _watch_modules(self) -> None:
        for loader in (SourceFileLoader, SourcelessFileLoader, ExtensionFileLoader):
            loader.exec_module = self._told(loader.exec_module)  # type: ignore[method-assign]

    def _told(self, run: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        def told(loader: Any, module: Any) -> Any:
            spec = module.__spec__
            self.files.setdefault(spec.name, spec.origin)
            if self._running:
                self._use(self._running[-1], spec.name)
            self._running.append(spec.name)
            try:
                return run(loader, module)
            finally:
                self._running.pop()

        return told

    def _watch_statements(self) -> None:
        run = builtins.__import__

        def statement(
            name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
        ) -> Any:
            module = run(name, globals, locals, fromlist, level)
            if level:
                package = globals.get("__package__") or globals["__spec__"].parent
                name = importlib.util.resolve_name("." * level + name, package)
            if user := (globals or {}).get("__name__"):
                for used in (name, *(f"{name}.{item}" for item in fromlist or ())):
                    self._use(user, used)
            return module

        builtins.__import__ = statement

    def _use(self, user: str, used: str) -> None:
        if used and used != user:
            self._uses[user].add(used)
            self._use(used, used.rpartition(".")[0])  # its package is imported first

    def _watch_environment(self) -> None:
        kind: Any = type(os.environ)  # also for os.environb
        read, names, count = kind.__getitem__, kind.__iter__, kind.__len__

        def get(environment: Any, key: Any) -> Any:
            name = os.fsdecode(key)
            if name not in GIVEN or name in self._changed:
                self._asked()
            return read(environment, key)

        def iterate(environment: Any) -> Iterator[Any]:
            self._asked()
            return iter(list(names(environment)))

        def length(environment: Any) -> int:
            self._asked()
            return int(count(environment))

        kind.__getitem__, kind.__iter__, kind.__len__ = get, iterate, length

        def hear(event: str, arguments: Any) -> None:
            if event in CHANGES:
                self._changed.add(os.fsdecode(arguments[0]))
            if event in CHANGES | STARTS:
                self._asked()

        sys.addaudithook(hear)


def main(folder: str, table: str | None = None) -> None:
    modules = json.load(sys.stdin)
    output = os.dup(1)
    os.dup2(2, 1)  # what an application prints is not part of the result
    sys.path[0] = folder
    watch = Watch()
    watch.begin()
    compilations = Compilations()
    compilations.begin()
    clean, failed = 0, None
    for module in modules:
        try:
            importlib.import_module(module)
        except BaseException as error:
            failed = type(error).__name__
            break
        if watch.left_out():
            break
        clean += 1
    left_out = watch.left_out()
    files = {name: file for name, file in watch.files.items() if name in sys.modules}
    found = {name: file for name, file in files.items() if name not in left_out}
    if table is not None:
        compilations.save(Path(table))
    with os.fdopen(output, "w", encoding="utf-8") as stream:
        json.dump({"found": found, "files": files, "clean": clean, "failed": failed}, stream)
    sys.stdout.flush()
    os._exit(0)  # threads and exit handlers of an application may wait for something that no build has


if __name__ == "__main__":
    main(*sys.argv[1:])
