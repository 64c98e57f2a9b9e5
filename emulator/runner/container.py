"""An image as Docker runs it: the very container that goes to Lambda, as far as a daemon can imitate it."""

from __future__ import annotations

import os
import subprocess
import uuid
from dataclasses import dataclass

from emulator.runner.launch import Launch, Wish

USER = "993:990"
"""An account without rights: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#images-reqs"""


@dataclass(frozen=True)
class Container:
    image: str
    """The image's reference in the daemon at hand."""

    def launch(self, wish: Wish) -> Launch:
        """The container with Lambda's bounds: a read-only root, a user without rights, its memory.

        It shares the network of this machine, because the Runtime API and AWS's APIs answer on loopback.
        When the server is gone, so is its Runtime API, and the runtime in the container ends by itself.
        """
        name = f"kairos-{uuid.uuid4().hex[:12]}"
        variables = {name: value for name, value in wish.variables.items() if not name.startswith("DOCKER_")}
        arguments = [
            *("docker", "run", "--rm", "--name", name, "--network", "host"),
            *("--read-only", "--tmpfs", "/tmp", "--user", USER, "--cap-drop", "ALL"),
            *("--memory", f"{wish.memory}m"),
            # By name alone: the client takes the values from its own variables, out of sight of `ps`.
            *(part for variable in variables for part in ("--env", variable)),
            self.image,
            *wish.command,
        ]
        return Launch(
            arguments=tuple(arguments),
            variables={**_client_variables(), **variables},
            folder=None,
            descriptors=(),
            end=lambda: _kill(name),
        )


def _client_variables() -> dict[str, str]:
    """What leads the client to its daemon."""
    return {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "DOCKER_HOST")}


def _kill(name: str) -> None:
    """Not waited for: a container that has ended already is no longer there to be killed."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.Popen(["docker", "kill", name], start_new_session=True, **quiet)
