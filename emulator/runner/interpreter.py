"""A Python for a backend, found by running it, and its environment, created by uv from its lock file."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from emulator.runner.launch import Launch, Signals, Wish
from emulator.runner.making import UnusableBackend, made, run
from emulator.runner.task import DOCKERFILE, task_folder

CLIENT = Path(__file__).parent / "client"
"""The Runtime Interface Client's requirements, and its replacement client for platforms without a wheel."""
BOUNDS = Path(__file__).parent / "bounds"
"""A module that prevents a process from writing where a function cannot."""
CONVERTER = Path("kairos_image/requirements.py")
"""Converts poetry.lock into requirements with hashes, with the same code as the image."""

_BASE = re.compile(r"^ARG BASE_IMAGE=\S*/python:(\d+)\.(\d+)\.", re.MULTILINE)
"""The version of Python in the recipe's base image."""

_PROBE = (
    "import json,sys,sysconfig;print(json.dumps([sys.version_info[:2],sysconfig.get_config_var('SOABI') or "
    "sys.implementation.cache_tag,sys.base_prefix,sys.executable]))"
)


@dataclass(frozen=True)
class Interpreter:
    command: str
    version: tuple[int, int]
    identity: str
    """What installed packages depend on: the binary interface and the path of the interpreter."""


@dataclass(frozen=True)
class Place:
    """Everything that is needed to start a process of a backend."""

    python: Path
    """The interpreter of the environment with the backend's packages."""
    task: Path
    """The working directory: the content of /var/task in the image, except the packages."""
    paths: tuple[Path, ...]
    """The additional content of PYTHONPATH."""
    version: tuple[int, int]

    def launch(self, wish: Wish) -> Launch:
        """The Runtime Interface Client as a process on this machine."""
        reserved = {
            "AWS_EXECUTION_ENV": f"AWS_Lambda_python{self.version[0]}.{self.version[1]}",
            "LAMBDA_TASK_ROOT": str(self.task),
            "LAMBDA_RUNTIME_DIR": str(self.paths[-1]),
            # The home of Lambda's user, which does not exist.
            "HOME": "/home/sbx_user1051",
            "LANG": "en_US.UTF-8",
            "PATH": f"{self.python.parent}:/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": os.pathsep.join(map(str, self.paths)),
            "TZ": ":UTC",
            "_LAMBDA_TELEMETRY_LOG_FD": str(wish.frames),
        }
        return Launch(
            arguments=(str(self.python), "-m", "awslambdaric", *wish.command),
            variables={**wish.variables, **reserved},
            folder=self.task,
            descriptors=(wish.frames,),
            freezer=Signals(),
        )


def cache_folder() -> Path:
    """The folder for files that take long to create and can be created again."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "kairos-infrastructure"


async def prepare(context: Path, cache: Path, tasks: Path) -> Place:
    """Find a Python that the backend allows, and create the environment and the task, once. Raises
    UnusableBackend.
    """
    if not (context / CONVERTER).is_file():
        raise UnusableBackend(
            f"{context / CONVERTER} is missing: an image of the backend's own Dockerfile needs Docker"
        )
    interpreter, requirements = await _choose(context)
    packages = await _packages(interpreter, requirements, cache)
    client = await _client(interpreter, cache)
    task = await task_folder(context, interpreter.command, tasks)
    return Place(packages / "bin" / "python", task, (BOUNDS, *client), interpreter.version)


async def _choose(context: Path) -> tuple[Interpreter, str]:
    """The first Python that runs and that requires-python allows, with the requirements for it.

    If the Python of the image refuses the lock file, the build fails. So no other Python is used, unless it
    is named.
    """
    base = _BASE.search((context / DOCKERFILE).read_text())
    refused = []
    for command in _candidates():
        interpreter = await _probe(command)
        if interpreter is None:
            continue
        code, output, problem = await run(interpreter.command, str(context / CONVERTER), str(context))
        if code == 0:
            return interpreter, output
        last = (problem.strip().splitlines() or [f"exit code {code}"])[-1]
        of_image = base is not None and interpreter.version == (int(base[1]), int(base[2]))
        if of_image and not os.environ.get("KAIROS_PYTHON"):
            raise UnusableBackend(
                f"the image cannot be built: {last}; "
                "with a base image of another Python, name that in KAIROS_PYTHON"
            )
        refused.append(f"{command} is {'.'.join(map(str, interpreter.version))}: {last}")
    found = "; ".join(refused) or "no Python was found"
    raise UnusableBackend(
        f"no Python here can run the backend ({found}); "
        "install the one that it requires, or name it in KAIROS_PYTHON"
    )


def _candidates() -> list[str]:
    """In order of preference: the image runs 3.12. pyenv puts only its active versions on the path."""
    if named := os.environ.get("KAIROS_PYTHON"):
        return [named]
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = []
    for minor in ("3.12", "3.13", "3.11"):
        found.append(f"python{minor}")
        found += [str(folder / "bin" / "python") for folder in sorted(root.glob(f"{minor}.*"), reverse=True)]
    return [*found, "python3", sys.executable]


async def _probe(command: str) -> Interpreter | None:
    """Run a Python to identify it, because a version manager puts commands on the path that only print an
    error.
    """
    if shutil.which(command) is None:
        return None
    code, output, _ = await run(command, "-c", _PROBE)
    if code != 0:
        return None
    try:
        version, abi, prefix, executable = json.loads(output)
    except ValueError:
        return None
    return Interpreter(
        executable, (version[0], version[1]), f"{abi} {prefix} {platform.platform(terse=True)}"
    )


async def _packages(interpreter: Interpreter, requirements: str, cache: Path) -> Path:
    """The environment with the backend's packages."""
    home = cache / "packages" / _key(interpreter, requirements)
    if home.is_dir():
        return home

    async def make(draft: Path) -> None:
        listed = draft.parent / f"{draft.name}.txt"
        listed.write_text(requirements)
        try:
            await _uv("venv", "--quiet", "--no-project", "--python", interpreter.command, str(draft))
            await _uv(
                *("pip", "install", "--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:"),
                *(
                    "--compile-bytecode",
                    "--python",
                    str(draft / "bin" / "python"),
                    "--requirement",
                    str(listed),
                ),
            )
        finally:
            listed.unlink()
        # The image's recipe leaves out the scripts of the packages.
        for script in (draft / "bin").iterdir():
            if not script.name.startswith("python"):
                script.unlink()

    return await made(home, make)


async def _client(interpreter: Interpreter, cache: Path) -> tuple[Path, ...]:
    """The folder of the Runtime Interface Client, separate from the backend's packages.

    It only has wheels for Linux with glibc. On other platforms the Python code of the wheel is used with a
    replacement for the native client, which cannot be imported there.
    """
    requirements = (CLIENT / "requirements.txt").read_text()
    home = cache / "runtime-interface-client" / _key(interpreter, requirements)
    native = sys.platform == "linux" and platform.libc_ver()[0] == "glibc"

    async def make(draft: Path) -> None:
        machine = "aarch64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
        foreign = [] if native else ["--python-platform", f"{machine}-manylinux2014"]
        await _uv(
            *(
                "pip",
                "install",
                "--quiet",
                "--require-hashes",
                "--no-deps",
                "--only-binary",
                ":all:",
                *foreign,
            ),
            *("--compile-bytecode", "--python", interpreter.command, "--target", str(draft)),
            *("--requirement", str(CLIENT / "requirements.txt")),
        )

    folder = await made(home, make)
    return (folder,) if native else (CLIENT, folder)


def _key(interpreter: Interpreter, requirements: str) -> str:
    return hashlib.sha256(f"{interpreter.identity}\n{requirements}".encode()).hexdigest()[:16]


async def _uv(*arguments: str) -> None:
    from uv import find_uv_bin

    code, _, problem = await run(str(find_uv_bin()), *arguments)
    if code != 0:
        last = "; ".join(problem.strip().splitlines()[-3:])
        raise UnusableBackend(
            f"the backend's packages cannot be installed: {last or f'uv exited with {code}'}"
        )
