"""A policy with a resource written for AWS allows exactly that resource."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import ACCOUNT, REGION, Cloud, allow, policy

TRUST = policy(
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
)
DOCUMENT = policy(allow("s3:GetObject", "*"))
VISIBILITY = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "kairos"}
IP_SET = {"Name": "kairos", "Scope": "REGIONAL", "IPAddressVersion": "IPV4", "Addresses": []}
WEB_ACL = {
    "Name": "kairos",
    "Scope": "REGIONAL",
    "DefaultAction": {"Allow": {}},
    "VisibilityConfig": VISIBILITY,
}
ALARM = {
    "AlarmName": "kairos-errors",
    "Namespace": "AWS/Lambda",
    "MetricName": "Errors",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanThreshold",
}

# Service, action, resource of the policy, and the request.
Case = tuple[str, str, str, Callable[[Any], object]]
CASES: list[Case] = [
    (
        "iam",
        "iam:CreatePolicy",
        f"arn:aws:iam::{ACCOUNT}:policy/kairos-*",
        lambda iam: iam.create_policy(PolicyName="kairos-read", PolicyDocument=DOCUMENT),
    ),
    (
        "iam",
        "iam:CreateRole",
        f"arn:aws:iam::{ACCOUNT}:role/kairos/prod",
        lambda iam: iam.create_role(RoleName="prod", Path="/kairos/", AssumeRolePolicyDocument=TRUST),
    ),
    (
        "iam",
        "iam:CreateOpenIDConnectProvider",
        f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com",
        lambda iam: iam.create_open_id_connect_provider(
            Url="https://token.actions.githubusercontent.com", ThumbprintList=["0" * 40]
        ),
    ),
    (
        "logs",
        "logs:CreateLogGroup",
        f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/kairos-prod:*",
        lambda logs: logs.create_log_group(logGroupName="/aws/lambda/kairos-prod"),
    ),
    (
        "logs",
        "logs:DescribeLogGroups",
        f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:*",
        lambda logs: logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/kairos-prod"),
    ),
    (
        "wafv2",
        "wafv2:CreateIPSet",
        f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional/ipset/kairos/*",
        lambda waf: waf.create_ip_set(**IP_SET),
    ),
    (
        "wafv2",
        "wafv2:CreateWebACL",
        f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional/webacl/kairos/*",
        lambda waf: waf.create_web_acl(**WEB_ACL),
    ),
    (
        "cloudwatch",
        "cloudwatch:PutMetricAlarm",
        f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:kairos-*",
        lambda cloudwatch: cloudwatch.put_metric_alarm(**ALARM),
    ),
    (
        "cloudwatch",
        "cloudwatch:DeleteAlarms",
        f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:kairos-*",
        lambda cloudwatch: cloudwatch.delete_alarms(AlarmNames=["kairos-errors"]),
    ),
    (
        "cloudwatch",
        "cloudwatch:DescribeAlarms",
        f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:*",
        lambda cloudwatch: cloudwatch.describe_alarms(),
    ),
    (
        "cloudwatch",
        "cloudwatch:PutDashboard",
        f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/kairos-*",
        lambda cloudwatch: cloudwatch.put_dashboard(
            DashboardName="kairos-prod", DashboardBody='{"widgets": []}'
        ),
    ),
]
NAMES = [case[1] for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_policy_for_the_resource_allows(cloud: Cloud, case: Case) -> None:
    service, action, resource, ask = case
    ask(cloud.client(service, keys=cloud.keys_of_role("deployer", allow(action, resource))))


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_policy_for_another_resource_does_not(cloud: Cloud, case: Case) -> None:
    service, action, resource, ask = case
    other = resource.rstrip("*:") + "-of-another"
    keys = cloud.keys_of_role("deployer", allow(action, other))
    with pytest.raises(ClientError, match=f"not authorized to perform: {action}"):
        ask(cloud.client(service, keys=keys))


def test_a_role_writes_to_the_streams_of_its_own_log_group(cloud: Cloud) -> None:
    group = "/aws/lambda/kairos-prod"
    cloud.client("logs").create_log_group(logGroupName=group)
    streams = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:*"
    logs = cloud.client("logs", keys=cloud.keys_of_role("function", allow("logs:CreateLogStream", streams)))
    logs.create_log_stream(logGroupName=group, logStreamName="first")
    with pytest.raises(ClientError, match=r"log-group:/aws/lambda/kairos-dev:log-stream:first because"):
        logs.create_log_stream(logGroupName="/aws/lambda/kairos-dev", logStreamName="first")


@pytest.mark.parametrize("missing", ["key", "alias"])
def test_an_alias_needs_permissions_for_itself_and_for_its_key(cloud: Cloud, missing: str) -> None:
    key = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    rights = {"key": key, "alias": f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/kairos-prod"}
    del rights[missing]
    keys = cloud.keys_of_role("deployer", *[allow("kms:CreateAlias", arn) for arn in rights.values()])
    with pytest.raises(ClientError, match="kms:CreateAlias"):
        cloud.client("kms", keys=keys).create_alias(AliasName="alias/kairos-prod", TargetKeyId=key)


def test_an_alias_is_created_with_both_permissions(cloud: Cloud) -> None:
    key = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    alias = f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/kairos-prod"
    keys = cloud.keys_of_role("deployer", *[allow("kms:CreateAlias", arn) for arn in (key, alias)])
    cloud.client("kms", keys=keys).create_alias(AliasName="alias/kairos-prod", TargetKeyId=key)
    assert cloud.client("kms").describe_key(KeyId="alias/kairos-prod")["KeyMetadata"]["Arn"] == key


@pytest.mark.parametrize(("resource", "allowed"), [(":live", True), ("", False), (":*", True)])
def test_an_alias_of_a_function_is_a_separate_resource(cloud: Cloud, resource: str, allowed: bool) -> None:
    cloud.keys_of_role("kairos-function")
    root = cloud.client("lambda")
    root.create_function(
        FunctionName="kairos",
        Role=f"arn:aws:iam::{ACCOUNT}:role/kairos-function",
        PackageType="Image",
        Code={"ImageUri": cloud.image("src-1")},
        Publish=True,
    )
    root.create_alias(FunctionName="kairos", Name="live", FunctionVersion="1")
    right = allow("lambda:GetFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:kairos{resource}")
    client = cloud.client("lambda", keys=cloud.keys_of_role("reader", right))
    if allowed:
        found = client.get_function(FunctionName="kairos", Qualifier="live")
        assert found["Configuration"]["Version"] == "1"
    else:
        with pytest.raises(ClientError, match="lambda:GetFunction"):
            client.get_function(FunctionName="kairos", Qualifier="live")
