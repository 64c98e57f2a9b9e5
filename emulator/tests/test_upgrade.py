from __future__ import annotations

import importlib
from types import ModuleType

import pytest

from emulator import private_names, trial, upgrade, wire
from emulator.corrections import _CORRECTIONS, kms
from emulator.tests.cloud import ROOT
from emulator.version import VersionError, check_version


def test_every_correction_is_tried() -> None:
    files = {correction.__name__.rpartition(".")[2] for correction in _CORRECTIONS}
    assert {name for name in upgrade.corrections() if "." not in name} == files


def test_functions_that_a_file_installs_are_tried_one_by_one() -> None:
    assert "kms.need_the_key_of_an_alias" in upgrade.corrections()
    assert "iam.boundary_of_request" in upgrade.corrections()


def test_everything_that_is_tried_exists() -> None:
    for name in upgrade.corrections():
        file, _, function = name.partition(".")
        module = importlib.import_module(f"emulator.corrections.{file}")
        assert not function or f"def {function}(" in (ROOT / f"emulator/corrections/{file}.py").read_text()
        assert module.install


def test_a_function_that_is_left_out_replaces_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    app = ModuleType("app")
    monkeypatch.setattr(app, "SERVICE_HANDLERS", {"kms": None}, raising=False)
    monkeypatch.setenv(trial.WITHOUT, "kms.need_the_key_of_an_alias")
    wire.wrap(app, "kms", kms.need_the_key_of_an_alias)
    assert app.SERVICE_HANDLERS["kms"] is None
    monkeypatch.setenv(trial.WITHOUT, "kms.another")
    wire.wrap(app, "kms", kms.need_the_key_of_an_alias)
    assert app.SERVICE_HANDLERS["kms"] is not None


def test_only_the_version_that_is_tried_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(trial.VERSION, "9.9.9")
    check_version("9.9.9")
    with pytest.raises(VersionError):
        check_version("9.9.8")


def test_private_names_are_found_however_they_are_imported() -> None:
    source = "from ministack.services import kms as k, iam\nfrom ministack.x import _y\nk._keys, iam.public"
    assert private_names.names_in(source) == {"kms._keys", "x._y"}


def test_the_readme_lists_the_private_names_of_ministack() -> None:
    assert private_names.table() in (ROOT / "emulator/README.md").read_text(), (
        "python -m emulator.private_names prints what belongs there"
    )


@pytest.mark.parametrize(
    ("own", "verdict", "asked"),
    [
        ({"test_s3.py::a", "test_s3.py::broken"}, True, ["test_s3.py", "test_s3.py"]),
        ({"test_s3.py::broken"}, False, ["test_s3.py", "test_s3.py", "tests", "tests"]),
    ],
)
def test_all_tests_run_only_if_its_own_tests_pass_without_it(
    monkeypatch: pytest.MonkeyPatch, own: set[str], verdict: bool, asked: list[str]
) -> None:
    runs: list[str] = []

    def failures(tests: str, environment: dict[str, str]) -> set[str]:
        runs.append(tests.rpartition("/")[2])
        return own if trial.WITHOUT in environment else {"test_s3.py::broken"}

    monkeypatch.setattr(upgrade, "failures", failures)
    assert upgrade.is_needed("s3", {}, upgrade.baseline({})) is verdict
    assert runs == asked
