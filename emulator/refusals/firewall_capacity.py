"""The capacity of a web ACL's rules, in WCUs.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements.html
"""

from __future__ import annotations

from typing import Any

MOST = 5000
"""The limit of one web ACL.
https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html
"""

_MANAGED = {
    "AWSManagedRulesAdminProtectionRuleSet": 100,
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesAnonymousIpList": 50,
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesLinuxRuleSet": 200,
    "AWSManagedRulesSQLiRuleSet": 200,
    "AWSManagedRulesUnixRuleSet": 100,
    "AWSManagedRulesWindowsRuleSet": 200,
}
"""https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html"""
_BASE = {
    "IPSetReferenceStatement": 1,
    "RateBasedStatement": 2,
    "ByteMatchStatement": 2,
    "SizeConstraintStatement": 1,
}
_TRANSFORMATION = 10


def capacity_of(rules: list[dict[str, Any]]) -> int:
    """The capacity of all rules. An unknown statement or group counts as 0."""
    return sum(_of_statement(rule.get("Statement")) for rule in rules)


def _of_statement(statement: dict[str, Any] | None) -> int:
    return sum(_of(kind, settings) for kind, settings in (statement or {}).items() if settings)


def _of(kind: str, settings: dict[str, Any]) -> int:
    if kind == "ManagedRuleGroupStatement":
        return _MANAGED.get(settings.get("Name", ""), 0)
    steps = settings.get("TextTransformations") or []
    parts = [settings.get("ScopeDownStatement"), *(settings.get("Statements") or [])]
    return (
        _BASE.get(kind, 0)
        + _TRANSFORMATION * sum(step.get("Type") != "NONE" for step in steps)
        + sum(map(_of_statement, parts))
    )
