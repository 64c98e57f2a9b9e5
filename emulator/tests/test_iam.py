from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import ACCOUNT, Cloud, allow, policy


def _deny(bucket: str, secure: str) -> dict[str, object]:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": secure}},
    }


def _bucket(cloud: Cloud, secure: str) -> dict[str, str]:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    s3.put_bucket_policy(Bucket="state", Policy=policy(_deny("state", secure)))
    return cloud.keys_of_role("deployer", allow("s3:*", "*"))


def test_a_tls_only_bucket_is_open_over_loopback(cloud: Cloud) -> None:
    keys = _bucket(cloud, "false")
    assert "Contents" not in cloud.client("s3", keys=keys).list_objects_v2(Bucket="state")


def test_the_condition_on_the_transport_is_evaluated(cloud: Cloud) -> None:
    keys = _bucket(cloud, "true")
    with pytest.raises(ClientError, match="AccessDenied"):
        cloud.client("s3", keys=keys).list_objects_v2(Bucket="state")


@pytest.mark.parametrize(
    ("service", "ask", "resource"),
    [
        ("s3", lambda s3: s3.list_objects_v2(Bucket="state"), '"arn:aws:s3:::state"'),
        (
            "ecr",
            lambda ecr: ecr.describe_images(repositoryName="kairos"),
            f"arn:aws:ecr:eu-west-2:{ACCOUNT}:repository/kairos",
        ),
        (
            "apigatewayv2",
            lambda api: api.get_api(ApiId="absent"),
            "arn:aws:apigateway:eu-west-2::/apis/absent",
        ),
        (
            "cloudwatch",
            lambda cloudwatch: cloudwatch.delete_alarms(AlarmNames=["errors"]),
            f"arn:aws:cloudwatch:eu-west-2:{ACCOUNT}:alarm:errors",
        ),
        (
            "iam",
            lambda iam: iam.delete_role(RoleName="kairos"),
            f"arn:aws:iam::{ACCOUNT}:role/kairos",
        ),
    ],
)
def test_a_refusal_names_the_resource(
    cloud: Cloud, service: str, ask: Callable[[Any], object], resource: str
) -> None:
    client = cloud.client(service, keys=cloud.keys_of_role("powerless"))
    with pytest.raises(ClientError, match=re.escape(f" on resource: {resource} because no identity-based")):
        ask(client)


def test_the_message_of_an_explicit_deny_says_so(cloud: Cloud) -> None:
    deny = {**allow("ecr:*", "*"), "Effect": "Deny"}
    keys = cloud.keys_of_role("deployer", allow("*", "*"), deny)
    with pytest.raises(ClientError, match="with an explicit deny in an identity-based policy"):
        cloud.client("ecr", keys=keys).describe_images(repositoryName="kairos")


def test_a_role_uses_a_key_by_its_alias(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/kairos-prod", TargetKeyId=key)
    keys = cloud.keys_of_role("user", allow("kms:DescribeKey", key))
    found = cloud.client("kms", keys=keys).describe_key(KeyId="alias/kairos-prod")
    assert found["KeyMetadata"]["Arn"] == key


def test_an_alias_as_the_resource_of_a_policy_allows_nothing(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    kms.create_alias(AliasName="alias/kairos-prod", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    alias = f"arn:aws:kms:eu-west-2:{ACCOUNT}:alias/kairos-prod"
    keys = cloud.keys_of_role("user", allow("kms:DescribeKey", alias))
    with pytest.raises(ClientError, match="AccessDenied"):
        cloud.client("kms", keys=keys).describe_key(KeyId="alias/kairos-prod")


BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/bound"


def _bounded(cloud: Cloud) -> Any:
    """IAM with a role that may create and change only roles with the boundary."""
    cloud.client("iam").create_policy(PolicyName="bound", PolicyDocument=policy(allow("logs:*", "*")))
    condition = {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}
    statement = allow(["iam:CreateRole", "iam:PutRolePolicy"], "*", **condition)
    return cloud.client("iam", keys=cloud.keys_of_role("maker", statement))


@pytest.mark.parametrize("more", [{}, {"PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/other"}])
def test_a_role_without_the_boundary_is_refused(cloud: Cloud, more: dict[str, str]) -> None:
    iam = _bounded(cloud)
    cloud.client("iam").create_policy(PolicyName="other", PolicyDocument=policy(allow("*", "*")))
    with pytest.raises(ClientError, match="iam:CreateRole"):
        iam.create_role(RoleName="free", AssumeRolePolicyDocument=policy(), **more)


def test_a_role_with_the_boundary_is_created_and_gets_permissions(cloud: Cloud) -> None:
    iam = _bounded(cloud)
    iam.create_role(RoleName="bound", AssumeRolePolicyDocument=policy(), PermissionsBoundary=BOUNDARY)
    rights = policy(allow("logs:*", "*"))
    iam.put_role_policy(RoleName="bound", PolicyName="rights", PolicyDocument=rights)


def test_a_role_without_a_boundary_gets_no_permissions(cloud: Cloud) -> None:
    iam = _bounded(cloud)
    cloud.client("iam").create_role(RoleName="free", AssumeRolePolicyDocument=policy())
    with pytest.raises(ClientError, match="iam:PutRolePolicy"):
        iam.put_role_policy(RoleName="free", PolicyName="rights", PolicyDocument=policy(allow("*", "*")))


def _refused_without(cloud: Cloud) -> Any:
    """IAM with the foundation's deploy role: permissions, and a deny statement for roles without the
    boundary.
    """
    cloud.client("iam").create_policy(PolicyName="bound", PolicyDocument=policy(allow("logs:*", "*")))
    actions = ["CreateRole", "PutRolePermissionsBoundary", "PutRolePolicy", "AttachRolePolicy"]
    refusal = allow(
        [f"iam:{action}" for action in actions],
        "*",
        StringNotEquals={"iam:PermissionsBoundary": BOUNDARY},
    )
    keys = cloud.keys_of_role("deployer", allow("iam:*", "*"), {**refusal, "Effect": "Deny"})
    return cloud.client("iam", keys=keys)


def test_a_deny_without_the_boundary_allows_roles_with_it(cloud: Cloud) -> None:
    iam = _refused_without(cloud)
    iam.create_role(RoleName="bound", AssumeRolePolicyDocument=policy(), PermissionsBoundary=BOUNDARY)
    iam.attach_role_policy(RoleName="bound", PolicyArn=BOUNDARY)


def test_a_deny_without_the_boundary_refuses_a_role_and_its_permissions(cloud: Cloud) -> None:
    iam = _refused_without(cloud)
    with pytest.raises(ClientError, match=r"iam:CreateRole.*with an explicit deny"):
        iam.create_role(RoleName="free", AssumeRolePolicyDocument=policy())
    cloud.client("iam").create_role(RoleName="free", AssumeRolePolicyDocument=policy())
    with pytest.raises(ClientError, match=r"iam:AttachRolePolicy.*with an explicit deny"):
        iam.attach_role_policy(RoleName="free", PolicyArn=BOUNDARY)
    with pytest.raises(ClientError, match=r"iam:PutRolePermissionsBoundary.*with an explicit deny"):
        iam.put_role_permissions_boundary(
            RoleName="free", PermissionsBoundary=f"arn:aws:iam::{ACCOUNT}:policy/other"
        )


@pytest.mark.parametrize(("environment", "allowed"), [("dev", True), ("prod", False)])
def test_a_permission_for_an_api_is_restricted_by_its_tag(
    cloud: Cloud, environment: str, allowed: bool
) -> None:
    made = cloud.client("apigatewayv2").create_api(
        Name="kairos", ProtocolType="HTTP", Tags={"environment": environment}
    )
    condition = {"StringEquals": {"aws:ResourceTag/environment": "dev"}}
    statement = allow("apigateway:GET", "arn:aws:apigateway:eu-west-2::/apis/*", **condition)
    api = cloud.client("apigatewayv2", keys=cloud.keys_of_role("reader", statement))
    if allowed:
        assert api.get_routes(ApiId=made["ApiId"])["Items"] == []
    else:
        with pytest.raises(ClientError, match="apigateway:GET"):
            api.get_routes(ApiId=made["ApiId"])


@pytest.mark.parametrize(("tags", "allowed"), [({"environment": "dev"}, True), ({}, False)])
def test_an_api_is_created_with_its_tag(cloud: Cloud, tags: dict[str, str], allowed: bool) -> None:
    condition = {"StringEquals": {"aws:RequestTag/environment": "dev"}}
    statement = allow("apigateway:POST", "arn:aws:apigateway:eu-west-2::/apis", **condition)
    api = cloud.client("apigatewayv2", keys=cloud.keys_of_role("maker", statement))
    if allowed:
        assert api.create_api(Name="kairos", ProtocolType="HTTP", Tags=tags)["ApiId"]
    else:
        with pytest.raises(ClientError, match="apigateway:POST"):
            api.create_api(Name="kairos", ProtocolType="HTTP", Tags=tags)


@pytest.mark.parametrize(("alias", "allowed"), [("alias/kairos-dev", True), ("alias/kairos-prod", False)])
def test_a_permission_for_a_key_is_restricted_by_its_alias(cloud: Cloud, alias: str, allowed: bool) -> None:
    kms = cloud.client("kms")
    kms.create_alias(AliasName=alias, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    condition = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/kairos-dev"}}
    statement = allow("kms:DescribeKey", f"arn:aws:kms:eu-west-2:{ACCOUNT}:key/*", **condition)
    reader = cloud.client("kms", keys=cloud.keys_of_role("reader", statement))
    if allowed:
        assert reader.describe_key(KeyId=alias)["KeyMetadata"]["KeyId"]
    else:
        with pytest.raises(ClientError, match="kms:DescribeKey"):
            reader.describe_key(KeyId=alias)


def test_the_tags_of_an_identity_provider_change(cloud: Cloud) -> None:
    iam = cloud.client("iam")
    arn = iam.create_open_id_connect_provider(
        Url="https://token.actions.githubusercontent.com", Tags=[{"Key": "kept", "Value": "1"}]
    )["OpenIDConnectProviderArn"]
    added = [{"Key": "added", "Value": "1"}, {"Key": "kept", "Value": "2"}]
    iam.tag_open_id_connect_provider(OpenIDConnectProviderArn=arn, Tags=added)
    found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in found} == {"kept": "2", "added": "1"}
    iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=arn, TagKeys=["added"])
    assert iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)["Tags"] == [added[1]]
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.tag_open_id_connect_provider(OpenIDConnectProviderArn=f"{arn}.other", Tags=added)
