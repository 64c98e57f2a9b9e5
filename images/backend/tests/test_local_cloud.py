"""The start-up module with the local cloud: real pages, permissions and error messages.

KAIROS_EMULATOR_PYTHON names a Python with the packages of emulator/requirements.txt. The tests of the project
set it.
"""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from applications import event
from conftest import Serve
from fake_parameter_store import Answer, FakeParameterStore, error, raw, slow
from test_parameters import configuration
from test_start import Outcome, invoke

from start_up import parameter_store
from start_up.failure import StartUpError
from start_up.parameters import load

PYTHON = os.environ.get("KAIROS_EMULATOR_PYTHON")
PROJECT = Path(__file__).parents[3]
ACCOUNT = "000000000000"
REGION = "eu-west-2"
PATH = "/kairos/test/secrets"
ARN = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{PATH}"
START_LIMIT = 30
SECRET = "a-secret-that-is-long-enough-for-hs256"
READ = {"Effect": "Allow", "Action": "ssm:GetParametersByPath", "Resource": [ARN, f"{ARN}/*"]}

pytestmark = pytest.mark.skipif(
    PYTHON is None, reason="KAIROS_EMULATOR_PYTHON names no Python for the local cloud"
)


@dataclass(frozen=True)
class Cloud:
    url: str
    key: str

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def put(self, name: str, value: str, key: str = "") -> None:
        self.client("ssm").put_parameter(
            Name=f"{PATH}/{name}", Value=value, Overwrite=True, Type="SecureString", KeyId=key or self.key
        )

    def variables(self, *statements: dict[str, Any]) -> dict[str, str]:
        """The runtime's variables of a function whose role has these permissions."""
        name = f"role-{time.monotonic_ns()}"
        iam, trust = (
            self.client("iam"),
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}},
        )
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust))["Role"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="rights", PolicyDocument=_policy(*statements))
        session = self.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="test")["Credentials"]
        return {
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": session["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": session["SecretAccessKey"],
            "AWS_SESSION_TOKEN": session["SessionToken"],
        }

    @property
    def decrypt(self) -> dict[str, Any]:
        return {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": self.key}


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("cloud")
    arguments = {"port": port, "account": ACCOUNT, "region": REGION, "home": home}
    flags = [str(part) for name, value in arguments.items() for part in (f"--{name}", value)]
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            [str(PYTHON), "-m", "emulator", *flags], cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(process, url, home / "log")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=START_LIMIT)


def _wait(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT
    while True:
        try:
            urllib.request.urlopen(f"{url}/_ministack/health", timeout=1).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the local cloud does not answer:\n{log.read_text()}") from None
            time.sleep(0.05)
        else:
            return


@pytest.fixture
def cloud(server: str) -> Cloud:
    """The local cloud with an environment's secrets, which need more than one page."""
    urllib.request.urlopen(urllib.request.Request(f"{server}/_ministack/reset", method="POST")).close()
    cloud = Cloud(server, "")
    cloud = Cloud(server, cloud.client("kms").create_key()["KeyMetadata"]["Arn"])
    for number in range(11):
        cloud.put(f"NAME_{number}", f"value {number}")
    cloud.put("SECRET_KEY", SECRET)
    return cloud


def failure(environment: dict[str, str], *required: str) -> str:
    with pytest.raises(StartUpError) as failed:
        load(configuration(*required), environment)
    assert SECRET not in str(failed.value)
    return str(failed.value)


def test_reads_all_pages_with_the_permissions_of_the_function(cloud: Cloud) -> None:
    environment = cloud.variables(READ, cloud.decrypt)
    loaded = load(configuration("SECRET_KEY", "NAME_10"), environment)
    assert loaded.calls == 2
    assert (environment["SECRET_KEY"], environment["NAME_10"]) == (SECRET, "value 10")


def test_names_the_secrets_of_a_denied_key(cloud: Cloud) -> None:
    message = failure(cloud.variables(READ), "SECRET_KEY", "NAME_1")
    assert "cannot be decrypted (AccessDeniedException): SECRET_KEY, NAME_1; " in message


def test_names_a_foreign_key(cloud: Cloud) -> None:
    foreign = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    cloud.put("API_KEY", "value", foreign)
    message = failure(cloud.variables(READ, cloud.decrypt), "SECRET_KEY")
    assert f"secrets below {PATH} cannot be decrypted (AccessDeniedException): SECRET_KEY; " in message
    assert (
        f"the function's role needs kms:Decrypt with the key {foreign}; it may be that of API_KEY, "
        in message
    )


def test_names_the_secrets_of_a_denied_path(cloud: Cloud) -> None:
    message = failure(cloud.variables(), "SECRET_KEY", "NAME_1")
    assert "cannot be read (AccessDeniedException): SECRET_KEY, NAME_1; " in message


def test_names_what_is_missing(cloud: Cloud) -> None:
    message = failure(cloud.variables(READ, cloud.decrypt), "SECRET_KEY", "MONGO_HOST")
    assert "no parameter for MONGO_HOST" in message


def test_names_a_secret_that_was_never_set(cloud: Cloud) -> None:
    cloud.put("SECRET_KEY", "unset")
    message = failure(cloud.variables(READ, cloud.decrypt), "SECRET_KEY")
    assert "SECRET_KEY was never set" in message


def test_names_every_secret_if_no_environment_was_deployed(cloud: Cloud) -> None:
    cloud.client("ssm").delete_parameters(Names=[f"{PATH}/NAME_{number}" for number in range(10)])
    cloud.client("ssm").delete_parameters(Names=[f"{PATH}/NAME_10", f"{PATH}/SECRET_KEY"])
    assert "no parameter for SECRET_KEY, NAME_1" in failure(
        cloud.variables(READ, cloud.decrypt), "SECRET_KEY", "NAME_1"
    )


def test_the_example_answers_behind_it(cloud: Cloud, serve: Serve) -> None:
    variables = cloud.variables(READ, cloud.decrypt)
    outcome: Outcome = invoke(
        serve([]), event(path="/api/v1/probe/settings"), **variables, AWS_ENDPOINT_URL_SSM=cloud.url
    )
    assert outcome.body()["MAIL_PORT"] == 2525
    assert outcome.logged[0]["secrets"] == 1
    assert SECRET not in outcome.everything


class Unreliable(FakeParameterStore):
    """The local cloud behind a fake network. It passes on what is not a step of a test."""

    def __init__(self, url: str) -> None:
        super().__init__([[]])
        self.url = url

    def respond(self, headers: dict[str, str], body: bytes) -> Answer | None:
        if self.steps:
            return super().respond(headers, body)
        self.requests.append(json.loads(body))
        with urllib.request.urlopen(urllib.request.Request(self.url, body, headers)) as response:
            return response.status, response.read()


@pytest.fixture
def unreliable(
    cloud: Cloud, serve_this: Callable[[FakeParameterStore], FakeParameterStore]
) -> FakeParameterStore:
    return serve_this(Unreliable(cloud.url))


@pytest.mark.parametrize(
    "steps",
    [
        [error(400, "ThrottlingException")] * 3,
        [error(500, "InternalServerError"), raw(503, b"busy")],
        [slow(30)],
    ],
    ids=["throttled", "failing", "slow"],
)
def test_reads_everything_over_a_network_that_fails_at_first(
    cloud: Cloud, unreliable: FakeParameterStore, steps: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parameter_store, "READ_TIMEOUT", 0.5)
    unreliable.steps = list(steps)
    environment = cloud.variables(READ, cloud.decrypt) | {"AWS_ENDPOINT_URL_SSM": unreliable.endpoint}
    load(configuration("SECRET_KEY"), environment)
    assert environment["SECRET_KEY"] == SECRET
