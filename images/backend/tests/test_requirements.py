"""From poetry.lock to requirements with hashes."""

import subprocess
import sys
from pathlib import Path

import pytest

from requirements import UnusableLock, requirements

BACKEND = Path(__file__).parents[3] / "examples" / "backend"
PYPROJECT = '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.12,<4.0"\n'
METADATA = '[metadata]\nlock-version = "2.1"\n'


def package(name: str, *, groups: str = '["main"]', hashes: int = 1, more: str = "") -> str:
    files = ", ".join(f'{{file = "{name}-{n}.whl", hash = "sha256:{n}{name}"}}' for n in range(hashes))
    return (
        f'[[package]]\nname = "{name}"\nversion = "1.0"\noptional = false\ngroups = {groups}\n'
        f"files = [{files}]\n{more}\n"
    )


def convert(folder: Path, lock: str, pyproject: str = PYPROJECT, python: tuple[int, int] = (3, 12)) -> str:
    (folder / "pyproject.toml").write_text(pyproject)
    (folder / "poetry.lock").write_text(lock)
    return requirements(folder, python)


def test_gives_each_package_with_all_its_hashes(tmp_path: Path) -> None:
    text = convert(tmp_path, package("b", hashes=2) + package("a") + METADATA)
    assert text == "a==1.0 --hash=sha256:0a\nb==1.0 --hash=sha256:0b --hash=sha256:1b\n"


def test_leaves_out_other_groups_and_optional_packages(tmp_path: Path) -> None:
    optional = package("extra").replace("optional = false", "optional = true")
    text = convert(tmp_path, package("dev", groups='["dev"]') + optional + package("a") + METADATA)
    assert text.startswith("a==1.0 ")
    assert text.count("\n") == 1


def test_takes_a_package_of_several_groups(tmp_path: Path) -> None:
    assert "both==1.0" in convert(tmp_path, package("both", groups='["dev", "main"]') + METADATA)


@pytest.mark.parametrize(
    "markers",
    [
        "markers = \"sys_platform == 'win32'\"",
        "markers = {main = \"sys_platform == 'win32'\", dev = \"extra == 'x'\"}",
    ],
)
def test_keeps_the_marker_of_the_main_group(tmp_path: Path, markers: str) -> None:
    text = convert(tmp_path, package("a", more=markers) + METADATA)
    assert text == "a==1.0 ; sys_platform == 'win32' --hash=sha256:0a\n"


def test_has_no_marker_when_only_another_group_has_one(tmp_path: Path) -> None:
    text = convert(tmp_path, package("a", more="markers = {dev = \"extra == 'x'\"}") + METADATA)
    assert ";" not in text


@pytest.mark.parametrize("version", ['lock-version = "2.0"', 'lock-version = "1.1"', ""])
def test_refuses_an_older_lock(tmp_path: Path, version: str) -> None:
    with pytest.raises(UnusableLock, match="lock again with Poetry 2"):
        convert(tmp_path, package("a") + f"[metadata]\n{version}\n")


@pytest.mark.parametrize("kind", ["git", "url", "file", "directory"])
def test_refuses_a_package_from_elsewhere(tmp_path: Path, kind: str) -> None:
    source = f'[package.source]\ntype = "{kind}"\nurl = "https://example.com/a"\n'
    with pytest.raises(UnusableLock, match=r"a comes from https://example\.com/a"):
        convert(tmp_path, package("a", more=source) + METADATA)


def test_refuses_a_package_without_hashes(tmp_path: Path) -> None:
    with pytest.raises(UnusableLock, match="a has no file with a hash"):
        convert(tmp_path, package("a", hashes=0) + METADATA)


@pytest.mark.parametrize(
    ("requires", "python", "admitted"),
    [
        (">=3.12,<4.0", (3, 12), True),
        (">=3.12,<4.0", (3, 13), True),
        (">=3.12,<4.0", (3, 11), False),
        (">=3.11,<3.13", (3, 13), False),
        (">= 3.11, < 3.13", (3, 12), True),
        ("==3.12.*", (3, 12), True),
        ("==3.12.*", (3, 13), False),
        ("~=3.11", (3, 13), True),
        ("!=3.12,>=3.11", (3, 12), False),
        ("<=3.12", (3, 12), True),
        (">3.12", (3, 12), False),
        (">3.12.1", (3, 12), True),
        ("", (3, 11), True),
    ],
)
def test_refuses_a_python_that_the_backend_does_not_admit(
    tmp_path: Path, requires: str, python: tuple[int, int], admitted: bool
) -> None:
    pyproject = f'[project]\nname = "x"\nversion = "1"\nrequires-python = "{requires}"\n'
    if admitted:
        assert convert(tmp_path, package("a") + METADATA, pyproject, python)
    else:
        with pytest.raises(UnusableLock, match="requires Python"):
            convert(tmp_path, package("a") + METADATA, pyproject, python)


def test_refuses_a_requirement_that_it_does_not_understand(tmp_path: Path) -> None:
    with pytest.raises(UnusableLock, match=r"not understood: '\^3\.12'"):
        convert(tmp_path, METADATA, PYPROJECT.replace(">=3.12,<4.0", "^3.12"))


def test_says_what_is_missing_or_broken(tmp_path: Path) -> None:
    with pytest.raises(UnusableLock, match=r"pyproject\.toml is missing"):
        requirements(tmp_path, (3, 12))
    with pytest.raises(UnusableLock, match=r"poetry\.lock is not valid TOML"):
        convert(tmp_path, "[")


def test_the_command_prints_what_the_example_needs() -> None:
    command = [sys.executable, str(Path(__file__).parents[1] / "requirements.py"), str(BACKEND)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "fastapi==0.115.13 --hash=sha256:" in text
    assert "mangum==0.19.0 --hash=sha256:" in text


def test_the_command_says_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    command = [sys.executable, str(Path(__file__).parents[1] / "requirements.py"), str(tmp_path)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert finished.stdout == ""
    assert finished.stderr.startswith("requirements.py: ")
    assert finished.stderr.count("\n") == 1
