from __future__ import annotations

import importlib.metadata
import os
import re
from pathlib import Path

import pytest

from emulator.__main__ import read_arguments
from emulator.settings import Settings, prepare_environment

SETTINGS = Settings(4600, "992382417038", "eu-west-2", Path("home"))


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    found: dict[str, str] = {}
    monkeypatch.setattr(os, "environ", found)
    return found


def test_variables_of_another_cloud_are_ignored(environment: dict[str, str]) -> None:
    environment |= {"SERVICES": "s3", "USE_SSL": "1", "PERSIST_STATE": "1", "AUTH": "false"}
    prepare_environment(SETTINGS)
    assert environment.keys().isdisjoint({"SERVICES", "USE_SSL", "PERSIST_STATE"})
    assert environment["AUTH"] == "true"


@pytest.mark.parametrize(
    "name",
    [
        *("MINISTACK_REGION_OVERRIDE", "MINISTACK_IMDS_V2_REQUIRED", "LOCALSTACK_HOSTNAME", "EDGE_PORT"),
        *("DEFAULT_REGION", "LAMBDA_TIMEOUT", "LAMBDA_EXECUTOR", "SFN_MOCK_CONFIG", "DOCKER_NETWORK"),
        *("AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN", "SMTP_HOST", "LOG_LEVEL", "HOSTNAME", "PATHOLOGY"),
    ],
)
def test_an_unneeded_variable_does_not_reach_ministack(environment: dict[str, str], name: str) -> None:
    environment[name] = "other"
    prepare_environment(SETTINGS)
    assert environment.get(name) != "other"


@pytest.mark.parametrize(
    "name",
    [
        *("PATH", "HOME", "XDG_CACHE_HOME", "PYENV_ROOT", "KAIROS_PYTHON", "DOCKER_HOST", "DOCKER_CONTEXT"),
        *("https_proxy", "NO_PROXY", "PIP_INDEX_URL", "UV_INDEX_URL", "SSL_CERT_FILE", "LC_ALL"),
    ],
)
def test_variables_for_programs_docker_and_packages_are_kept(environment: dict[str, str], name: str) -> None:
    environment[name] = "own"
    prepare_environment(SETTINGS)
    assert environment[name] == "own"


def test_every_variable_of_ministack_is_set_here_or_removed(environment: dict[str, str]) -> None:
    package = Path(str(importlib.metadata.distribution("ministack").locate_file("ministack")))
    read = re.compile(r"(?:environ(?:\.get\(|\[)|getenv\()\s*[\"']([A-Za-z0-9_]+)[\"']")
    names = {name for file in package.rglob("*.py") for name in read.findall(file.read_text())}
    assert len(names) > 100
    environment |= dict.fromkeys(names, "another cloud's")
    prepare_environment(SETTINGS)
    left = {name for name, value in environment.items() if value == "another cloud's"}
    assert left <= {"PATH", "HOME", "TMPDIR", "DOCKER_HOST"}


def test_listens_on_loopback_and_nowhere_else(environment: dict[str, str]) -> None:
    prepare_environment(SETTINGS)
    assert environment["BIND_HOST"] == "127.0.0.1"
    assert (environment["IOT_MTLS_ENABLED"], environment["SFTP_ENABLED"]) == ("0", "0")


@pytest.mark.parametrize("region", ["eu-west-2", "us-gov-west-1", "ap-southeast-1"])
def test_accepts_regions(region: str) -> None:
    assert Settings(4600, "992382417038", region, Path("home")).region == region


@pytest.mark.parametrize("account", ["", "12", "99238241703x", "9923824170380"])
def test_refuses_an_invalid_account(account: str) -> None:
    with pytest.raises(ValueError, match="12 digits"):
        Settings(4600, account, "eu-west-2", Path("home"))


@pytest.mark.parametrize("concurrency", [10, 1000])
def test_the_account_has_the_quota_that_was_given(environment: dict[str, str], concurrency: int) -> None:
    prepare_environment(Settings(4600, "992382417038", "eu-west-2", Path("home"), concurrency))
    assert environment["LAMBDA_ACCOUNT_CONCURRENCY"] == str(concurrency)


def test_refuses_an_account_without_concurrency() -> None:
    with pytest.raises(ValueError, match="--concurrency must be 1 or more, not 0"):
        Settings(4600, "992382417038", "eu-west-2", Path("home"), 0)


def test_the_quota_is_read_from_the_environment_and_from_the_command_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = ["--port", "4600", "--account", "992382417038", "--region", "eu-west-2", "--home", str(tmp_path)]
    monkeypatch.delenv("KAIROS_LOCAL_CONCURRENCY", raising=False)
    assert read_arguments(given).concurrency == 1000
    monkeypatch.setenv("KAIROS_LOCAL_CONCURRENCY", "10")
    assert read_arguments(given).concurrency == 10
    assert read_arguments([*given, "--concurrency", "50"]).concurrency == 50
