"""A local cloud in a separate process, and the AWS clients of the tests."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

ACCOUNT = "992382417038"
REGION = "eu-west-2"
ROOT = Path(__file__).resolve().parents[2]
START_LIMIT = 30
"""How long the server may take to answer before a test fails, in seconds."""

OTHER_ACCOUNT = "111122223333"
OTHER_KEYS = {"aws_access_key_id": OTHER_ACCOUNT, "aws_secret_access_key": "test"}
"""The root keys of another account of the same local cloud."""

KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
Statement = dict[str, Any]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(
    port: int, home: Path, *more: str, output: IO[str] | int = subprocess.PIPE
) -> subprocess.Popen[str]:
    """Start `python -m emulator` as the CLI does. `more` replaces or adds arguments.

    A server with much output needs a file: it blocks if nobody reads its pipe.
    """
    command = [sys.executable, "-m", "emulator", "--port", str(port), "--account", ACCOUNT]
    command += ["--region", REGION, "--home", str(home), *more]
    return subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, text=True, bufsize=1)


def wait_until_it_answers(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}: {process.communicate()[0]}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_ministack/health", timeout=1).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"the server did not answer within {START_LIMIT} seconds")


@contextmanager
def running(home: Path, *more: str) -> Iterator[Cloud]:
    """A local cloud that runs during the block. `more` replaces or adds arguments."""
    port = free_port()
    with (home / "server.log").open("w") as log:
        process = start(port, home, *more, output=log)
        try:
            wait_until_it_answers(process, port)
            yield Cloud(port)
        finally:
            process.terminate()
            process.wait(timeout=30)


@dataclass(frozen=True)
class Cloud:
    """A running local cloud."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def status(self) -> dict[str, Any]:
        """The status that the local cloud reports: its home, its addresses and its refusals."""
        with urllib.request.urlopen(f"{self.url}/_kairos/status") as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def client(
        self,
        service: str,
        region: str = REGION,
        keys: dict[str, str] | None = None,
        *,
        retries: bool = True,
    ) -> Any:
        """A client with the account's root keys, or with the given ones. Without retries, it sends a request
        once.
        """
        if keys is None:
            return _client_of_root(self.url, service, region, retries)
        return _client(self.url, service, region, retries, **keys)

    def total(
        self, namespace: str, metric: str, dimensions: dict[str, str], *, region: str = REGION
    ) -> float:
        """The sum of all values that were put for a metric."""
        found = self.client("cloudwatch", region).get_metric_statistics(
            Namespace=namespace,
            MetricName=metric,
            Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
            StartTime="2000-01-01T00:00:00Z",
            EndTime="2100-01-01T00:00:00Z",
            Period=3600,
            Statistics=["Sum"],
        )["Datapoints"]
        return sum(point["Sum"] for point in found)

    def keys_of_role(self, name: str, *statements: Statement) -> dict[str, str]:
        """Create a role with these permissions, assume it, and return its keys."""
        iam = self.client("iam")
        trust = [
            {
                "Effect": "Allow",
                # A function may have the role too.
                "Principal": {
                    "AWS": f"arn:aws:iam::{ACCOUNT}:root",
                    "Service": "lambda.amazonaws.com",
                },
                "Action": "sts:AssumeRole",
            }
        ]
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(*trust))["Role"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="rights", PolicyDocument=policy(*statements))
        session = self.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="a-test")
        found = session["Credentials"]
        return {
            "aws_access_key_id": found["AccessKeyId"],
            "aws_secret_access_key": found["SecretAccessKey"],
            "aws_session_token": found["SessionToken"],
        }

    def image(self, tag: str) -> str:
        """Put an image into the repository `kairos`, create the repository if needed, and return the image's
        URI by digest.
        """
        ecr = self.client("ecr")
        if not ecr.describe_repositories()["repositories"]:
            ecr.create_repository(repositoryName="kairos")
        manifest = json.dumps({"schemaVersion": 2, "annotations": {"tag": tag}})
        put = ecr.put_image(repositoryName="kairos", imageTag=tag, imageManifest=manifest)["image"]
        digest = put["imageId"]["imageDigest"]
        return f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/kairos@{digest}"

    def post(self, service: str, body: bytes, headers: dict[str, str], path: str = "/") -> tuple[int, bytes]:
        """Send a signed request in a protocol that boto3 would not use. Returns status and body."""
        request = AWSRequest("POST", f"{self.url}{path}", headers=headers, data=body)
        SigV4Auth(Credentials("test", "test"), service, REGION).add_auth(request)
        wire = urllib.request.Request(request.url, body, dict(request.headers), method="POST")
        try:
            with urllib.request.urlopen(wire) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read()

    def reset(self) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/_ministack/reset", method="POST")).close()


def _client(url: str, service: str, region: str, retries: bool, **keys: str) -> Any:
    once = None if retries else Config(retries={"total_max_attempts": 1})
    return boto3.client(service, region_name=region, endpoint_url=url, config=once, **keys)


@cache
def _client_of_root(url: str, service: str, region: str, retries: bool) -> Any:
    """Shared by all tests, because creating a client takes longer than most requests."""
    return _client(url, service, region, retries, **KEYS)


def wait_until_active(client: Any, function: str) -> None:
    """Wait like the provider until the function is created and its update is complete."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        found = client.get_function_configuration(FunctionName=function)
        if found["State"] == "Active" and found.get("LastUpdateStatus") == "Successful":
            return
        time.sleep(0.1)
    raise RuntimeError(f"the function {function} is not ready within {START_LIMIT} seconds")


def policy(*statements: Statement) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str | list[str], resource: str, **conditions: dict[str, str | list[str]]) -> Statement:
    statement: Statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**statement, "Condition": conditions} if conditions else statement


def pulled_by(account: str, function: str = "kairos") -> tuple[Statement, Statement]:
    """The repository policy for a function of another account, and for the principal that creates it."""
    actions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    source = {"ArnLike": {"aws:SourceArn": f"arn:aws:lambda:{REGION}:{account}:function:{function}"}}
    lambda_ = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": actions}
    makers = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": [*actions, "ecr:DescribeImages", "ecr:DescribeRepositories"],
    }
    return {**lambda_, "Condition": source}, makers
