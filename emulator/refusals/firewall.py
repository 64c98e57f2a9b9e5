"""WAF: resources in use that cannot be deleted, and invalid rules and scopes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_interface
from typing import Any

from emulator.refusals.firewall_capacity import MOST, capacity_of
from emulator.refusals.row import Asked, Facts, Row

_STORES = {
    "WebACL": "_web_acls",
    "IPSet": "_ip_sets",
    "RegexPatternSet": "_regex_pattern_sets",
    "RuleGroup": "_rule_groups",
}
"""Kind -> where MiniStack stores the resources of that kind."""
# A bucket, a log group or a Firehose stream: "the name must begin with aws-waf-logs-".
_LOG_DESTINATION = re.compile(
    r"arn:aws:(s3:::|logs:[^:]*:\d+:log-group:|firehose:[^:]*:\d+:deliverystream/)aws-waf-logs-."
)

_MOST_LOG_POLICIES = 10
"""Per region. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html"""


def _named(asked: Asked) -> dict[str, Any] | None:
    """The resource that an update or a deletion names."""
    from ministack.services import waf

    kind = re.sub("^(Update|Delete)", "", asked.action)
    return getattr(waf, _STORES[kind]).get(asked.members["Id"])


def _part_of_an_acl(asked: Asked) -> Facts | None:
    from ministack.services import waf

    known = _named(asked)
    holders = [*waf._web_acls.values(), *waf._rule_groups.values()]
    used = known and any(f'"{known["ARN"]}"' in json.dumps(holder.get("Rules")) for holder in holders)
    return {} if used else None


def _acl_of_a_distribution(asked: Asked) -> Facts | None:
    from ministack.services import cloudfront, waf

    known = waf._web_acls.get(asked.members["Id"])
    used = known and any(known["ARN"] in one["config_xml"] for one in cloudfront._distributions.values())
    return {} if used else None


def _stale_lock_token(asked: Asked) -> Facts | None:
    """MiniStack checks the lock token of a web ACL, but not that of an IP set or a rule group."""
    known = _named(asked)
    return {} if known and known["LockToken"] != asked.members.get("LockToken") else None


def _scope_elsewhere(asked: Asked) -> Facts | None:
    elsewhere = asked.members.get("Scope") == "CLOUDFRONT" and asked.region != "us-east-1"
    return {} if elsewhere else None


def _rules(asked: Asked) -> list[dict[str, Any]]:
    return asked.members.get("Rules") or []


def _same_priority(asked: Asked) -> Facts | None:
    seen = set()
    for rule in _rules(asked):
        if rule["Priority"] in seen:
            return {"priority": rule["Priority"]}
        seen.add(rule["Priority"])
    return None


def _same_name(asked: Asked) -> Facts | None:
    names = [rule["Name"] for rule in _rules(asked)]
    twice = [name for name in names if names.count(name) > 1]
    return {"name": twice[0]} if twice else None


def _statements(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a rule, at any depth."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _statements(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _statements(inner)


def _too_few(asked: Asked) -> Facts | None:
    for found in _statements(_rules(asked)):
        for kind in ("AndStatement", "OrStatement"):
            if kind in found and len(found[kind].get("Statements") or []) < 2:
                return {"field": "AND_STATEMENT" if kind == "AndStatement" else "OR_STATEMENT", "kind": kind}
    return None


def _over_capacity(asked: Asked) -> Facts | None:
    capacity = capacity_of(_rules(asked))
    return {"capacity": capacity} if capacity > MOST else None


def _whole_internet(asked: Asked) -> Facts | None:
    whole = [address for address in asked.members.get("Addresses") or [] if address.endswith("/0")]
    return {"address": whole[0]} if whole else None


def _within_a_network(asked: Asked) -> Facts | None:
    for address in asked.members.get("Addresses") or []:
        with suppress(ValueError):
            interface = ip_interface(address)
            if interface.ip != interface.network.network_address:
                return {"address": address}
    return None


def _log_policies_used_up(asked: Asked) -> Facts | None:
    """WAF adds its own policy for the log group, unless an existing one allows the log delivery to write."""
    from ministack.services import cloudwatch_logs

    documents = [policy["policyDocument"] for policy in cloudwatch_logs._resource_policies.values()]
    to_a_group = any(":log-group:" in arn for arn in _log_destinations(asked))
    admitted = any("delivery.logs.amazonaws.com" in document for document in documents)
    return {} if to_a_group and not admitted and len(documents) >= _MOST_LOG_POLICIES else None


def _log_destinations(asked: Asked) -> list[str]:
    return asked.members["LoggingConfiguration"].get("LogDestinationConfigs") or []


def _foreign_log_destination(asked: Asked) -> Facts | None:
    for destination in _log_destinations(asked):
        if not _LOG_DESTINATION.match(destination):
            return {"destination": destination}
    return None


_ASSOCIATED = (
    "AWS WAF couldn’t perform the operation because your resource is being used by another "  # noqa: RUF001
    "resource or it’s associated with another resource."  # noqa: RUF001
)
_PUT_ACL = ("CreateWebACL", "UpdateWebACL")

ROWS = (
    Row(
        name="waf-set-of-an-acl",
        service="wafv2",
        # Rules that refer to pattern sets and rule groups are not evaluated here, so they are refused.
        actions=("DeleteIPSet",),
        when="a rule of a web ACL refers to the set",
        code="WAFAssociatedItemException",
        message=_ASSOCIATED,
        source="https://github.com/hashicorp/terraform-provider-aws/issues/17601",
        refuses=_part_of_an_acl,
    ),
    Row(
        name="waf-acl-of-a-distribution",
        service="wafv2",
        actions=("DeleteWebACL",),
        when="a distribution uses the web ACL",
        code="WAFAssociatedItemException",
        message=_ASSOCIATED,
        source="https://github.com/hashicorp/terraform-provider-aws/issues/37229",
        refuses=_acl_of_a_distribution,
    ),
    Row(
        name="waf-scope-elsewhere",
        service="wafv2",
        actions=tuple(f"{verb}{kind}" for verb in ("Create", "Get", "Update", "Delete") for kind in _STORES),
        when="the scope is CLOUDFRONT and the region is not us-east-1",
        code="WAFInvalidParameterException",
        message="Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT",
        source="https://github.com/aws-solutions/aws-waf-security-automations/issues/300",
        refuses=_scope_elsewhere,
    ),
    Row(
        name="waf-priority-twice",
        service="wafv2",
        actions=_PUT_ACL,
        when="two rules have the same priority",
        code="WAFInvalidParameterException",
        message="Error reason: You have used the same priority more than once, field: RULE, parameter: {priority}",
        source="unsure: https://docs.aws.amazon.com/waf/latest/APIReference/API_Rule.html, the message is not AWS's",
        refuses=_same_priority,
    ),
    Row(
        name="waf-rule-name-twice",
        service="wafv2",
        actions=_PUT_ACL,
        when="two rules have the same name",
        code="WAFInvalidParameterException",
        message="Error reason: You have used the same rule name more than once, field: RULE, parameter: {name}",
        source="unsure: https://docs.aws.amazon.com/waf/latest/APIReference/API_Rule.html, the message is not AWS's",
        refuses=_same_name,
    ),
    Row(
        name="waf-one-statement-of-and-or",
        service="wafv2",
        actions=_PUT_ACL,
        when="an AND or OR statement has fewer than two statements",
        code="WAFInvalidParameterException",
        message="Error reason: You haven't met a minimum requirement for a threshold setting. Examples include a rule "
        "group capacity setting that's too low and an OR statement with only one nested statement., "
        "field: {field}, parameter: {kind}",
        source="https://github.com/hashicorp/terraform-provider-aws/issues/34320",
        refuses=_too_few,
    ),
    Row(
        name="waf-over-capacity",
        service="wafv2",
        actions=_PUT_ACL,
        when=f"the rules need more than {MOST:,} WCUs",
        code="WAFInvalidParameterException",
        message="Error reason: You exceeded the capacity limit for a rule group or web ACL., field: WEB_ACL, "
        "parameter: {capacity}",
        source="https://github.com/trussworks/terraform-aws-wafv2/issues/87, when the limit was 1,500",
        refuses=_over_capacity,
    ),
    Row(
        name="waf-address-of-all",
        service="wafv2",
        actions=("CreateIPSet", "UpdateIPSet"),
        when="an address has the prefix length /0",
        code="WAFInvalidParameterException",
        message="Error reason: The parameter contains formatting that is not valid., field: IP_ADDRESS, "
        "parameter: {address}",
        source="https://github.com/aws-samples/dcv-web-portal/issues/10",
        refuses=_whole_internet,
    ),
    Row(
        name="waf-address-within-a-network",
        service="wafv2",
        actions=("CreateIPSet", "UpdateIPSet"),
        when="an address is not the first one of its network",
        code="WAFInvalidParameterException",
        message="Error reason: The parameter contains formatting that is not valid., field: IP_ADDRESS, "
        "parameter: {address}",
        source="https://github.com/aws/aws-cdk/issues/20003",
        refuses=_within_a_network,
    ),
    Row(
        name="waf-log-policies-used-up",
        service="wafv2",
        actions=("PutLoggingConfiguration",),
        when="the region has ten resource policies of CloudWatch Logs, and none lets the log delivery write",
        code="WAFLogDestinationPermissionIssueException",
        message="Unable to deliver logs to the configured destination. You might need to grant log delivery "
        "permissions for the destination. If you're using S3 as your log destination, you might have exceeded your "
        "bucket limit.",
        source="https://github.com/hashicorp/terraform-provider-aws/issues/25296",
        refuses=_log_policies_used_up,
    ),
    Row(
        name="waf-log-destination-name",
        service="wafv2",
        actions=("PutLoggingConfiguration",),
        when="the name of the destination does not begin with aws-waf-logs-",
        code="WAFInvalidParameterException",
        message="Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes other information "
        "separated by colons or slashes., field: LOG_DESTINATION, parameter: {destination}",
        source="https://docs.aws.amazon.com/waf/latest/developerguide/logging-destinations.html",
        refuses=_foreign_log_destination,
    ),
    Row(
        name="waf-name-taken",
        service="wafv2",
        actions=("CreateWebACL", "CreateIPSet", "CreateRuleGroup", "CreateRegexPatternSet"),
        when="another resource of the scope has the name",
        code="WAFDuplicateItemException",
        message="AWS WAF couldn’t perform the operation because some resource in your request is a duplicate "  # noqa: RUF001
        "of an existing one.",
        source="https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateIPSet.html",
    ),
    Row(
        name="waf-stale-lock-token",
        service="wafv2",
        actions=tuple(f"{verb}{kind}" for verb in ("Update", "Delete") for kind in _STORES),
        when="the resource was changed after the lock token was read",
        code="WAFOptimisticLockException",
        message="AWS WAF couldn’t save your changes because someone changed the resource after you started "  # noqa: RUF001
        "to edit it. Reapply your changes.",
        source="https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateIPSet.html",
        refuses=_stale_lock_token,
    ),
)
