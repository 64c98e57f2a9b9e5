"""Makes a folder ready to be a layer: bytecode that is never checked again, and one time for everything.

    python finish.py FOLDER DESTINATION

The file system of a function is read-only, so what is not compiled here is compiled in every cold start.
Equal times make equal layers of equal files.
"""

import compileall
import os
import sys
from pathlib import Path
from py_compile import PycInvalidationMode


def finish(folder: Path, destination: str) -> bool:
    """Compiles and dates what lies in the folder, which will be found at the destination.

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
        os.utime(path, (0, 0), follow_symlinks=False)
    return bool(compiled)


if __name__ == "__main__":
    if not finish(Path(sys.argv[1]), sys.argv[2]):
        raise SystemExit("some files cannot be compiled by this Python; their errors are above")
