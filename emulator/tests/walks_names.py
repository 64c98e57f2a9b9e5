"""Walks of names that AWS refuses: a wrong one, and then a right one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from botocore import xform_name
from botocore.config import Config

from emulator.tests.cloud import ACCOUNT, Cloud, policy
from emulator.tests.walks import Call, walk, walks

# The SDK itself would refuse some of the names.
UNCHECKED = Config(parameter_validation=False)
Make = Callable[[Cloud, str], Any]


def archive() -> bytes:
    """A zip file with a Node.js handler."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("index.js", "exports.handler = async () => ({})")
    return content.getvalue()


def make_function(cloud: Cloud, name: str, **more: Any) -> Any:
    """Create a Node.js function, by default with the existing role `kairos-function`."""
    settings: dict[str, Any] = {
        "Role": f"arn:aws:iam::{ACCOUNT}:role/kairos-function",
        "Runtime": "nodejs20.x",
        "Handler": "index.handler",
        "Code": {"ZipFile": archive()},
        **more,
    }
    return cloud.client("lambda").create_function(FunctionName=name, **settings)


def _function(cloud: Cloud, name: str) -> Any:
    if not cloud.client("iam").list_roles()["Roles"]:
        cloud.keys_of_role("kairos-function")
    return make_function(cloud, name)


def _alias(cloud: Cloud, name: str) -> Any:
    client = cloud.client("lambda")
    if not client.list_functions()["Functions"]:
        _function(cloud, "kairos")
    return client.create_alias(FunctionName="kairos", Name=name, FunctionVersion="$LATEST")


def _key_alias(cloud: Cloud, name: str) -> Any:
    kms = cloud.client("kms")
    return kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])


def make_edge_function(cloud: Cloud, name: str) -> Any:
    """Create a CloudFront function."""
    return cloud.client("cloudfront").create_function(
        Name=name,
        FunctionConfig={"Comment": "", "Runtime": "cloudfront-js-2.0"},
        FunctionCode=b"function handler(event) { return event.request; }",
    )


def _names(row: str, make: Make, wrong: str, right: str) -> None:
    @walk(row)
    def names(cloud: Cloud) -> Iterator[Call]:
        yield lambda: make(cloud, wrong)
        yield lambda: make(cloud, right)


_NOBODY = policy({"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"})
_TRUST = policy(
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
)

_names("name-of-a-function-over-140", _function, "a" * 141, "a" * 64)
_names("name-of-a-function-over-64", _function, "a" * 65, "a" * 64)
_names("name-of-a-function-characters", _function, "kairos prod", "kairos-prod")
_names("name-of-an-alias", _alias, "1", "v1")
_names(
    "name-of-a-role-length",
    lambda cloud, name: cloud.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=_TRUST),
    "a" * 65,
    "a" * 64,
)
_names(
    "name-of-a-role-characters",
    lambda cloud, name: cloud.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=_TRUST),
    "kairos:prod",
    "kairos@prod",
)


@walks("name-of-a-policy-length")
def name_of_a_policy(cloud: Cloud, action: str) -> Iterator[Call]:
    client = cloud.client("iam")
    client.create_role(RoleName="kairos", AssumeRolePolicyDocument=_TRUST)
    role = {"RoleName": "kairos"} if action == "PutRolePolicy" else {}

    def put(name: str) -> Call:
        ask = getattr(client, xform_name(action))
        return lambda: ask(PolicyName=name, PolicyDocument=_NOBODY, **role)

    yield put("a" * 129)
    yield put("a" * 128)


_names(
    "name-of-a-log-group-length",
    lambda cloud, name: cloud.client("logs").create_log_group(logGroupName=name),
    "a" * 513,
    "a" * 512,
)
_names(
    "name-of-a-log-group-characters",
    lambda cloud, name: cloud.client("logs").create_log_group(logGroupName=name),
    "/aws/lambda/kairos prod",
    "/aws/lambda/kairos-prod",
)
_names(
    "name-of-a-repository",
    lambda cloud, name: cloud.client("ecr").create_repository(repositoryName=name),
    "Kairos",
    "team/kairos.backend",
)
_names("name-of-a-key-alias", _key_alias, "kairos.prod", "kairos/prod")
_names(
    "name-of-a-parameter",
    lambda cloud, name: cloud.client("ssm").put_parameter(Name=name, Value="1", Type="String"),
    "/kairos/prod/SECRET KEY",
    "/kairos/prod/SECRET_KEY",
)
_names("name-of-a-cloudfront-function", make_edge_function, "kairos.prod", "kairos-prod")
_names(
    "name-of-a-bucket",
    lambda cloud, name: cloud.client("s3", "us-east-1").create_bucket(Bucket=name),
    "Kairos-State",
    "kairos-state",
)
_names(
    "name-of-a-dashboard",
    lambda cloud, name: cloud.client("cloudwatch").put_dashboard(
        DashboardName=name, DashboardBody='{"widgets": []}'
    ),
    "kairos prod",
    "kairos-prod",
)
