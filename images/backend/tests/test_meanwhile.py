"""The order of the work while the secrets are read, and what the import of the application then uses."""

import dataclasses
import sys
from importlib.machinery import SourceFileLoader
from typing import Any

import pytest

from start_up import meanwhile as module
from start_up.ahead import Recorded
from start_up.compiled import Table
from start_up.meanwhile import meanwhile


class Reading:
    over = failed = False


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    found: list[Any] = []
    monkeypatch.setattr(module, "recorded", lambda: Recorded(["one"], {"two": "/two.py"}))
    monkeypatch.setattr(module, "import_ahead", lambda names, reading: found.append(("import", names)))

    def read(files: dict[str, str], reading: Any) -> dict[str, Any]:
        found.append(("read", files))
        return {}

    monkeypatch.setattr(module, "read_bytecode", read)
    return found


def test_imports_the_projects_modules_first_and_reads_bytecode_last(order: list[Any]) -> None:
    with meanwhile(Reading()):
        order.append("application")
    assert order == [("import", ["start_up.serving", "one"]), ("read", {"two": "/two.py"}), "application"]


def test_the_application_is_imported_with_what_makes_it_cheaper(
    order: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "read_table", lambda: Table({}, {}, {}))
    before = len(sys.meta_path), SourceFileLoader.get_code
    with meanwhile(Reading()):
        assert "exec" in vars(dataclasses)
        assert len(sys.meta_path) == before[0] + 1
        assert SourceFileLoader.get_code is not before[1]
    assert "exec" not in vars(dataclasses)
    assert (len(sys.meta_path), SourceFileLoader.get_code) == before
