"""From a version's digest to what was built for it."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from emulator.runner.interpreter import Place, UnusableBackend, prepare
from emulator.runner.version import Version

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Built:
    """What an environment of a version is started from."""

    place: Place
    command: tuple[str, ...]


class Builder(Protocol):
    """Makes an image ready to run. There is one for processes; one for containers fits here too."""

    async def build(self, version: Version) -> Built:
        """Raises UnusableBackend when the image cannot run here."""
        ...


class ProcessBuilder:
    """Runs what the command line staged for a digest, without Docker."""

    def __init__(self, home: Path, cache: Path) -> None:
        self._images = home / "images"
        self._cache = cache
        self._making: dict[str, asyncio.Task[Place]] = {}

    async def build(self, version: Version) -> Built:
        match = _DIGEST.fullmatch(version.digest or "")
        if match is None:
            raise UnusableBackend(
                f"{version.image} is not named by its digest, so there is no telling what runs"
            )
        folder = self._images / match[1]
        if not (folder / "image.json").is_file():
            raise UnusableBackend(
                f"nothing was staged for {version.digest}: {folder / 'image.json'} is missing"
            )
        described = json.loads((folder / "image.json").read_text())
        place = await self._place(match[1], folder / "context")
        return Built(place, version.command or tuple(described["command"]))

    async def _place(self, digest: str, context: Path) -> Place:
        task = self._making.get(digest)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = asyncio.ensure_future(prepare(context, self._cache))
            self._making[digest] = task
        # One invocation that goes away must not stop the making for the others.
        return await asyncio.shield(task)
