"""Statements of web ACLs, without a server."""

from __future__ import annotations

import base64
import ipaddress
from typing import Any

import pytest

from emulator.serving.exchange import ViewerRequest
from emulator.serving.waf_fields import Unknown, transformation
from emulator.serving.waf_log import REDACTED, Decision, _kept, record
from emulator.serving.waf_rates import Rates
from emulator.serving.waf_statements import Inspection, matcher

NONE = [{"Priority": 0, "Type": "NONE"}]
SET = "arn:aws:wafv2:us-east-1:111122223333:global/ipset/blocked/1"
BODY = {"Body": {"OversizeHandling": "MATCH"}}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def inspection(**changes: Any) -> Inspection:
    settings: dict[str, Any] = {
        "method": "GET",
        "path": "/",
        "query": "",
        "headers": {},
        "body": b"",
        "source_ip": "192.0.2.1",
        **changes,
    }
    networks = [ipaddress.ip_network("192.0.2.0/24"), ipaddress.ip_network("2001:db8::/32")]
    return Inspection(ViewerRequest(**settings), {SET: networks}, Rates(Clock()), 100)


def byte_match(field: dict[str, Any], text: str, constraint: str = "EXACTLY", *kinds: str) -> dict[str, Any]:
    transformations = [{"Priority": number, "Type": kind} for number, kind in enumerate(kinds or ("NONE",))]
    return {
        "ByteMatchStatement": {
            "SearchString": base64.b64encode(text.encode()).decode(),
            "FieldToMatch": field,
            "TextTransformations": transformations,
            "PositionalConstraint": constraint,
        }
    }


def size(field: dict[str, Any], comparison: str, bytes_: int) -> dict[str, Any]:
    settings = {"FieldToMatch": field, "ComparisonOperator": comparison, "Size": bytes_}
    return {"SizeConstraintStatement": {**settings, "TextTransformations": NONE}}


def matches(statement: dict[str, Any], inspection: Inspection) -> bool:
    return matcher(statement)(inspection)


POST = byte_match({"Method": {}}, "POST")
ADMIN = byte_match({"UriPath": {}}, "/admin", "STARTS_WITH")


@pytest.mark.parametrize(
    ("constraint", "value", "expected"),
    [
        ("EXACTLY", "token", True),
        ("EXACTLY", "tokens", False),
        ("STARTS_WITH", "tokens", True),
        ("STARTS_WITH", "a token", False),
    ],
)
def test_a_byte_match_by_its_position(constraint: str, value: str, expected: bool) -> None:
    assert matches(byte_match({"UriPath": {}}, "token", constraint), inspection(path=value)) is expected


@pytest.mark.parametrize(
    ("field", "changes"), [({"Method": {}}, {"method": "it"}), ({"UriPath": {}}, {"path": "it"})]
)
def test_each_component_is_inspected(field: dict[str, Any], changes: dict[str, Any]) -> None:
    assert matches(byte_match(field, "it"), inspection(**changes))
    assert not matches(byte_match(field, "it"), inspection())


@pytest.mark.parametrize(
    ("kinds", "value", "expected"),
    [
        (["NONE"], b"A%20b", b"A%20b"),
        (["LOWERCASE"], b"A", b"a"),
        (["URL_DECODE"], b"a%2Fb+c%zz", b"a/b c%zz"),
        (["URL_DECODE", "LOWERCASE"], b"%41", b"a"),
        (["LOWERCASE", "URL_DECODE"], b"%41", b"A"),
    ],
)
def test_transformations_are_applied_in_their_order(kinds: list[str], value: bytes, expected: bytes) -> None:
    listed = [{"Priority": number, "Type": kind} for number, kind in enumerate(kinds)]
    assert transformation(list(reversed(listed)))(value) == expected


@pytest.mark.parametrize(("length", "expected"), [(50, False), (51, True), (101, True)])
def test_a_body_is_too_large_by_its_size_or_above_the_inspected_length(length: int, expected: bool) -> None:
    assert matches(size(BODY, "GT", 50), inspection(body=b"x" * length)) is expected


def test_a_body_above_the_inspected_length_matches_with_any_size() -> None:
    assert matches(size(BODY, "GT", 1000), inspection(body=b"x" * 101))
    assert not matches(size(BODY, "GT", 1000), inspection(body=b"x" * 100))


@pytest.mark.parametrize(
    ("address", "expected"),
    [("192.0.2.77", True), ("192.0.3.1", False), ("2001:db8::1", True), ("2001:db9::1", False)],
)
def test_an_ip_set_contains_ipv4_and_ipv6_networks(address: str, expected: bool) -> None:
    statement = {"IPSetReferenceStatement": {"ARN": SET}}
    assert matches(statement, inspection(source_ip=address)) is expected


def test_and_or() -> None:
    both = {"AndStatement": {"Statements": [POST, ADMIN]}}
    either = {"OrStatement": {"Statements": [POST, ADMIN]}}
    cases = [("POST", "/admin"), ("POST", "/"), ("GET", "/admin"), ("GET", "/")]
    found = [
        tuple(matches(statement, inspection(method=method, path=path)) for statement in (both, either))
        for method, path in cases
    ]
    assert found == [(True, True), (False, True), (False, True), (False, False)]


def rate(limit: int, **more: Any) -> dict[str, Any]:
    settings = {"Limit": limit, "AggregateKeyType": "IP", "EvaluationWindowSec": 60, **more}
    return {"RateBasedStatement": settings}


def test_a_rate_matches_above_its_limit_for_each_address() -> None:
    seen = inspection()
    assert [matches(rate(3), seen) for _ in range(5)] == [False, False, False, True, True]
    other = inspection(source_ip="198.51.100.1")
    other.rates = seen.rates
    assert not matches(rate(3), other)
    assert seen.over_rate[0]["maxRateAllowed"] == 3


def test_a_rate_falls_when_its_window_moves() -> None:
    clock = Clock()
    rates = Rates(clock)
    assert [rates.exceeds(("r", "a"), 2, 60) for _ in range(3)] == [False, False, True]
    clock.now = 60.0
    assert not rates.exceeds(("r", "a"), 2, 60)


def test_a_rate_counts_only_requests_in_its_scope() -> None:
    rates = Rates(Clock())

    def over(method: str) -> bool:
        seen = inspection(method=method)
        seen.rates = rates
        return matches(rate(1, ScopeDownStatement=POST), seen)

    assert [over(method) for method in ("GET", "GET", "POST", "GET", "POST", "GET")] == [
        *(False, False, False, False, True, False)
    ]


def test_a_managed_group_matches_nothing() -> None:
    group = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}
    assert not matches(group, inspection())


FORWARDED = {"HeaderName": "X-Forwarded-For", "FallbackBehavior": "NO_MATCH"}


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ({"GeoMatchStatement": {"CountryCodes": ["GB"]}}, "GeoMatchStatement"),
        ({"OrStatement": {"Statements": [POST, {"XssMatchStatement": {}}]}}, "XssMatchStatement"),
        (byte_match({"QueryString": {}}, "a"), "FieldToMatch.QueryString"),
        (byte_match({"UriPath": {}}, "a", "CONTAINS"), "PositionalConstraint CONTAINS"),
        (byte_match({"UriPath": {}}, "a", "EXACTLY", "CMD_LINE"), "TextTransformations CMD_LINE"),
        (size(BODY, "LT", 1), "ComparisonOperator LT"),
        (size({"Body": {"OversizeHandling": "CONTINUE"}}, "GT", 1), "OversizeHandling CONTINUE"),
        (size({"Method": {}}, "GT", 1), "FieldToMatch.Method"),
        (
            {"IPSetReferenceStatement": {"ARN": SET, "IPSetForwardedIPConfig": FORWARDED}},
            "IPSetReferenceStatement.IPSetForwardedIPConfig",
        ),
        (rate(1, AggregateKeyType="CONSTANT"), "AggregateKeyType CONSTANT"),
        (rate(1, ScopeDownStatement={"NotStatement": {"Statement": POST}}), "NotStatement"),
        (rate(1, CustomKeys=[{"IP": {}}]), "RateBasedStatement.CustomKeys"),
    ],
)
def test_a_statement_that_is_not_evaluated_is_named(statement: dict[str, Any], named: str) -> None:
    with pytest.raises(Unknown) as problem:
        matcher(statement)
    assert named in str(problem.value)


def test_the_log_redacts_the_configured_fields() -> None:
    seen = inspection(headers={"authorization": "Bearer secret", "x-a": "b"}, query="token=secret")
    configuration = {"RedactedFields": [{"SingleHeader": {"Name": "Authorization"}}, {"QueryString": {}}]}
    request = record("arn", configuration, seen, Decision())["httpRequest"]
    assert {"name": "authorization", "value": REDACTED} in request["headers"]
    assert {"name": "x-a", "value": "b"} in request["headers"]
    assert (request["args"], request["uri"], request["httpMethod"]) == (REDACTED, "/", "GET")


@pytest.mark.parametrize(("action", "kept"), [("Block", True), ("Allow", False)])
def test_a_filter_keeps_only_some_records(action: str, kept: bool) -> None:
    blocked = {
        "Behavior": "KEEP",
        "Requirement": "MEETS_ANY",
        "Conditions": [{"ActionCondition": {"Action": "BLOCK"}}],
    }
    filters = {"DefaultBehavior": "DROP", "Filters": [blocked]}
    assert _kept(filters, Decision(action=action)) is kept
