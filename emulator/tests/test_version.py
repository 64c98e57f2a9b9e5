from __future__ import annotations

import re

import pytest

from emulator.tests.cloud import ROOT
from emulator.version import MINISTACK_VERSION, VersionError, check_version


def test_the_installed_ministack_is_the_one_that_was_corrected() -> None:
    check_version()


def test_another_version_is_refused_by_name() -> None:
    with pytest.raises(VersionError, match=re.escape(f"ministack {MINISTACK_VERSION}, but 9.9.9")):
        check_version("9.9.9")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_requirements_pin_that_version(name: str) -> None:
    requirements = (ROOT / "emulator" / name).read_text()
    assert f"ministack=={MINISTACK_VERSION} " in requirements


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_with_hashes_and_without_an_index(name: str) -> None:
    requirements = (ROOT / "emulator" / name).read_text().replace("\\\n", " ")
    packages = [line for line in requirements.splitlines() if line and not line.lstrip().startswith("#")]
    assert packages
    assert [line for line in packages if "==" not in line or "--hash=sha256:" not in line] == []
    assert "://" not in requirements
