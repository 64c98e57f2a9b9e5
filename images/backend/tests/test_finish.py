"""A folder for an image layer: compiled, and identical for identical files."""

import subprocess
import sys
from pathlib import Path

import pytest

from finish import finish


def folder(parent: Path) -> Path:
    package = parent / "package"
    package.mkdir(parents=True)
    (package / "module.py").write_text("def fail():\n    raise ValueError\n")
    (parent / "data.txt").write_text("x")
    return parent


def test_compiles_so_that_the_source_is_not_checked_again(tmp_path: Path) -> None:
    assert finish(folder(tmp_path), "/var/task")
    (compiled,) = tmp_path.rglob("*.pyc")
    flags = int.from_bytes(compiled.read_bytes()[4:8], "little")
    assert flags == 0b01, "hash-based and unchecked: https://peps.python.org/pep-0552/"


def test_names_the_destination_in_traces(tmp_path: Path) -> None:
    finish(folder(tmp_path), "/var/task")
    (compiled,) = tmp_path.rglob("*.pyc")
    assert b"/var/task/package/module.py" in compiled.read_bytes()
    assert str(tmp_path).encode() not in compiled.read_bytes()


def test_sets_the_same_time_for_every_file(tmp_path: Path) -> None:
    finish(folder(tmp_path), "/var/task")
    assert {path.stat().st_mtime for path in [tmp_path, *tmp_path.rglob("*")]} == {0}


def test_makes_every_file_readable(tmp_path: Path) -> None:
    root = folder(tmp_path / "root")
    script = root / "run"
    script.write_text("x")
    script.chmod(0o700)
    (root / "data.txt").chmod(0o600)
    (root / "package").chmod(0o700)
    finish(root, "/var/task")
    modes = {path.name: path.stat().st_mode & 0o777 for path in [root, *root.rglob("*")]}
    assert {modes["root"], modes["package"], modes["__pycache__"], modes["run"]} == {0o755}
    assert {modes["data.txt"], modes["module.py"]} == {0o644}


def test_writes_equal_bytes_for_equal_files_at_another_path(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two-with-a-longer-name"):
        root = folder(tmp_path / name)
        finish(root, "/var/task")
        found.append(
            {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        )
    assert found[0] == found[1]


def test_fails_if_a_file_cannot_be_compiled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.py").write_text("def\n")
    assert not finish(tmp_path, "/var/task")
    assert "broken.py" in capsys.readouterr().out
    command = [sys.executable, str(Path(__file__).parents[1] / "finish.py"), str(tmp_path), "/var/task"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert "cannot be compiled" in finished.stderr


def test_skips_a_broken_file_of_a_package(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "broken.py").write_text("def\n")
    script = Path(__file__).parents[1] / "finish.py"
    command = [sys.executable, str(script), str(tmp_path), "/var/task", "--skip-broken"]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "broken.py" in finished.stdout
    assert len(list(tmp_path.rglob("*.pyc"))) == 1
