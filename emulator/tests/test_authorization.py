from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import ACCOUNT, Cloud, allow

Ask = Callable[[Any], object]

BUDGET = {"BudgetName": "kairos-prod", "TimeUnit": "MONTHLY", "BudgetType": "COST"}
CERTIFICATE = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/1"
FUNCTION = {"Comment": "", "Runtime": "cloudfront-js-2.0"}
SOURCE = {"name": "kairos-prod", "resourceArn": f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"}
TOPIC = f"arn:aws:sns:eu-west-2:{ACCOUNT}:kairos-prod"
LOGS = f"arn:aws:logs:eu-west-2:{ACCOUNT}"
RULES = f"arn:aws:events:eu-west-2:{ACCOUNT}:rule"
CLOUDFRONT = f"arn:aws:cloudfront::{ACCOUNT}"
PRICED = f"arn:aws:budgets::{ACCOUNT}:budget/kairos-prod"


def _distribution(tags: list[dict[str, str]]) -> dict[str, Any]:
    origin = {
        "Id": "api",
        "DomainName": "api.example",
        "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
    }
    behaviour = {
        "TargetOriginId": "api",
        "ViewerProtocolPolicy": "https-only",
        "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    }
    config = {
        "CallerReference": "1",
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": behaviour,
    }
    return {"DistributionConfig": config, "Tags": {"Items": tags}}


@pytest.mark.parametrize(
    ("service", "ask", "action", "resource"),
    [
        (
            "acm",
            lambda acm: acm.describe_certificate(CertificateArn=CERTIFICATE),
            "acm:DescribeCertificate",
            CERTIFICATE,
        ),
        (
            "budgets",
            lambda budgets: budgets.create_budget(AccountId=ACCOUNT, Budget=BUDGET),
            "budgets:ModifyBudget",
            PRICED,
        ),
        (
            "budgets",
            lambda budgets: budgets.describe_budget(AccountId=ACCOUNT, BudgetName="kairos-prod"),
            "budgets:ViewBudget",
            PRICED,
        ),
        (
            "budgets",
            lambda budgets: budgets.list_tags_for_resource(ResourceARN=PRICED),
            "budgets:ListTagsForResource",
            PRICED,
        ),
        (
            "cloudfront",
            lambda cloudfront: cloudfront.create_function(
                Name="kairos-prod-viewer", FunctionConfig=FUNCTION, FunctionCode=b"x"
            ),
            "cloudfront:CreateFunction",
            f"{CLOUDFRONT}:function/kairos-prod-viewer",
        ),
        (
            "cloudfront",
            lambda cloudfront: cloudfront.describe_function(Name="kairos-prod-viewer"),
            "cloudfront:DescribeFunction",
            f"{CLOUDFRONT}:function/kairos-prod-viewer",
        ),
        (
            "cloudfront",
            lambda cloudfront: cloudfront.get_response_headers_policy(Id="abc"),
            "cloudfront:GetResponseHeadersPolicy",
            f"{CLOUDFRONT}:response-headers-policy/abc",
        ),
        (
            "cloudfront",
            lambda cloudfront: cloudfront.list_tags_for_resource(Resource=f"{CLOUDFRONT}:distribution/E1"),
            "cloudfront:ListTagsForResource",
            f"{CLOUDFRONT}:distribution/E1",
        ),
        (
            "cloudfront",
            lambda cloudfront: cloudfront.create_distribution_with_tags(
                DistributionConfigWithTags=_distribution([])
            ),
            "cloudfront:CreateDistribution",
            f"{CLOUDFRONT}:distribution/*",
        ),
        (
            "events",
            lambda events: events.put_rule(Name="kairos-prod", EventPattern="{}"),
            "events:PutRule",
            f"{RULES}/kairos-prod",
        ),
        (
            "events",
            lambda events: events.list_targets_by_rule(Rule="kairos-prod"),
            "events:ListTargetsByRule",
            f"{RULES}/kairos-prod",
        ),
        (
            "events",
            lambda events: events.list_targets_by_rule(Rule="kairos-prod", EventBusName="own"),
            "events:ListTargetsByRule",
            f"{RULES}/own/kairos-prod",
        ),
        (
            "events",
            lambda events: events.list_tags_for_resource(ResourceARN=f"{RULES}/kairos-prod"),
            "events:ListTagsForResource",
            f"{RULES}/kairos-prod",
        ),
        (
            "logs",
            lambda logs: logs.put_delivery_source(**SOURCE, logType="ACCESS_LOGS"),
            "logs:PutDeliverySource",
            f"{LOGS}:delivery-source:kairos-prod",
        ),
        (
            "logs",
            lambda logs: logs.get_delivery_destination(name="kairos-prod"),
            "logs:GetDeliveryDestination",
            f"{LOGS}:delivery-destination:kairos-prod",
        ),
        (
            "logs",
            lambda logs: logs.create_delivery(
                deliverySourceName="kairos-prod",
                deliveryDestinationArn=f"{LOGS}:delivery-destination:kairos-prod",
            ),
            "logs:CreateDelivery",
            f"{LOGS}:delivery-source:kairos-prod",
        ),
        ("logs", lambda logs: logs.get_delivery(id="abc"), "logs:GetDelivery", f"{LOGS}:delivery:abc"),
        (
            "logs",
            lambda logs: logs.start_query(
                logGroupNames=["/aws/lambda/kairos-prod"],
                queryString="fields @message",
                startTime=0,
                endTime=1,
            ),
            "logs:StartQuery",
            f"{LOGS}:log-group:/aws/lambda/kairos-prod:log-stream:",
        ),
        (
            "route53",
            lambda route53: route53.get_change(Id="C1"),
            "route53:GetChange",
            "arn:aws:route53:::change/C1",
        ),
        (
            "route53",
            lambda route53: route53.delete_health_check(HealthCheckId="h1"),
            "route53:DeleteHealthCheck",
            "arn:aws:route53:::healthcheck/h1",
        ),
        (
            "route53",
            lambda route53: route53.list_tags_for_resource(ResourceType="healthcheck", ResourceId="h1"),
            "route53:ListTagsForResource",
            "arn:aws:route53:::healthcheck/h1",
        ),
        (
            "sns",
            lambda sns: sns.get_subscription_attributes(SubscriptionArn=f"{TOPIC}:1"),
            "sns:GetSubscriptionAttributes",
            TOPIC,
        ),
        (
            "sns",
            lambda sns: sns.list_tags_for_resource(ResourceArn=TOPIC),
            "sns:ListTagsForResource",
            TOPIC,
        ),
    ],
)
def test_a_call_is_evaluated_like_on_aws(
    cloud: Cloud, service: str, ask: Ask, action: str, resource: str
) -> None:
    client = cloud.client(service, keys=cloud.keys_of_role("powerless"))
    with pytest.raises(ClientError, match=re.escape(f"to perform: {action} on resource: {resource} because")):
        ask(client)


@pytest.mark.parametrize(("value", "is_made"), [("dev", True), ("prod", False)])
def test_a_distribution_is_only_created_with_the_tag_of_its_environment(
    cloud: Cloud, value: str, is_made: bool
) -> None:
    condition = {"StringEquals": {"aws:RequestTag/environment": "dev"}}
    made = allow(["cloudfront:CreateDistribution", "cloudfront:TagResource"], "*", **condition)
    cloudfront = cloud.client("cloudfront", keys=cloud.keys_of_role("deployer", made))
    tags = [{"Key": "environment", "Value": value}]
    if is_made:
        found = cloudfront.create_distribution_with_tags(DistributionConfigWithTags=_distribution(tags))
        assert found["Distribution"]["Id"]
        return
    with pytest.raises(ClientError, match="cloudfront:CreateDistribution"):
        cloudfront.create_distribution_with_tags(DistributionConfigWithTags=_distribution(tags))


@pytest.mark.parametrize(
    ("asked", "is_made"),
    [
        ({"DomainName": "dev.example"}, True),
        ({"DomainName": "prod.example"}, False),
        ({"DomainName": "dev.example", "SubjectAlternativeNames": ["dev.example"]}, True),
        ({"DomainName": "dev.example", "SubjectAlternativeNames": ["prod.example"]}, False),
        ({"DomainName": "*.example"}, False),
    ],
)
def test_a_certificate_permission_is_restricted_by_every_domain_name(
    cloud: Cloud, asked: dict[str, Any], is_made: bool
) -> None:
    names = {"ForAllValues:StringEquals": {"acm:DomainNames": "dev.example"}}
    acm = cloud.client(
        "acm", keys=cloud.keys_of_role("deployer", allow("acm:RequestCertificate", "*", **names))
    )
    if is_made:
        assert acm.request_certificate(**asked)["CertificateArn"]
        return
    with pytest.raises(ClientError, match="acm:RequestCertificate"):
        acm.request_certificate(**asked)


@pytest.mark.parametrize(
    ("changes", "is_made"),
    [
        ([("UPSERT", "Dev.example.", "CNAME")], True),
        ([("UPSERT", "_proof.dev.example", "CNAME")], True),
        ([("UPSERT", "prod.example", "CNAME")], False),
        ([("UPSERT", "dev.example", "CNAME"), ("UPSERT", "prod.example", "CNAME")], False),
        ([("UPSERT", "*.dev.example", "CNAME")], False),
        ([("DELETE", "old.example", "CNAME")], True),
        ([("DELETE", "noted.example", "TXT")], False),
        ([("CREATE", "old.example", "CNAME")], False),
    ],
)
def test_a_record_permission_is_restricted_by_name_type_and_action(
    cloud: Cloud, changes: list[tuple[str, str, str]], is_made: bool
) -> None:
    base = "route53:ChangeResourceRecordSets"
    own = {"ForAllValues:StringLike": {f"{base}NormalizedRecordNames": ["dev.example", "_*.dev.example"]}}
    old = {
        "ForAllValues:StringEquals": {f"{base}Actions": ["DELETE"], f"{base}RecordTypes": ["A", "CNAME"]},
    }
    root = cloud.client("route53")
    zone = root.create_hosted_zone(Name="example", CallerReference="1")["HostedZone"]["Id"]
    record = {"TTL": 60, "ResourceRecords": [{"Value": '"there.example"'}]}
    before = [
        {"Action": "CREATE", "ResourceRecordSet": {"Name": name, "Type": kind, **record}}
        for name, kind in (("old.example", "CNAME"), ("noted.example", "TXT"))
    ]
    for each in before:
        root.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [each]})
    keys = cloud.keys_of_role("deployer", allow(base, "*", **own), allow(base, "*", **old))
    batch = [
        {"Action": action, "ResourceRecordSet": {"Name": name, "Type": kind, **record}}
        for action, name, kind in changes
    ]

    def change() -> Any:
        route53 = cloud.client("route53", keys=keys)
        return route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": batch})

    if is_made:
        assert change()["ChangeInfo"]["Id"]
        return
    with pytest.raises(ClientError, match=base):
        change()


@pytest.mark.parametrize("value", ["dev", "prod"])
def test_permissions_for_distributions_and_certificates_are_restricted_by_tag(
    cloud: Cloud, value: str
) -> None:
    tags = [{"Key": "environment", "Value": "dev"}]
    root = cloud.client("cloudfront")
    made = root.create_distribution_with_tags(DistributionConfigWithTags=_distribution(tags))["Distribution"]
    certificate = cloud.client("acm").request_certificate(DomainName="a.example", Tags=tags)["CertificateArn"]
    tagged = {"StringEquals": {"aws:ResourceTag/environment": value}}
    keys = cloud.keys_of_role("deployer", allow(["cloudfront:Get*", "acm:Describe*"], "*", **tagged))
    asked: list[Callable[[], object]] = [
        lambda: cloud.client("cloudfront", keys=keys).get_distribution(Id=made["Id"]),
        lambda: cloud.client("acm", keys=keys).describe_certificate(CertificateArn=certificate),
    ]
    for ask in asked:
        if value == "dev":
            assert ask()
        else:
            with pytest.raises(ClientError, match="AccessDenied"):
                ask()
