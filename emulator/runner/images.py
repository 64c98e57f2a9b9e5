"""Finds what was built for a version's digest."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from emulator.runner.container import Container
from emulator.runner.interpreter import Place, prepare
from emulator.runner.launch import Launcher
from emulator.runner.making import UnusableBackend
from emulator.runner.version import Version

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Built:
    """What is needed to start an environment of a version."""

    launcher: Launcher
    command: tuple[str, ...]


class Builder(Protocol):
    """Makes an image ready to run."""

    async def build(self, version: Version) -> Built:
        """Raises UnusableBackend if the image cannot run here."""
        ...


class StagedBuilder:
    """Finds what `kairos local up` staged for a digest: an image of the Docker daemon, or its content."""

    def __init__(self, home: Path, cache: Path, tasks: Path) -> None:
        self._images = home / "images"
        self._cache = cache
        self._tasks = tasks
        self._making: dict[str, asyncio.Task[Place]] = {}

    async def build(self, version: Version) -> Built:
        match = _DIGEST.fullmatch(version.digest or "")
        if match is None:
            raise UnusableBackend(f"{version.image} is not named by its digest, so its content is unknown")
        folder = self._images / match[1]
        if not (folder / "image.json").is_file():
            raise UnusableBackend(
                f"nothing was staged for {version.digest}: {folder / 'image.json'} is missing"
            )
        described = json.loads((folder / "image.json").read_text())
        command = version.command or tuple(described["command"])
        if "image" in described:
            return Built(Container(described["image"]), command)
        return Built(await self._place(match[1], folder / "context"), command)

    async def _place(self, digest: str, context: Path) -> Place:
        task = self._making.get(digest)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = asyncio.ensure_future(prepare(context, self._cache, self._tasks))
            self._making[digest] = task
        # An invocation that is cancelled must not stop the preparation for the others.
        return await asyncio.shield(task)
