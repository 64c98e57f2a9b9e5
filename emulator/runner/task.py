"""The content of /var/task in the image, except the packages."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from pathlib import Path

from emulator.runner.making import UnusableBackend, made, run

DOCKERFILE = Path("kairos_image/Dockerfile")
FINISHER = Path("kairos_image/finish.py")
"""Compiles the modules, with the same code as the image."""
_COPY = re.compile(r"^COPY (?!--)(.+) /out/(\S*)$", re.MULTILINE)
"""What the image's recipe copies from the context to the folder of its handler."""


def new_tasks() -> Path:
    """A folder for the tasks of a server, which must be deleted with it.

    Some packages search for their files in each parent folder. Next to the context they would find the `.env`
    of this project, and above /var/task there is nothing.
    """
    return Path(tempfile.mkdtemp(prefix="kairos-task-", dir="/tmp"))


async def task_folder(context: Path, python: str, tasks: Path) -> Path:
    """A folder with what the Dockerfile copies into the image, and nothing else, finished as in the recipe.

    Raises UnusableBackend if the recipe would fail.
    """

    async def make(draft: Path) -> None:
        await asyncio.to_thread(_copy, context, draft)
        code, output, problem = await run(python, str(context / FINISHER), str(draft), "/var/task")
        if code != 0:
            raise UnusableBackend(f"the image cannot be built: {_first_error(output, draft) or problem}")

    return await made(tasks / context.parent.name, make)


def _copy(context: Path, draft: Path) -> None:
    for sources, target in _COPY.findall((context / DOCKERFILE).read_text()):
        for source in (context / name for name in sources.split()):
            if source.is_dir():
                shutil.copytree(source, draft / target)
            else:
                shutil.copy(source, draft / target / source.name)


def _first_error(output: str, draft: Path) -> str | None:
    """The first error of compileall: the file, and the line of the traceback with the error."""
    match = re.search(r"^\*\*\* (?:Error compiling|Sorry:) '(.+?)'.*?^(\w+Error: .+?)$", output, re.M | re.S)
    return f"{Path(match[1]).relative_to(draft)} cannot be compiled: {match[2]}" if match else None
