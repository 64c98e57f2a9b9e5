from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import ACCOUNT, Cloud

VISIBILITY = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "kairos"}
BODIES = {"limited": {"ContentType": "APPLICATION_JSON", "Content": "{}"}}
GROUP = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:aws-waf-logs-kairos"


def _waf(cloud: Cloud) -> Any:
    return cloud.client("wafv2", region="us-east-1")


def _web_acl(waf: Any, **members: Any) -> dict[str, Any]:
    return waf.create_web_acl(
        Name="kairos",
        Scope="CLOUDFRONT",
        DefaultAction={"Allow": {}},
        VisibilityConfig=VISIBILITY,
        **members,
    )["Summary"]


def _get(waf: Any, summary: dict[str, Any]) -> dict[str, Any]:
    return waf.get_web_acl(Name="kairos", Scope="CLOUDFRONT", Id=summary["Id"])["WebACL"]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("CustomResponseBodies", BODIES),
        ("TokenDomains", ["kairos.example"]),
        ("CaptchaConfig", {"ImmunityTimeProperty": {"ImmunityTime": 120}}),
        ("ChallengeConfig", {"ImmunityTimeProperty": {"ImmunityTime": 120}}),
        ("AssociationConfig", {"RequestBody": {"CLOUDFRONT": {"DefaultSizeInspectionLimit": "KB_32"}}}),
        (
            "DataProtectionConfig",
            {
                "DataProtections": [
                    {
                        "Field": {"FieldType": "SINGLE_COOKIE", "FieldKeys": ["session"]},
                        "Action": "HASH",
                    }
                ]
            },
        ),
    ],
)
def test_a_web_acl_is_returned_with_its(cloud: Cloud, member: str, value: Any) -> None:
    waf = _waf(cloud)
    summary = _web_acl(waf, **{member: value})
    assert _get(waf, summary)[member] == value


def test_an_update_replaces_the_whole_web_acl(cloud: Cloud) -> None:
    waf = _waf(cloud)
    summary = _web_acl(waf, CustomResponseBodies=BODIES, Description="old")
    waf.update_web_acl(
        Name="kairos",
        Scope="CLOUDFRONT",
        Id=summary["Id"],
        LockToken=summary["LockToken"],
        DefaultAction={"Block": {}},
        VisibilityConfig=VISIBILITY,
        Description="new",
        TokenDomains=["kairos.example"],
    )
    found = _get(waf, summary)
    assert found["Description"] == "new"
    assert found["TokenDomains"] == ["kairos.example"]
    assert "CustomResponseBodies" not in found


def test_a_refused_update_changes_nothing(cloud: Cloud) -> None:
    waf = _waf(cloud)
    summary = _web_acl(waf, Description="old")
    with pytest.raises(ClientError, match="WAFOptimisticLockException"):
        waf.update_web_acl(
            Name="kairos",
            Scope="CLOUDFRONT",
            Id=summary["Id"],
            LockToken="00000000-0000-0000-0000-000000000000",
            DefaultAction={"Allow": {}},
            VisibilityConfig=VISIBILITY,
            Description="new",
        )
    assert _get(waf, summary)["Description"] == "old"


def test_an_ip_set_accepts_a_new_description(cloud: Cloud) -> None:
    waf = _waf(cloud)
    names = {"Name": "blocked", "Scope": "CLOUDFRONT"}
    made = waf.create_ip_set(**names, IPAddressVersion="IPV4", Addresses=[], Description="old")["Summary"]
    waf.update_ip_set(**names, Id=made["Id"], LockToken=made["LockToken"], Addresses=[], Description="new")
    assert waf.get_ip_set(**names, Id=made["Id"])["IPSet"]["Description"] == "new"


def test_logging_is_returned_as_it_was_put(cloud: Cloud) -> None:
    waf = _waf(cloud)
    put = {
        "ResourceArn": _web_acl(waf)["ARN"],
        "LogDestinationConfigs": [GROUP],
        "RedactedFields": [{"SingleHeader": {"Name": "authorization"}}],
    }
    waf.put_logging_configuration(LoggingConfiguration=put)
    found = waf.get_logging_configuration(ResourceArn=put["ResourceArn"])["LoggingConfiguration"]
    assert found == put
    assert waf.list_logging_configurations(Scope="CLOUDFRONT")["LoggingConfigurations"] == [put]


def test_deleted_logging_is_gone(cloud: Cloud) -> None:
    waf = _waf(cloud)
    arn = _web_acl(waf)["ARN"]
    waf.put_logging_configuration(LoggingConfiguration={"ResourceArn": arn, "LogDestinationConfigs": [GROUP]})
    waf.delete_logging_configuration(ResourceArn=arn)
    with pytest.raises(ClientError, match="WAFNonexistentItemException"):
        waf.get_logging_configuration(ResourceArn=arn)


def test_logging_is_deleted_with_its_web_acl(cloud: Cloud) -> None:
    waf = _waf(cloud)
    made = _web_acl(waf)
    waf.put_logging_configuration(
        LoggingConfiguration={"ResourceArn": made["ARN"], "LogDestinationConfigs": [GROUP]}
    )
    waf.delete_web_acl(Name="kairos", Scope="CLOUDFRONT", Id=made["Id"], LockToken=made["LockToken"])
    assert waf.list_logging_configurations(Scope="CLOUDFRONT")["LoggingConfigurations"] == []


def test_a_missing_web_acl_cannot_log(cloud: Cloud) -> None:
    arn = f"arn:aws:wafv2:us-east-1:{ACCOUNT}:global/webacl/kairos/00000000-0000-0000-0000-000000000000"
    with pytest.raises(ClientError, match="WAFNonexistentItemException"):
        _waf(cloud).put_logging_configuration(
            LoggingConfiguration={"ResourceArn": arn, "LogDestinationConfigs": [GROUP]}
        )


def test_a_log_group_with_another_name_is_not_a_destination(cloud: Cloud) -> None:
    waf = _waf(cloud)
    group = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:kairos"
    with pytest.raises(ClientError, match="LOG_DESTINATION"):
        waf.put_logging_configuration(
            LoggingConfiguration={"ResourceArn": _web_acl(waf)["ARN"], "LogDestinationConfigs": [group]}
        )
