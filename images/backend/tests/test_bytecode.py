"""Bytecode that is read during the waiting time, and runs when its module is imported."""

import importlib
import sys
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

from start_up.bytecode import importing_from, read_bytecode


class Reading:
    """A reading that is over after this number of checks."""

    def __init__(self, looks: int = 1000) -> None:
        self.looks = looks
        self.failed = False

    @property
    def over(self) -> bool:
        self.looks -= 1
        return self.looks < 0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def write(folder: Path, **modules: str) -> dict[str, str]:
    """Writes modules into the folder. Returns their paths."""
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source)
    return {name: str(folder / f"{name}.py") for name in modules}


def test_reading_runs_no_module(folder: Path) -> None:
    files = write(folder, read_one="raise ValueError")
    assert set(read_bytecode(files, Reading())) == set(files.values())
    assert "read_one" not in sys.modules


def test_an_import_uses_the_bytecode_that_was_read(folder: Path) -> None:
    files = write(folder, read_one="VALUE = 'as it was read'\n")
    found = read_bytecode(files, Reading())
    write(folder, read_one="VALUE = 'as it is now, and longer'\n")
    with importing_from(found):
        assert importlib.import_module("read_one").VALUE == "as it was read"
    assert found == {}


def test_a_module_that_was_read_is_like_any_other(folder: Path) -> None:
    files = write(folder, read_one="def fail(): raise ValueError\n", plain="")
    with importing_from(read_bytecode({"read_one": files["read_one"]}, Reading())):
        module, plain = importlib.import_module("read_one"), importlib.import_module("plain")
    assert module.__file__ == files["read_one"] == module.fail.__code__.co_filename
    assert module.__spec__ is not None
    assert plain.__spec__ is not None
    assert type(module.__loader__) is type(plain.__loader__) is SourceFileLoader
    assert module.__cached__ is not None
    assert importlib.reload(module).__file__ == module.__file__


def test_a_module_that_was_not_read_is_imported_normally(folder: Path) -> None:
    write(folder, read_one="VALUE = 1\n")
    with importing_from({}):
        assert importlib.import_module("read_one").VALUE == 1


def test_ends_with_the_reading_of_the_secrets(folder: Path) -> None:
    files = write(folder, read_one="", read_two="", read_three="")
    assert list(read_bytecode(files, Reading(looks=2))) == [files["read_one"], files["read_two"]]


def test_reads_nothing_if_there_is_nothing_to_wait_for(folder: Path) -> None:
    assert read_bytecode(write(folder, read_one=""), Reading(looks=0)) == {}


def test_reads_nothing_that_is_imported_already(folder: Path) -> None:
    files = write(folder, read_one="", read_two="")
    importlib.import_module("read_one")
    assert list(read_bytecode(files, Reading())) == [files["read_two"]]


@pytest.mark.parametrize("source", [None, "def", "\0"])
def test_a_file_that_cannot_be_read_is_left_to_the_import(folder: Path, source: str | None) -> None:
    files = write(folder, good="", broken=source or "", after="")
    if source is None:
        Path(files["broken"]).unlink()
    found = read_bytecode(files, Reading())
    assert list(found) == [files["good"]]
    with importing_from(found), pytest.raises((ImportError, SyntaxError, ValueError)):
        importlib.import_module("broken")


def test_a_failed_import_restores_the_loader() -> None:
    before = SourceFileLoader.get_code
    with pytest.raises(OSError, match="no"), importing_from({}):
        raise OSError("no")
    assert SourceFileLoader.get_code is before


def test_a_loader_method_of_the_application_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SourceFileLoader, "get_code", SourceFileLoader.get_code)

    def own(loader: SourceFileLoader, fullname: str) -> None:
        """A loader of a tool that measures or changes code."""

    with importing_from({}):
        SourceFileLoader.get_code = own  # type: ignore[method-assign, assignment]
    assert SourceFileLoader.get_code is own
