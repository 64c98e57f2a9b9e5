"""Whether a statement of a web ACL matches a request.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html
"""

from __future__ import annotations

import base64
import ipaddress
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from emulator.serving.exchange import ViewerRequest
from emulator.serving.waf_fields import Oversize, Unknown, field_values, transformed
from emulator.serving.waf_rates import Rates

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_SIZES: dict[str, Callable[[int, int], bool]] = {
    "EQ": operator.eq,
    "NE": operator.ne,
    "LE": operator.le,
    "LT": operator.lt,
    "GE": operator.ge,
    "GT": operator.gt,
}


@dataclass
class Inspection:
    """One request on its way through the rules."""

    request: ViewerRequest
    addresses: dict[str, list[Network]]
    """The IP sets by their ARNs."""
    rates: Rates
    body_limit: int
    """How many bytes of the body WAF reads."""
    own_labels: str
    """What the names of the web ACL's own labels begin with."""
    rule: str = ""
    """Identifies the rule that is asked."""
    labels: list[str] = field(default_factory=list)
    over_rate: list[dict[str, Any]] = field(default_factory=list)
    """What the log says of the rate-based rules that matched."""


def matches(statement: dict[str, Any], inspection: Inspection) -> bool:
    """Raises Unknown for a statement that is not evaluated here."""
    kind, settings = next((kind, settings) for kind, settings in statement.items() if settings is not None)
    match kind:
        case "AndStatement":
            return all(matches(inner, inspection) for inner in settings["Statements"])
        case "OrStatement":
            return any(matches(inner, inspection) for inner in settings["Statements"])
        case "NotStatement":
            return not matches(settings["Statement"], inspection)
        case "IPSetReferenceStatement":
            return _from_address(settings, inspection)
        case "RateBasedStatement":
            return _over_rate(settings, inspection)
        case "LabelMatchStatement":
            return _labelled(settings, inspection)
        case "ByteMatchStatement":
            wanted = base64.b64decode(settings["SearchString"])
            constraint = settings["PositionalConstraint"]
            return _any_value(settings, inspection, lambda value: _found(value, wanted, constraint))
        case "SizeConstraintStatement":
            compare = _SIZES[settings["ComparisonOperator"]]
            return _any_value(settings, inspection, lambda value: compare(len(value), settings["Size"]))
        case "RegexMatchStatement":
            pattern = re.compile(settings["RegexString"].encode())
            return _any_value(settings, inspection, lambda value: pattern.search(value) is not None)
        case "ManagedRuleGroupStatement":
            # Its rules are AWS's own and not published.
            return False
    raise Unknown(kind)


def _any_value(settings: dict[str, Any], inspection: Inspection, test: Callable[[bytes], bool]) -> bool:
    try:
        values = field_values(inspection.request, settings["FieldToMatch"], inspection.body_limit)
    except Oversize as oversize:
        return oversize.matches
    transformations = settings.get("TextTransformations") or []
    return any(test(transformed(value, transformations)) for value in values)


def _found(value: bytes, wanted: bytes, constraint: str) -> bool:
    match constraint:
        case "EXACTLY":
            return value == wanted
        case "STARTS_WITH":
            return value.startswith(wanted)
        case "ENDS_WITH":
            return value.endswith(wanted)
        case "CONTAINS":
            return wanted in value
        case "CONTAINS_WORD":
            return re.search(rb"(?<!\w)" + re.escape(wanted) + rb"(?!\w)", value) is not None
    raise Unknown(constraint)


def _from_address(settings: dict[str, Any], inspection: Inspection) -> bool:
    address = _address(inspection.request, settings.get("IPSetForwardedIPConfig"))
    if address is None:
        return (settings.get("IPSetForwardedIPConfig") or {}).get("FallbackBehavior") == "MATCH"
    return any(address in network for network in inspection.addresses.get(settings["ARN"], []))


def _address(
    request: ViewerRequest, forwarded: dict[str, Any] | None
) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that counts: the sender's, or the first of a header; None when that is not one."""
    text = request.source_ip
    if forwarded:
        text = request.headers.get(forwarded["HeaderName"].lower(), "").partition(",")[0].strip()
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _over_rate(settings: dict[str, Any], inspection: Inspection) -> bool:
    scope_down = settings.get("ScopeDownStatement")
    if scope_down and not matches(scope_down, inspection):
        return False
    kind = settings["AggregateKeyType"]
    if kind == "CONSTANT":
        value = ""
    elif kind in ("IP", "FORWARDED_IP"):
        address = _address(inspection.request, settings.get("ForwardedIPConfig"))
        if address is None:
            return (settings.get("ForwardedIPConfig") or {}).get("FallbackBehavior") == "MATCH"
        value = str(address)
    else:
        raise Unknown(f"RateBasedStatement by {kind}")
    limit, window = int(settings["Limit"]), int(settings.get("EvaluationWindowSec") or 300)
    if not inspection.rates.exceeds((inspection.rule, value), limit, window):
        return False
    inspection.over_rate.append(
        {
            "rateBasedRuleName": inspection.rule.rpartition("/")[2],
            "limitKey": kind,
            "maxRateAllowed": limit,
            "evaluationWindowSec": str(window),
            "limitValue": value,
        }
    )
    return True


def _labelled(settings: dict[str, Any], inspection: Inspection) -> bool:
    """A key is the end of a name, from a colon on; without a prefix it is one of the web ACL's own.

    https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-label-match.html
    """
    key = settings["Key"]
    whole = key if key.startswith("awswaf:") else inspection.own_labels + key
    if settings["Scope"] == "NAMESPACE":
        return any(label.startswith(whole) for label in inspection.labels)
    return whole in inspection.labels
