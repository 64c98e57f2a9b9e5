"""Prepares a folder to become a layer: compiled, readable by everybody, with the same time for all files.

    python finish.py FOLDER DESTINATION [--skip-broken]

Some packages contain a file that cannot be compiled, such as a template. --skip-broken prints such files and
continues.
The file system of a function is read-only, so a file that is not compiled here is compiled in every cold
start. The function is not root, and the files may have been staged with a strict umask. With the same times,
the same files result in the same layer.
"""

import compileall
import os
import sys
from pathlib import Path
from py_compile import PycInvalidationMode


def finish(folder: Path, destination: str) -> bool:
    """Compiles the files of a folder for the path of the destination, and sets the same times and modes.

    Returns whether every file could be compiled.
    """
    compiled = compileall.compile_dir(
        folder,
        quiet=1,
        stripdir=str(folder),
        prependdir=destination,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        os.utime(path, (0, 0), follow_symlinks=False)
    return bool(compiled)


if __name__ == "__main__":
    if not finish(Path(sys.argv[1]), sys.argv[2]) and "--skip-broken" not in sys.argv:
        raise SystemExit("some files cannot be compiled by this Python; their errors are above")
