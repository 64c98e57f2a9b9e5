"""How the process of an execution environment is started, and what else must be ended with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Wish:
    """What an environment wants to be started."""

    command: tuple[str, ...]
    """The image's command: the handler first."""
    variables: Mapping[str, str]
    """The version's, and those that Lambda reserves wherever it runs."""
    memory: int
    """In MB."""
    guard: int
    """The read end of a pipe that closes with the server."""
    frames: int
    """The write end of the pipe of the runtime's own log channel."""


@dataclass(frozen=True)
class Launch:
    """A process to start."""

    arguments: tuple[str, ...]
    variables: Mapping[str, str]
    folder: Path | None
    """The working directory, or the server's own."""
    descriptors: tuple[int, ...]
    """What the process inherits besides the standard streams."""
    end: Callable[[], None]
    """Ends what does not belong to the process's own session."""


class Launcher(Protocol):
    """Something that was built for an image, ready to be started."""

    def launch(self, wish: Wish) -> Launch: ...


def nothing_more() -> None:
    """The process's own session is all that there is to end."""
