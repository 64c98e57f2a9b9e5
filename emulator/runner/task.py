"""What the image has at /var/task, but for the packages."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from pathlib import Path

from emulator.runner.making import UnusableBackend, made, run

DOCKERFILE = Path("kairos_image/Dockerfile")
FINISHER = Path("kairos_image/finish.py")
"""Compiles the modules: the one that the image is built with."""
_COPY = re.compile(r"^COPY (?!--)(.+) /out/(\S*)$", re.MULTILINE)
"""What the image's recipe copies of the context to where its handler runs."""


def new_tasks() -> Path:
    """A folder for the tasks of a server, which is to be removed with it.

    Some packages look for their files in each folder above: beside the context they would find the `.env` of
    this project, and above /var/task there is nothing.
    """
    return Path(tempfile.mkdtemp(prefix="kairos-task-", dir="/tmp"))


async def task_folder(context: Path, python: str, tasks: Path) -> Path:
    """A folder with what the Dockerfile copies into the image, and nothing else, finished as the recipe does.

    Raises UnusableBackend when the recipe would fail.
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
    """What compileall says first: the file, and the line of the traceback that names the error."""
    match = re.search(r"^\*\*\* (?:Error compiling|Sorry:) '(.+?)'.*?^(\w+Error: .+?)$", output, re.M | re.S)
    return f"{Path(match[1]).relative_to(draft)} cannot be compiled: {match[2]}" if match else None
