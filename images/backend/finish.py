"""Makes a folder ready to be a layer: compiled for good, readable by everybody, one time for everything.

    python finish.py FOLDER DESTINATION [--skip-broken]

Some packages ship a file that no interpreter compiles, such as a template; --skip-broken names such files and
goes on.
The file system of a function is read-only, so what is not compiled here is compiled in every cold start.
The function is not root, and whoever staged the files may have had a strict umask. Equal times make equal
layers of equal files.
"""

import compileall
import os
import sys
from pathlib import Path
from py_compile import PycInvalidationMode


def finish(folder: Path, destination: str) -> bool:
    """Compiles what lies in the folder, which will be found at the destination, and evens out the rest.

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
