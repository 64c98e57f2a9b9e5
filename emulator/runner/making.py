"""Runs commands that take long, once, and reports their failure in a message."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path


class UnusableBackend(Exception):
    """What was built cannot run here. The message says why and what to do."""


async def made(home: Path, make: Callable[[Path], Awaitable[None]]) -> Path:
    """Created under another name and renamed when it is complete, so that a partial folder is never found."""
    if home.is_dir():
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f"{home.name}.", dir=home.parent))
    try:
        await make(draft)
        try:
            draft.rename(home)
        except OSError:
            if not home.is_dir():  # another server may have created it meanwhile
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return home


async def run(command: str, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    process = await asyncio.create_subprocess_exec(
        command,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, problem = await process.communicate()
    return process.returncode or 0, output.decode("utf-8", "replace"), problem.decode("utf-8", "replace")
