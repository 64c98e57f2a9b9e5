"""How the process of an execution environment is started, and what else must be ended with it."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Mapping
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
    frames: int
    """The write end of the pipe of the runtime's own log channel."""


class Freezer(Protocol):
    """Stops what an environment runs between its invocations, as Lambda freezes it.

    https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown
    """

    def freeze(self, group: int) -> None:
        """Stop it at once or soon. `group` is the process group of what was launched."""
        ...

    async def thaw(self, group: int) -> None:
        """Let it go on; it goes on when this returns. Does nothing to what is not frozen."""
        ...


class Signals:
    """Freezes the processes of a group of this machine."""

    def freeze(self, group: int) -> None:
        _signal(group, signal.SIGSTOP)

    async def thaw(self, group: int) -> None:
        _signal(group, signal.SIGCONT)


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # its end is noticed elsewhere
        os.killpg(group, number)


@dataclass(frozen=True)
class Launch:
    """A process to start."""

    arguments: tuple[str, ...]
    variables: Mapping[str, str]
    folder: Path | None
    """The working directory, or the server's own."""
    descriptors: tuple[int, ...]
    """What the process inherits besides the standard streams."""
    freezer: Freezer
    ending: tuple[str, ...] = ()
    """A command that ends what does not belong to the process's own session; empty when nothing does."""


class Launcher(Protocol):
    """Something that was built for an image, ready to be started."""

    def launch(self, wish: Wish) -> Launch: ...
