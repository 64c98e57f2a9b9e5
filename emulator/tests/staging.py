"""Stages backends as the command line does, and deploys them in Terraform's order."""

from __future__ import annotations

import hashlib
import http.client
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emulator.tests.cloud import (
    ACCOUNT,
    REGION,
    ROOT,
    Cloud,
    Statement,
    allow,
    policy,
    wait_until_active,
)

EXAMPLE = ROOT / "examples" / "backend"
OVERLAY = ROOT / "images" / "backend"
VARIABLES = {
    "KAIROS_PARAMETER_PATH": "/kairos/prod/secrets/",
    "KAIROS_HANDLER": "kairos.main.handler",
    "KAIROS_REQUIRED_PARAMETERS": "SECRET_KEY",
}
EMPTY_LOCK = """package = []

[metadata]
lock-version = "2.1"
python-versions = ">=3.11"
content-hash = "dc7d249c43736b4dc5c67d29d4918f1ddf6778b40ca2b95bc8536b20175944eb"
"""
"""The output of Poetry for a backend with Python 3.11 or later and without packages."""
RECIPE = "FROM scratch\nCOPY pyproject.toml poetry.lock /out/\nCOPY app.py /out/\n"
"""Copies the files of a backend with one module."""
NAME = "kairos-prod"
GROUP = f"/aws/lambda/{NAME}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/{NAME}-function"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{NAME}"
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
LOGS = allow(["logs:CreateLogStream", "logs:PutLogEvents"], "*")
PARAMETERS = allow(["ssm:GetParametersByPath", "kms:Decrypt"], "*")
LIMIT = 60
"""The time limit for waiting in a test, in seconds."""


def stage_example(cloud: Cloud, home: Path, tag: str = "src-example") -> str:
    """Stage the example backend under a digest. Returns the image's URI."""
    uri = cloud.image(tag)
    context = _folder(home, uri, "start_up.handler") / "context"
    if not context.exists():
        skip = shutil.ignore_patterns("__pycache__", ".*_cache", "tests")
        shutil.copytree(EXAMPLE, context, ignore=skip)
        shutil.copytree(OVERLAY, context / "kairos_image", ignore=skip)
    return uri


def stage(
    cloud: Cloud, home: Path, code: str, command: str = "app.handler", files: dict[str, str] | None = None
) -> str:
    """Stage a backend with one module `app` and no packages. Returns the image's URI."""
    whole = {
        "pyproject.toml": '[project]\nname = "bare"\nversion = "1"\nrequires-python = ">=3.11"\n',
        "poetry.lock": EMPTY_LOCK,
        "app.py": code,
        **(files or {}),
    }
    uri = cloud.image("src-" + hashlib.sha256(f"{command}{whole}".encode()).hexdigest()[:32])
    context = _folder(home, uri, command) / "context"
    (context / "kairos_image").mkdir(parents=True, exist_ok=True)
    for script in ("requirements.py", "finish.py"):
        shutil.copy(OVERLAY / script, context / "kairos_image")
    (context / "kairos_image" / "Dockerfile").write_text(RECIPE)
    for name, text in whole.items():
        (context / name).write_text(text)
    return uri


def _folder(home: Path, uri: str, command: str) -> Path:
    digest = uri.partition("@")[2]
    folder = home / "images" / digest.removeprefix("sha256:")
    folder.mkdir(parents=True, exist_ok=True)
    described = {"digest": digest, "tag": "src-0", "command": [command]}
    (folder / "image.json").write_text(json.dumps(described))
    return folder


def make_role(cloud: Cloud, *statements: Statement, trust: Statement = TRUST) -> None:
    """Create the execution role with these permissions, by default those that the example needs."""
    iam = cloud.client("iam")
    iam.create_role(RoleName=f"{NAME}-function", AssumeRolePolicyDocument=policy(trust))
    document = policy(*(statements or (PARAMETERS, LOGS)))
    iam.put_role_policy(RoleName=f"{NAME}-function", PolicyName="rights", PolicyDocument=document)


def make_function(cloud: Cloud, image: str, **more: Any) -> None:
    """Create the function of an image, publish version 1, and create the alias `live` for it."""
    settings = {
        "Timeout": 15,
        "MemorySize": 512,
        "LoggingConfig": {"LogFormat": "JSON", "LogGroup": GROUP},
        **more,
    }
    cloud.client("logs").create_log_group(logGroupName=GROUP)
    client = cloud.client("lambda")
    client.create_function(
        FunctionName=NAME, Role=ROLE, PackageType="Image", Code={"ImageUri": image}, Publish=True, **settings
    )
    wait_until_active(client, NAME)
    client.create_alias(FunctionName=NAME, Name="live", FunctionVersion="1")


def publish(cloud: Cloud, image: str) -> str:
    """Publish another image. Returns the number of the version."""
    client = cloud.client("lambda")
    number = client.update_function_code(FunctionName=NAME, ImageUri=image, Publish=True)["Version"]
    wait_until_active(client, NAME)
    return number


@dataclass(frozen=True)
class Invoked:
    """The response to an invocation."""

    answer: Any
    error: str | None
    """`Unhandled` if the function failed."""


def invoke(cloud: Cloud, event: Any = None, qualifier: str = "live") -> Invoked:
    """Invoke the function once through the Lambda API, without the retries of a client."""
    client = cloud.client("lambda", retries=False)
    found = client.invoke(FunctionName=NAME, Qualifier=qualifier, Payload=json.dumps(event))
    return Invoked(json.loads(found["Payload"].read()), found.get("FunctionError"))


def messages(cloud: Cloud, group: str = GROUP, region: str = REGION) -> list[str]:
    """The messages of a log group, sorted by time."""
    found = cloud.client("logs", region).filter_log_events(logGroupName=group)["events"]
    return [event["message"] for event in found]


def platform(cloud: Cloud, kind: str) -> list[dict[str, Any]]:
    """The records of one kind in the platform lines of the function's log."""
    lines = [json.loads(line) for line in messages(cloud) if line.startswith('{"time"')]
    return [line["record"] for line in lines if line["type"] == kind]


@dataclass
class DeployedApi:
    """An HTTP API whose routes all invoke the function's alias."""

    cloud: Cloud
    identity: str
    integration: str
    url: str = field(default="")

    @property
    def domain(self) -> str:
        return f"{self.identity}.execute-api.{REGION}.amazonaws.com"

    @property
    def log(self) -> list[dict[str, Any]]:
        """The lines of its access log."""
        return [json.loads(line) for line in messages(self.cloud, f"/aws/apigateway/{NAME}")]


LOG_FORMAT = {
    name.rpartition(".")[2] if name != "integration.requestId" else "integrationRequestId": f"$context.{name}"
    for name in (
        "requestId",
        "routeKey",
        "httpMethod",
        "path",
        "status",
        "responseLength",
        "integrationLatency",
        "integrationStatus",
        "integrationErrorMessage",
        "integration.requestId",
        "error.message",
        "authorizer.error",
        "identity.sourceIp",
        "stage",
    )
}


def make_api(
    cloud: Cloud,
    *,
    limits: tuple[float, int] = (1000, 1000),
    timeout: int = 20000,
    permitted: bool = True,
    routes: tuple[str, ...] = ("ANY /", "ANY /{proxy+}"),
    stage: str = "$default",
    **more: Any,
) -> DeployedApi:
    """Deploy an API for the alias. `limits` are rate and burst, `timeout` is in milliseconds."""
    gateway = cloud.client("apigatewayv2")
    identity = gateway.create_api(Name=NAME, ProtocolType="HTTP", **more)["ApiId"]
    prefix = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions"
    integration = gateway.create_integration(
        ApiId=identity,
        IntegrationType="AWS_PROXY",
        IntegrationUri=f"{prefix}/{FUNCTION}:live/invocations",
        PayloadFormatVersion="2.0",
        TimeoutInMillis=timeout,
    )["IntegrationId"]
    for route in routes:
        gateway.create_route(ApiId=identity, RouteKey=route, Target=f"integrations/{integration}")
    group = f"/aws/apigateway/{NAME}"
    cloud.client("logs").create_log_group(logGroupName=group)
    gateway.create_stage(
        ApiId=identity,
        StageName=stage,
        AutoDeploy=True,
        AccessLogSettings={
            "DestinationArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}",
            "Format": json.dumps(LOG_FORMAT),
        },
        DefaultRouteSettings={
            "ThrottlingRateLimit": limits[0],
            "ThrottlingBurstLimit": limits[1],
            "DetailedMetricsEnabled": True,
        },
    )
    if permitted:
        permit(cloud, identity)
    return DeployedApi(cloud, identity, integration, address(cloud, identity))


def permit(cloud: Cloud, identity: str, path: str = "/*/*") -> None:
    """Allow the API to invoke the alias."""
    cloud.client("lambda").add_permission(
        FunctionName=NAME,
        Qualifier="live",
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{identity}{path}",
    )


def addresses(cloud: Cloud) -> dict[str, str]:
    """The URLs of the APIs and distributions, by their ids."""
    return {entry["id"]: entry["url"] for entry in cloud.status()["addresses"]}


def address(cloud: Cloud, identity: str) -> str:
    return addresses(cloud)[identity]


@dataclass(frozen=True)
class Response:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    url: str,
    path: str = "/",
    method: str = "GET",
    body: bytes | None = None,
    source: str = "127.0.0.1",
    **headers: str,
) -> Response:
    """Send one request. Underscores in header names become hyphens. `source` is the sender's address."""
    host = url.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host[0], int(host[2]), timeout=LIMIT, source_address=(source, 0))
    try:
        connection.request(method, path, body, {n.replace("_", "-"): v for n, v in headers.items()})
        found = connection.getresponse()
        return Response(found.status, found.getheaders(), found.read())
    finally:
        connection.close()


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + LIMIT
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} within {LIMIT} seconds")
        time.sleep(0.02)
