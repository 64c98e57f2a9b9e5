"""Converts a poetry.lock into requirements with hashes, for pip and uv, without Poetry.

    python requirements.py FOLDER > requirements.txt

FOLDER contains the backend's pyproject.toml and poetry.lock. The output lists the packages of the group
`main`, each with its version, its marker and the hashes of all its files. Needs Python 3.11 or newer.
"""

import hashlib
import importlib
import json
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit, urlunsplit

OLDEST_LOCK = (2, 1)
"""The first format that says which group needs a package."""
FIRST_OTHER_LOCK = (3,)
"""Poetry itself reads no format from this one on: poetry/packages/locker.py, `_READ_VERSION_RANGE`."""
ELSEWHERE = {"git", "url", "file", "directory"}
PYPI = ("https", "pypi.org", "/simple")
"""The index that is used, also if a lock file names it: https://python-poetry.org/docs/repositories/"""
ONE_LINE = {
    "name": re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?"),
    "version": re.compile(r"[A-Za-z0-9.!+_-]+"),
    "marker": re.compile(r"(?!.* -)[\w .\"'<>=!~(),*+/-]+"),
    "hash": re.compile(r"sha(256|384|512):\w+"),
}
"""Text that is safe in a requirements file: a line break or an option would install something else.

https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""
FIRST_WITH_GROUPS = (2, 3)
"""The first Poetry whose content hash includes [dependency-groups]."""


class UnusableLock(Exception):
    """The lock file cannot be converted; the message says why and what to do."""


def requirements(folder: Path, python: str) -> str:
    """The requirements of the backend in a folder, for a Python such as `3.12.1`. Raises UnusableLock."""
    pyproject = _read(folder / "pyproject.toml")
    text, lock = _text(folder / "poetry.lock"), _read(folder / "poetry.lock")
    _refuse_no_tables(pyproject, lock)
    metadata = lock.get("metadata", {})
    _refuse_python(str(pyproject.get("project", {}).get("requires-python", "")), python)
    _refuse_other_format(str(metadata.get("lock-version", "")))
    _refuse_no_packages(lock.get("package", []))
    _refuse_stale(pyproject, str(metadata.get("content-hash", "")), text.partition("\n")[0])
    # Poetry's own range, which is the only one in a project that has only [tool.poetry].
    _refuse_python(_standard_range(str(metadata.get("python-versions", ""))), python)
    lines = [
        _line(package)
        for package in lock.get("package", [])
        if "main" in package.get("groups", []) and not package.get("optional", False)
    ]
    return "".join(f"{line}\n" for line in sorted(lines))


def content_hash(pyproject: dict[str, Any], *, with_groups: bool = True) -> str:
    """The hash that Poetry writes into a lock file, to check later whether it belongs to this pyproject.toml.

    poetry/packages/locker.py of Poetry 2.0 to 2.5; before 2.3 without [dependency-groups].
    """
    project, poetry = pyproject.get("project", {}), pyproject.get("tool", {}).get("poetry", {})
    groups = pyproject.get("dependency-groups", {}) if with_groups else {}
    names = ("requires-python", "dependencies", "optional-dependencies")
    content: dict[str, Any] = {}
    if standard := {name: project[name] for name in names if project.get(name) is not None}:
        content["project"] = standard
    if groups:
        content["dependency-groups"] = groups
    own = {name: poetry.get(name) for name in ("dependencies", "source", "extras", "dev-dependencies")}
    if content:
        own = {name: value for name, value in own.items() if value is not None}
    if poetry.get("group") is not None:
        own["group"] = poetry["group"]
    content = content | {"tool": {"poetry": own}} if content else own
    # Poetry cannot lock a value that JSON does not support, such as a date instead of a version. So no hash
    # matches.
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UnusableLock(f"{path} is missing; run: poetry lock") from None
    except OSError as error:
        raise UnusableLock(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UnusableLock(f"{path} is not UTF-8, at byte {error.start}; save it as such") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        advice = "; lock again: poetry lock" if path.name == "poetry.lock" else ""
        raise UnusableLock(f"{path} is not valid TOML: {error}{advice}") from None


def _refuse_no_tables(pyproject: dict[str, Any], lock: dict[str, Any]) -> None:
    """Invalid TOML, such as an unresolved merge conflict."""
    tables = {
        "[project] in pyproject.toml": pyproject.get("project", {}),
        "[dependency-groups] in pyproject.toml": pyproject.get("dependency-groups", {}),
        "[tool] in pyproject.toml": (tool := pyproject.get("tool", {})),
        "[tool.poetry] in pyproject.toml": tool.get("poetry", {}) if isinstance(tool, dict) else {},
        "[metadata] in poetry.lock": lock.get("metadata", {}),
    }
    if wrong := [name for name, table in tables.items() if not isinstance(table, dict)]:
        raise UnusableLock(f"{' and '.join(wrong)} is not a table; write it as one")


def _refuse_no_packages(packages: object) -> None:
    if not isinstance(packages, list) or not all(map(_is_package, packages)):
        raise UnusableLock(
            "poetry.lock has a package without name, version, groups or files with their hashes, "
            "which Poetry always writes; lock again: poetry lock"
        )


def _is_package(package: object) -> bool:
    if not isinstance(package, dict):
        return False
    texts, lists = (
        (package.get("name"), package.get("version")),
        (package.get("groups"), package.get("files")),
    )
    return (
        all(isinstance(text, str) and text for text in texts)
        and all(isinstance(each, list) for each in lists)
        and all(isinstance(file, dict) and isinstance(file.get("hash"), str) for file in package["files"])
        and isinstance(package.get("source", {}), dict)
    )


def _refuse_other_format(version: str) -> None:
    numbers = tuple(int(part) for part in version.split(".") if part.isdigit())
    if numbers < OLDEST_LOCK:
        raise UnusableLock(
            f"poetry.lock has format {version or '(none)'}, which does not say what the group main holds; "
            "lock again with Poetry 2.1 or newer: poetry lock"
        )
    if numbers >= FIRST_OTHER_LOCK:
        raise UnusableLock(
            f"poetry.lock has format {version}, which is newer than this reads; "
            "lock again with Poetry 2: poetry lock"
        )


def _refuse_stale(pyproject: dict[str, Any], found: str, first_line: str) -> None:
    """A dependency that is not locked would be missing in the image."""
    accepted = {content_hash(pyproject)}
    by = re.search(r"Poetry (\d+)\.(\d+)", first_line)
    if by and (int(by[1]), int(by[2])) < FIRST_WITH_GROUPS:
        accepted.add(content_hash(pyproject, with_groups=False))
    if found not in accepted:
        raise UnusableLock(
            "poetry.lock does not belong to pyproject.toml, which has changed since it was locked; "
            "lock again: poetry lock"
        )


def _refuse_python(requires: str, python: str) -> None:
    """The markers of a lock file would leave out every package for another Python, without an error."""
    if not requires:
        return
    specifiers = _specifiers()
    try:
        # One set for each alternative. Only Poetry's own ranges have alternatives.
        admitted = any(
            specifiers.SpecifierSet(part).contains(python, prereleases=True) for part in requires.split("||")
        )
    except specifiers.InvalidSpecifier:
        raise UnusableLock(
            f"the range of Pythons {requires!r} is not understood; write it as >=3.12,<4.0"
        ) from None
    if not admitted:
        raise UnusableLock(
            f"the backend requires Python {requires}, and this is Python {python}; "
            "take a base image with one that it admits (BASE_IMAGE)"
        )


def _standard_range(requires: str) -> str:
    """A range of Poetry in the syntax of the standard, with alternatives still separate.

    https://python-poetry.org/docs/dependency-specification/#version-constraints
    """
    alternatives = [alternative.strip() for alternative in re.split(r"\|\|?", requires)]
    return "||".join(_standard_clauses(alternative) for alternative in alternatives)


def _standard_clauses(alternative: str) -> str:
    found = re.findall(r"(\^|~=|~(?!=)|[<>]=?|===?|!=)?\s*([\w.*+-]+)", alternative)
    return ",".join(filter(None, (_standard_clause(operator, version) for operator, version in found)))


def _standard_clause(operator: str, version: str) -> str:
    if version == "*":
        return ""
    numbers = [int(part) for part in version.split(".") if part.isdigit()]
    if operator == "^":
        return f">={version},<{numbers[0] + 1}"
    if operator == "~":
        above = f"{numbers[0]}.{numbers[1] + 1}" if len(numbers) > 1 else f"{numbers[0] + 1}"
        return f">={version},<{above}"
    return f"{operator or '=='}{version}"


def _specifiers() -> ModuleType:
    """The `packaging` library, which compares versions by the standard. pip contains it."""
    for name in ("packaging.specifiers", "pip._vendor.packaging.specifiers"):
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            continue
    # An environment without pip: the interpreter contains the wheel that it would install.
    try:
        import ensurepip

        sys.path += map(str, (Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
        return importlib.import_module("pip._vendor.packaging.specifiers")
    except ModuleNotFoundError:
        raise UnusableLock(
            f"{sys.executable} has neither packaging nor pip to compare versions with; install one of them"
        ) from None


def _line(package: dict[str, Any]) -> str:
    name, version = package["name"], package["version"]
    source = package.get("source", {})
    place = _without_password(str(source.get("url", "elsewhere")))
    if source.get("type") in ELSEWHERE:
        raise UnusableLock(
            f"{name} comes from {place}, not from a package index, "
            "so there is no hash to check it by; depend on a released version"
        )
    if source and _place(str(source.get("url", ""))) != PYPI:
        raise UnusableLock(
            f"{name} comes from the index {source.get('reference', '')} at {place}, which the image's build "
            "does not use, so another package of that name could be installed; depend on one of pypi.org, "
            "or use your own Dockerfile (docs/image.md)"
        )
    hashes = [file["hash"] for file in package.get("files", [])]
    if not hashes:
        raise UnusableLock(f"{name} has no file with a hash in poetry.lock; lock again: poetry lock")
    markers = package.get("markers")
    # One marker for all groups, or one for each.
    marker = markers.get("main") if isinstance(markers, dict) else markers
    told = [("name", name), ("version", version), *(("hash", value) for value in hashes)]
    for kind, text in [*told, ("marker", str(marker))] if marker else told:
        if not ONE_LINE[kind].fullmatch(text):
            raise UnusableLock(f"{name!r} has a {kind} that Poetry never writes; lock again: poetry lock")
    condition = f" ; {marker}" if marker else ""
    return f"{name}=={version}{condition} " + " ".join(f"--hash={value}" for value in sorted(hashes))


def _place(address: str) -> tuple[str, str | None, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.path.rstrip("/")


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("requirements.py: give one folder, which holds pyproject.toml and poetry.lock")
    try:
        sys.stdout.write(requirements(Path(sys.argv[1]), ".".join(map(str, sys.version_info[:3]))))
    except UnusableLock as error:
        raise SystemExit(f"requirements.py: {error}") from None
