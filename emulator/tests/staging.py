"""Stages backends as the command line does, so that the runner finds what was built for a digest."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from emulator.tests.cloud import ACCOUNT, ROOT, Cloud, Statement, allow, policy

EXAMPLE = ROOT / "examples" / "backend"
OVERLAY = ROOT / "images" / "backend"
VARIABLES = {
    "KAIROS_PARAMETER_PATH": "/kairos/prod/",
    "KAIROS_HANDLER": "kairos.main.handler",
    "KAIROS_REQUIRED_PARAMETERS": "SECRET_KEY",
}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/kairos-prod-function"
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
RIGHTS = (
    allow(["ssm:GetParametersByPath", "kms:Decrypt"], "*"),
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], "*"),
)


def stage_example(cloud: Cloud, home: Path, tag: str) -> str:
    """Stage the example backend under a new digest; the image's URI."""
    uri = cloud.image(tag)
    context = _folder(home, uri, ["start_up.handler"]) / "context"
    skip = shutil.ignore_patterns("__pycache__", ".*_cache", "tests")
    shutil.copytree(EXAMPLE, context, ignore=skip)
    shutil.copytree(OVERLAY, context / "kairos_image", ignore=skip)
    return uri


def stage(cloud: Cloud, home: Path, tag: str, files: dict[str, str], command: str = "app.handler") -> str:
    """Stage a backend of these files that needs no packages; the image's URI."""
    uri = cloud.image(tag)
    context = _folder(home, uri, [command]) / "context"
    (context / "kairos_image").mkdir(parents=True)
    shutil.copy(OVERLAY / "requirements.py", context / "kairos_image")
    bare = {
        "pyproject.toml": '[project]\nname = "bare"\nversion = "1"\nrequires-python = ">=3.11"\n',
        "poetry.lock": 'package = []\n\n[metadata]\nlock-version = "2.1"\n',
    }
    for name, text in {**bare, **files}.items():
        (context / name).parent.mkdir(parents=True, exist_ok=True)
        (context / name).write_text(text)
    return uri


def _folder(home: Path, uri: str, command: list[str]) -> Path:
    digest = uri.partition("@")[2]
    folder = home / "images" / digest.removeprefix("sha256:")
    folder.mkdir(parents=True)
    (folder / "image.json").write_text(json.dumps({"digest": digest, "tag": "src-0", "command": command}))
    return folder


def make_role(cloud: Cloud, *statements: Statement) -> str:
    """Make the execution role with these rights, or with all that the example needs."""
    iam = cloud.client("iam")
    iam.create_role(RoleName="kairos-prod-function", AssumeRolePolicyDocument=policy(TRUST))
    iam.put_role_policy(
        RoleName="kairos-prod-function", PolicyName="rights", PolicyDocument=policy(*(statements or RIGHTS))
    )
    return ROLE


def make_function(cloud: Cloud, image: str, name: str = "kairos-prod", **more: object) -> str:
    """Make a function of an image, published as version 1; its ARN without a qualifier."""
    settings: dict[str, object] = {
        "Timeout": 15,
        "MemorySize": 512,
        "LoggingConfig": {"LogFormat": "JSON", "LogGroup": f"/aws/lambda/{name}"},
        **more,
    }
    cloud.client("logs").create_log_group(logGroupName=f"/aws/lambda/{name}")
    made = cloud.client("lambda").create_function(
        FunctionName=name, Role=ROLE, PackageType="Image", Code={"ImageUri": image}, Publish=True, **settings
    )
    return ":".join(made["FunctionArn"].split(":")[:7])


def messages(cloud: Cloud, group: str) -> list[str]:
    """What is in a log group, in the order of the time."""
    found = cloud.client("logs").filter_log_events(logGroupName=group)["events"]
    return [event["message"] for event in found]
