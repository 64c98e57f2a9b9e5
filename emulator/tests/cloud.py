"""A local cloud in a process of its own, and the AWS clients that the tests ask it with."""

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
"""Seconds the server may take to answer before a test gives up on it."""

OTHER_ACCOUNT = "111122223333"
OTHER_KEYS = {"aws_access_key_id": OTHER_ACCOUNT, "aws_secret_access_key": "test"}
"""Those of the root of another account of the same cloud."""

KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
Statement = dict[str, Any]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(
    port: int, home: Path, *more: str, output: IO[str] | int = subprocess.PIPE
) -> subprocess.Popen[str]:
    """Start `python -m emulator` as the CLI does; `more` replaces or adds arguments.

    A server that says much must be given a file: it stands still when nobody reads its pipe.
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
    """A cloud that runs as long as the block; `more` replaces or adds arguments."""
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
    """A running cloud."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def status(self) -> dict[str, Any]:
        """What the cloud says of itself: its home, its addresses, what it refused."""
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
        """A client of the account's root, or of the given keys; without retries it asks once."""
        if keys is None:
            return _client_of_root(self.url, service, region, retries)
        return _client(self.url, service, region, retries, **keys)

    def total(
        self, namespace: str, metric: str, dimensions: dict[str, str], *, region: str = REGION
    ) -> float:
        """The sum of all that was put of a metric."""
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
        """Make a role with these rights, assume it, and answer its keys."""
        iam = self.client("iam")
        trust = [
            {
                "Effect": "Allow",
                # A function may have the role as well.
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
        """Put an image into the repository `kairos`, which is made for it, and answer its URI by digest."""
        ecr = self.client("ecr")
        if not ecr.describe_repositories()["repositories"]:
            ecr.create_repository(repositoryName="kairos")
        manifest = json.dumps({"schemaVersion": 2, "annotations": {"tag": tag}})
        put = ecr.put_image(repositoryName="kairos", imageTag=tag, imageManifest=manifest)["image"]
        digest = put["imageId"]["imageDigest"]
        return f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/kairos@{digest}"

    def post(self, service: str, body: bytes, headers: dict[str, str], path: str = "/") -> tuple[int, bytes]:
        """A signed request in a protocol that boto3 does not choose: status and body."""
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
    """Kept for all tests: to make one takes longer than what most of them ask it."""
    return _client(url, service, region, retries, **KEYS)


def wait_until_active(client: Any, function: str) -> None:
    """Wait as the provider does before it goes on: until the function is made, and its update over."""
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
    """What a repository lets a function of another account, and whoever makes it, do with its images."""
    actions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    source = {"ArnLike": {"aws:SourceArn": f"arn:aws:lambda:{REGION}:{account}:function:{function}"}}
    lambda_ = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": actions}
    makers = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": [*actions, "ecr:DescribeImages", "ecr:DescribeRepositories"],
    }
    return {**lambda_, "Condition": source}, makers
