"""An image as Docker runs it: the same container that goes to Lambda, as far as a daemon can imitate it."""

from __future__ import annotations

import asyncio
import logging
import os
import uuid
from dataclasses import dataclass

from emulator.runner.background import in_background
from emulator.runner.launch import Launch, Wish

logger = logging.getLogger("emulator.runner")

USER = "993:990"
"""A user without privileges: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#images-reqs"""
PAUSE_AFTER = 1
"""Seconds without an invocation after which a container is frozen; Lambda freezes it at once."""


@dataclass(frozen=True)
class Container:
    image: str
    """The image's reference in the Docker daemon."""

    def launch(self, wish: Wish) -> Launch:
        """The container with Lambda's limits: a read-only root, a user without privileges, its memory.

        It shares the network of this machine, because the Runtime API and AWS's APIs are on the loopback
        interface.
        """
        name = f"kairos-{uuid.uuid4().hex[:12]}"
        variables = {name: value for name, value in wish.variables.items() if not name.startswith("DOCKER_")}
        arguments = [
            *("docker", "run", "--rm", "--name", name, "--network", "host"),
            *("--read-only", "--tmpfs", "/tmp", "--user", USER, "--cap-drop", "ALL"),
            *("--memory", f"{wish.memory}m"),
            # Only the names are passed: the client reads the values from its own environment, so `ps` does
            # not show them.
            *(part for variable in variables for part in ("--env", variable)),
            self.image,
            *wish.command,
        ]
        return Launch(
            arguments=tuple(arguments),
            variables={**_client_variables(), **variables},
            folder=None,
            descriptors=(),
            freezer=Pauses(name),
            ending=("docker", "kill", name),
        )


def _client_variables() -> dict[str, str]:
    """The variables that point the client to its daemon."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME") or name.startswith("DOCKER_")
    }


class Pauses:
    """Freezes a container after a short time, because consecutive requests must not wait for Docker."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._wait: asyncio.TimerHandle | None = None
        self._pause: asyncio.Task[None] | None = None

    def freeze(self, group: int) -> None:
        self._wait = asyncio.get_running_loop().call_later(PAUSE_AFTER, self._begin)

    def _begin(self) -> None:
        self._pause = in_background(_docker("pause", self._name))

    async def thaw(self, group: int) -> None:
        if self._wait is not None:
            self._wait.cancel()
            self._wait = None
        if self._pause is not None:
            # An unpause that arrives before its pause would leave the container frozen.
            await self._pause
            self._pause = None
            await _docker("unpause", self._name)


async def _docker(*arguments: str) -> None:
    """The client of a container that has ended meanwhile reports it."""
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        "docker", *arguments, stdin=quiet, stdout=quiet, stderr=asyncio.subprocess.PIPE
    )
    _, problem = await process.communicate()
    if process.returncode:
        logger.info("docker %s: %s", " ".join(arguments), problem.decode("utf-8", "replace").strip())
