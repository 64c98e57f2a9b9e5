"""How the process of an execution environment is started, and what must be ended with it."""

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
    """What an environment needs to start."""

    command: tuple[str, ...]
    """The image's command: the handler first."""
    variables: Mapping[str, str]
    """Those of the version, and those that Lambda reserves."""
    memory: int
    """In MB."""
    frames: int
    """The write end of the pipe of the runtime's own log channel."""


class Freezer(Protocol):
    """Stops an environment's processes between its invocations, as Lambda freezes it.

    https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown
    """

    def freeze(self, group: int) -> None:
        """Stop it at once or soon. `group` is the process group of the started process."""
        ...

    async def thaw(self, group: int) -> None:
        """Let it continue; it runs when this returns. Has no effect if it is not frozen."""
        ...


class Signals:
    """Freezes a process group on this machine."""

    def freeze(self, group: int) -> None:
        _signal(group, signal.SIGSTOP)

    async def thaw(self, group: int) -> None:
        _signal(group, signal.SIGCONT)


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # its end is detected elsewhere
        os.killpg(group, number)


@dataclass(frozen=True)
class Launch:
    """A process to start."""

    arguments: tuple[str, ...]
    variables: Mapping[str, str]
    folder: Path | None
    """The working directory; None for the server's own."""
    descriptors: tuple[int, ...]
    """The descriptors that the process inherits in addition to the standard streams."""
    freezer: Freezer
    ending: tuple[str, ...] = ()
    """A command that ends what is outside of the process's own session; empty if nothing is."""


class Launcher(Protocol):
    """Something that was built for an image, ready to be started."""

    def launch(self, wish: Wish) -> Launch: ...
