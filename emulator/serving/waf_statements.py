"""Whether a statement of a web ACL matches a request.

Only the statements of `constructs/edge/waf-statements.ts` are evaluated. All others are refused when a web
ACL is created, so that an unsupported rule never lets a request pass.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from emulator.serving.exchange import ViewerRequest
from emulator.serving.waf_fields import Unknown, longer, name_or_path, transformation
from emulator.serving.waf_rates import Rates

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass
class Inspection:
    """One request during the evaluation of the rules."""

    request: ViewerRequest
    addresses: dict[str, list[Network]]
    """The IP sets by their ARNs."""
    rates: Rates
    body_limit: int
    """How many bytes of the body WAF reads."""
    rule: str = ""
    """The id of the rule that is evaluated."""
    over_rate: list[dict[str, Any]] = field(default_factory=list)
    """The data of matching rate-based rules for the log."""


Test = Callable[[Inspection], bool]


def matcher(statement: dict[str, Any]) -> Test:
    """A function that says whether a request matches. Raises Unknown for an unsupported statement."""
    kind, settings = next((kind, settings) for kind, settings in statement.items() if settings is not None)
    make = _KINDS.get(kind)
    if make is None:
        raise Unknown(kind)
    return make(settings)


def only(settings: dict[str, Any], kind: str, *known: str) -> None:
    """Raises Unknown if there is a setting other than the known ones."""
    for name, value in settings.items():
        if name not in known and not _says_nothing(value):
            raise Unknown(f"{kind}.{name}")


def _says_nothing(value: Any) -> bool:
    """The provider sends unset members as `{}`, `[]` or with nulls inside."""
    if isinstance(value, dict):
        return all(_says_nothing(inner) for inner in value.values())
    return value is None or value == []


def _all(settings: dict[str, Any]) -> Test:
    tests = [matcher(inner) for inner in settings["Statements"]]
    return lambda inspection: all(test(inspection) for test in tests)


def _any(settings: dict[str, Any]) -> Test:
    tests = [matcher(inner) for inner in settings["Statements"]]
    return lambda inspection: any(test(inspection) for test in tests)


def _managed(settings: dict[str, Any]) -> Test:
    """AWS's own rules, which are not published."""
    return lambda inspection: False


def _from_address(settings: dict[str, Any]) -> Test:
    only(settings, "IPSetReferenceStatement", "ARN")

    def test(inspection: Inspection) -> bool:
        address = ipaddress.ip_address(inspection.request.source_ip)
        return any(address in network for network in inspection.addresses.get(settings["ARN"], []))

    return test


def _over_rate(settings: dict[str, Any]) -> Test:
    kind = "RateBasedStatement"
    only(settings, kind, "Limit", "AggregateKeyType", "EvaluationWindowSec", "ScopeDownStatement")
    if settings["AggregateKeyType"] != "IP":
        raise Unknown(f"{kind}.AggregateKeyType {settings['AggregateKeyType']}")
    narrowed = settings.get("ScopeDownStatement")
    counts = matcher(narrowed) if narrowed else None
    limit, window = int(settings["Limit"]), int(settings.get("EvaluationWindowSec") or 300)

    def test(inspection: Inspection) -> bool:
        if counts is not None and not counts(inspection):
            return False
        address = inspection.request.source_ip
        if not inspection.rates.exceeds((inspection.rule, address), limit, window):
            return False
        inspection.over_rate.append(
            {
                "rateBasedRuleName": inspection.rule.rpartition("/")[2],
                "limitKey": "IP",
                "maxRateAllowed": limit,
                "evaluationWindowSec": str(window),
                "limitValue": address,
            }
        )
        return True

    return test


def _byte_match(settings: dict[str, Any]) -> Test:
    kind = "ByteMatchStatement"
    only(settings, kind, "SearchString", "FieldToMatch", "TextTransformations", "PositionalConstraint")
    wanted = base64.b64decode(settings["SearchString"])
    read = name_or_path(settings["FieldToMatch"])
    change = transformation(settings["TextTransformations"])
    constraint = settings["PositionalConstraint"]
    if constraint == "EXACTLY":
        return lambda inspection: change(read(inspection.request)) == wanted
    if constraint == "STARTS_WITH":
        return lambda inspection: change(read(inspection.request)).startswith(wanted)
    raise Unknown(f"{kind}.PositionalConstraint {constraint}")


def _size(settings: dict[str, Any]) -> Test:
    kind = "SizeConstraintStatement"
    only(settings, kind, "FieldToMatch", "ComparisonOperator", "Size", "TextTransformations")
    if settings["ComparisonOperator"] != "GT":
        raise Unknown(f"{kind}.ComparisonOperator {settings['ComparisonOperator']}")
    size = int(settings["Size"])
    over = longer(settings["FieldToMatch"])
    change = transformation(settings["TextTransformations"])

    def test(inspection: Inspection) -> bool:
        body = inspection.request.body
        return over(body, inspection.body_limit) or len(change(body)) > size

    return test


_KINDS: dict[str, Callable[[dict[str, Any]], Test]] = {
    "AndStatement": _all,
    "OrStatement": _any,
    "ManagedRuleGroupStatement": _managed,
    "IPSetReferenceStatement": _from_address,
    "RateBasedStatement": _over_rate,
    "ByteMatchStatement": _byte_match,
    "SizeConstraintStatement": _size,
}
