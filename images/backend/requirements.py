"""Turns a poetry.lock into requirements with hashes, for pip and uv, without Poetry.

    python requirements.py FOLDER > requirements.txt

FOLDER holds the backend's pyproject.toml and poetry.lock. What is written are the packages of the group
`main`, each with its version, its marker and the hashes of all its files. Needs Python 3.11 or newer.
"""

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

OLDEST_LOCK = (2, 1)
"""The first format that says which group needs a package."""
ELSEWHERE = {"git", "url", "file", "directory"}


class UnusableLock(Exception):
    """The lock file cannot be turned into requirements; the message says why and what to do."""


def requirements(folder: Path, python: tuple[int, int]) -> str:
    """The requirements of the backend in a folder, for a Python version. Raises UnusableLock."""
    project = _read(folder / "pyproject.toml").get("project", {})
    lock = _read(folder / "poetry.lock")
    _refuse_python(str(project.get("requires-python", "")), python)
    _refuse_old(str(lock.get("metadata", {}).get("lock-version", "")))
    lines = [
        _line(package)
        for package in lock.get("package", [])
        if "main" in package.get("groups", []) and not package.get("optional", False)
    ]
    return "".join(f"{line}\n" for line in sorted(lines))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnusableLock(f"{path} is missing; run: poetry lock") from None
    except tomllib.TOMLDecodeError as error:
        raise UnusableLock(f"{path} is not valid TOML: {error}") from None


def _refuse_old(version: str) -> None:
    numbers = tuple(int(part) for part in version.split(".") if part.isdigit())
    if numbers < OLDEST_LOCK:
        raise UnusableLock(
            f"poetry.lock has format {version or '(none)'}, which does not say what the group main holds; "
            "lock again with Poetry 2.1 or newer: poetry lock"
        )


def _refuse_python(requires: str, python: tuple[int, int]) -> None:
    """A lock's markers would leave out every package for another Python, and nobody would notice."""
    for clause in filter(None, (part.strip() for part in requires.split(","))):
        match = re.fullmatch(r"(>=|<=|>|<|==|!=|~=)\s*(\d+)(?:\.(\d+))?(?:\.(?:\d+|\*))*", clause)
        if match is None:
            raise UnusableLock(
                f"requires-python of pyproject.toml has a clause that is not understood: {clause!r}"
            )
        operator, major, minor = match.groups()
        bound = (int(major), int(minor or 0))
        admitted = {
            ">=": python >= bound,
            "<=": python <= bound,
            ">": python > bound or (python == bound and clause.count(".") > 1),
            "<": python < bound,
            "==": python == bound or (minor is None and python[0] == bound[0]),
            "!=": python != bound or clause.count(".") > 1,
            "~=": python >= bound and python[0] == bound[0],
        }[operator]
        if not admitted:
            raise UnusableLock(
                f"the backend requires Python {requires}, and this is Python {python[0]}.{python[1]}; "
                "take a base image with one that it admits (BASE_IMAGE)"
            )


def _line(package: dict[str, Any]) -> str:
    name, version = package["name"], package["version"]
    if package.get("source", {}).get("type") in ELSEWHERE:
        raise UnusableLock(
            f"{name} comes from {package['source'].get('url', 'elsewhere')}, not from a package index, "
            "so there is no hash to check it by; depend on a released version"
        )
    hashes = [file["hash"] for file in package.get("files", [])]
    if not hashes:
        raise UnusableLock(f"{name} has no file with a hash in poetry.lock; lock again: poetry lock")
    markers = package.get("markers")
    # One marker for all groups, or one for each.
    marker = markers.get("main") if isinstance(markers, dict) else markers
    condition = f" ; {marker}" if marker else ""
    return f"{name}=={version}{condition} " + " ".join(f"--hash={value}" for value in sorted(hashes))


if __name__ == "__main__":
    try:
        sys.stdout.write(requirements(Path(sys.argv[1]), sys.version_info[:2]))
    except UnusableLock as error:
        raise SystemExit(f"requirements.py: {error}") from None
