"""Imports while the secrets are read. If one fails, nothing changes."""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from start_up.ahead import Recorded, import_ahead, recorded


class Reading:
    """A reading that is over once a module of the test was imported."""

    def __init__(self, until: str = "", *, fails: bool = False) -> None:
        self.until = until
        self.fails = fails

    @property
    def over(self) -> bool:
        return self.until in sys.modules

    @property
    def failed(self) -> bool:
        return self.fails and self.over


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def record(folder: Path, *modules: str, lock: bytes = b"a lock", **files: str) -> None:
    (folder / "poetry.lock").write_bytes(b"a lock")
    found = {"lock": hashlib.sha256(lock).hexdigest(), "modules": modules, "files": files}
    (folder / "imports.json").write_text(json.dumps(found))


def test_reads_what_was_recorded(folder: Path) -> None:
    record(folder, "one", "two", three="/a/three.py")
    assert recorded() == Recorded(["one", "two"], {"three": "/a/three.py"})


def test_ignores_a_list_for_another_lock(folder: Path) -> None:
    record(folder, "one", lock=b"another lock")
    assert recorded() == ([], {})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "half of {",
        "\0",
        "[]",
        "1",
        '{"lock": "LOCK"}',
        '{"lock": "LOCK", "modules": {"a": 1}, "files": {}}',
        '{"lock": "LOCK", "modules": ["a", 1], "files": {}}',
        '{"lock": "LOCK", "modules": ["a"]}',
        '{"lock": "LOCK", "modules": ["a"], "files": ["b"]}',
        '{"lock": "LOCK", "modules": ["a"], "files": {"b": 1}}',
        '{"modules": ["a"], "files": {}}',
    ],
)
def test_ignores_a_list_that_record_has_not_written(folder: Path, text: str) -> None:
    """A backend may have its own file with that name."""
    (folder / "poetry.lock").write_bytes(b"a lock")
    lock = hashlib.sha256(b"a lock").hexdigest()
    (folder / "imports.json").write_text(text.replace("LOCK", lock))
    assert recorded() == ([], {})


def test_ignores_a_list_that_is_not_text(folder: Path) -> None:
    record(folder, "one")
    (folder / "imports.json").write_bytes(b"\xff\xfe\x00")
    assert recorded() == ([], {})


@pytest.mark.parametrize("missing", ["poetry.lock", "imports.json"])
def test_imports_nothing_without_a_list(folder: Path, missing: str) -> None:
    record(folder, "one")
    (folder / missing).unlink()
    assert recorded() == ([], {})


def write(folder: Path, **modules: str) -> list[str]:
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source)
    return list(modules)


def imported(names: list[str]) -> list[str]:
    return [name for name in names if name in sys.modules]


def test_imports_everything_during_the_reading(folder: Path) -> None:
    names = write(folder, ahead_one="", ahead_two="")
    import_ahead(names, Reading(until="never"))
    assert imported(names) == names


def test_leaves_the_rest_to_the_application_after_the_reading(folder: Path) -> None:
    names = write(folder, ahead_one="", ahead_two="", ahead_three="")
    import_ahead(names, Reading(until="ahead_two"))
    assert imported(names) == ["ahead_one", "ahead_two"]


def test_imports_nothing_if_there_is_nothing_to_wait_for(folder: Path) -> None:
    names = write(folder, ahead_one="")
    import_ahead(names, Reading(until="sys"))
    assert imported(names) == []


def test_a_package_is_imported_completely_even_if_the_reading_ends_before(folder: Path) -> None:
    names = write(folder, ahead_whole="import ahead_part\nimport ahead_rest\n", ahead_part="", ahead_rest="")
    import_ahead(names[:1], Reading(until="ahead_part"))
    assert imported(names) == names


def test_the_import_of_a_package_is_stopped_if_the_reading_fails(folder: Path) -> None:
    source = "import ahead_part\ntry:\n    import ahead_rest\nexcept Exception:\n    pass\n"
    names = write(folder, ahead_whole=source, ahead_part="", ahead_rest="", ahead_next="")
    import_ahead(["ahead_whole", "ahead_next"], Reading(until="ahead_part", fails=True))
    assert imported(names) == ["ahead_part"]


def test_another_thread_may_complete_its_imports(folder: Path) -> None:
    """Even after the deadline, in its own thread."""
    source = (
        "import importlib, sys, threading\nsys.modules['ahead_late'] = sys\n"
        "t = threading.Thread(target=importlib.import_module, args=('ahead_part',))\nt.start()\nt.join()\n"
    )
    names = write(folder, ahead_whole=source, ahead_part="")
    import_ahead(names[:1], Reading(until="ahead_late", fails=True))
    assert imported(names) == names


@pytest.mark.parametrize(
    "source",
    [
        "raise ValueError",
        "import sys\nsys.exit(1)",
        "raise KeyboardInterrupt",
        "import a_module_that_is_missing",
        "def",
    ],
)
def test_a_module_that_cannot_be_imported_changes_nothing(folder: Path, source: str) -> None:
    names = write(folder, ahead_good="", ahead_broken=source, ahead_next="")
    before = list(sys.meta_path)
    import_ahead(names, Reading(until="never"))
    assert imported(names) == ["ahead_good"]
    assert sys.meta_path == before


def test_does_not_change_the_import_system(folder: Path) -> None:
    before = list(sys.meta_path)
    import_ahead(write(folder, ahead_one=""), Reading(until="never"))
    assert sys.meta_path == before


def test_a_module_that_removes_every_finder_does_no_harm(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    (folder / "robber.py").write_text("import sys\nsys.meta_path[:] = sys.meta_path[1:]\n")
    import_ahead(["robber"], Reading("nothing"))
    assert "robber" in sys.modules
