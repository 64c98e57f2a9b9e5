"""Refuses in a process what a function's file system refuses: everything except /tmp is read-only.

At its start, Python imports a module with this name from PYTHONPATH. An audit hook sees each change before it
is made, for every user, and also in the Python processes that the process starts.
https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#images-reqs
https://docs.python.org/3/library/audit_events.html
"""

# ruff: noqa: PTH100, PTH112, PTH120 - every start waits for it, and pathlib takes long to load
import errno
import os
import sys

_TASK = os.path.realpath(os.environ.get("LAMBDA_TASK_ROOT", "/var/task"))
_WRITABLE = tuple(map(os.path.realpath, ("/tmp", "/dev")))
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

# The index of the path argument, that of the descriptor that it is relative to, and what is changed:
# something that exists ("old"), something that does not exist yet ("new"), or either.
_CHANGES = {
    "os.chmod": [(0, 2, "old")],
    "os.chown": [(0, 3, "old")],
    "os.link": [(1, 3, "new")],
    "os.mkdir": [(0, 2, "new")],
    "os.remove": [(0, 1, "old")],
    "os.rename": [(0, 2, "old"), (1, 3, "either")],
    "os.rmdir": [(0, 1, "old")],
    "os.symlink": [(1, 2, "new")],
    "os.truncate": [(0, None, "old")],
    "os.utime": [(0, 3, "old")],
}


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)


def _is_refused(path: object, what: str) -> bool:
    """Whether the file system refuses it. That something is missing, or exists already, is reported first."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        return False  # a descriptor
    path = os.fsdecode(path)
    real = os.path.realpath(path)
    # A device is recognized by its name: /dev/stdout may point to a pipe, which has none.
    if _is_below(os.path.abspath(path), "/dev") or (
        not _is_below(real, _TASK) and any(_is_below(real, folder) for folder in _WRITABLE)
    ):
        return False
    if os.path.lexists(path):
        return what != "new"
    return what != "old" and os.path.isdir(os.path.dirname(real))


def _refuse(path: object, what: str) -> None:
    if _is_refused(path, what):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)


def _hook(event: str, arguments: tuple) -> None:
    if event == "open":
        path, _, flags = arguments
        if isinstance(flags, int) and flags & _WRITING:
            _refuse(path, "either" if flags & os.O_CREAT else "old")
    elif event in _CHANGES:
        for at, relative, what in _CHANGES[event]:
            if relative is None or arguments[relative] in (-1, None):
                _refuse(arguments[at], what)
    elif event == "sqlite3.connect":
        (database,) = arguments
        special = database in ("", ":memory:") or str(database).startswith("file:")
        if not special and _is_refused(database, "new"):
            import sqlite3

            raise sqlite3.OperationalError("unable to open database file")


sys.addaudithook(_hook)
