"""Statements of web ACLs by themselves."""

from __future__ import annotations

import base64
import ipaddress
from typing import Any

import pytest

from emulator.serving.exchange import ViewerRequest
from emulator.serving.waf_fields import Unknown, transformed
from emulator.serving.waf_log import REDACTED, Decision, _kept, record
from emulator.serving.waf_rates import Rates
from emulator.serving.waf_statements import Inspection, matches

NONE = [{"Priority": 0, "Type": "NONE"}]
SET = "arn:aws:wafv2:us-east-1:111122223333:global/ipset/blocked/1"
OWN = "awswaf:111122223333:webacl:kairos:"


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
    return Inspection(ViewerRequest(**settings), {SET: networks}, Rates(Clock()), 100, OWN)


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


POST = byte_match({"Method": {}}, "POST")
ADMIN = byte_match({"UriPath": {}}, "/admin", "STARTS_WITH")


@pytest.mark.parametrize(
    ("constraint", "value", "expected"),
    [
        ("EXACTLY", "token", True),
        ("EXACTLY", "tokens", False),
        ("STARTS_WITH", "tokens", True),
        ("STARTS_WITH", "a token", False),
        ("ENDS_WITH", "a token", True),
        ("ENDS_WITH", "tokens", False),
        ("CONTAINS", "a tokens", True),
        ("CONTAINS", "toke", False),
        ("CONTAINS_WORD", "a token!", True),
        ("CONTAINS_WORD", "tokens", False),
    ],
)
def test_a_byte_match_by_its_position(constraint: str, value: str, expected: bool) -> None:
    assert matches(byte_match({"QueryString": {}}, "token", constraint), inspection(query=value)) is expected


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ({"Method": {}}, {"method": "it"}),
        ({"UriPath": {}}, {"path": "it"}),
        ({"QueryString": {}}, {"query": "it"}),
        ({"Body": {"OversizeHandling": "CONTINUE"}}, {"body": b"it"}),
        ({"SingleHeader": {"Name": "X-Own"}}, {"headers": {"x-own": "it"}}),
        ({"SingleQueryArgument": {"Name": "A"}}, {"query": "b=no&a=it"}),
        ({"AllQueryArguments": {}}, {"query": "b=it"}),
        (
            {"Headers": {"MatchPattern": {"IncludedHeaders": ["x-own"]}, "MatchScope": "VALUE"}},
            {"headers": {"x-own": "it"}},
        ),
        (
            {"Cookies": {"MatchPattern": {"All": {}}, "MatchScope": "ALL"}},
            {"headers": {"cookie": "a=b; c=it"}},
        ),
    ],
)
def test_each_component_is_looked_at(field: dict[str, Any], changes: dict[str, Any]) -> None:
    assert matches(byte_match(field, "it"), inspection(**changes))
    assert not matches(byte_match(field, "it"), inspection())


def test_what_is_not_there_matches_nothing() -> None:
    statement = size({"SingleHeader": {"Name": "x-own"}}, "GE", 0)
    assert not matches(statement, inspection())
    assert matches(statement, inspection(headers={"x-own": ""}))


@pytest.mark.parametrize(
    ("kinds", "value", "expected"),
    [
        (["NONE"], b"A%20b", b"A%20b"),
        (["LOWERCASE"], b"A", b"a"),
        (["URL_DECODE"], b"a%2Fb+c%zz", b"a/b c%zz"),
        (["URL_DECODE", "LOWERCASE"], b"%41", b"a"),
        (["LOWERCASE", "URL_DECODE"], b"%41", b"A"),
        (["BASE64_DECODE"], b"aGk=", b"hi"),
        (["BASE64_DECODE"], b"!", b"!"),
        (["HEX_DECODE"], b"6869", b"hi"),
        (["COMPRESS_WHITE_SPACE"], b"a \t\n b", b"a b"),
        (["HTML_ENTITY_DECODE"], b"&lt;a&gt;", b"<a>"),
        (["CMD_LINE"], b'C^md  /c,"Dir"', b"cmd/c dir"),
        (["NORMALIZE_PATH"], b"/a/./b//../c", b"/a/c"),
        (["NORMALIZE_PATH_WIN"], b"\\a\\b", b"/a/b"),
        (["REMOVE_NULLS"], b"a\0b", b"ab"),
        (["REPLACE_NULLS"], b"a\0b", b"a b"),
        (["REPLACE_COMMENTS"], b"a/* b */c/*", b"a c "),
    ],
)
def test_transformations_are_applied_in_their_order(kinds: list[str], value: bytes, expected: bytes) -> None:
    listed = [{"Priority": number, "Type": kind} for number, kind in enumerate(kinds)]
    assert transformed(value, list(reversed(listed))) == expected


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [("EQ", [5]), ("NE", [4, 6]), ("LT", [4]), ("LE", [4, 5]), ("GT", [6]), ("GE", [5, 6])],
)
def test_sizes_are_compared(comparison: str, expected: list[int]) -> None:
    body = {"Body": {"OversizeHandling": "CONTINUE"}}
    found = [n for n in (4, 5, 6) if matches(size(body, comparison, 5), inspection(body=b"x" * n))]
    assert found == expected


@pytest.mark.parametrize(
    ("handling", "expected"), [("MATCH", True), ("NO_MATCH", False), ("CONTINUE", False)]
)
def test_a_body_longer_than_what_is_read_is_handled_as_configured(handling: str, expected: bool) -> None:
    statement = size({"Body": {"OversizeHandling": handling}}, "GT", 100)
    assert matches(statement, inspection(body=b"x" * 101)) is expected
    assert not matches(statement, inspection(body=b"x" * 100))


@pytest.mark.parametrize(
    ("address", "expected"),
    [("192.0.2.77", True), ("192.0.3.1", False), ("2001:db8::1", True), ("2001:db9::1", False)],
)
def test_an_ip_set_holds_networks_of_both_protocols(address: str, expected: bool) -> None:
    statement = {"IPSetReferenceStatement": {"ARN": SET}}
    assert matches(statement, inspection(source_ip=address)) is expected


@pytest.mark.parametrize(
    ("header", "fallback", "expected"),
    [
        ("192.0.2.9, 10.0.0.1", "NO_MATCH", True),
        ("10.0.0.1", "NO_MATCH", False),
        ("x", "MATCH", True),
        ("x", "NO_MATCH", False),
    ],
)
def test_an_ip_set_may_look_at_a_header(header: str, fallback: str, expected: bool) -> None:
    forwarded = {"HeaderName": "X-Forwarded-For", "FallbackBehavior": fallback, "Position": "FIRST"}
    statement = {"IPSetReferenceStatement": {"ARN": SET, "IPSetForwardedIPConfig": forwarded}}
    found = matches(statement, inspection(source_ip="10.9.9.9", headers={"x-forwarded-for": header}))
    assert found is expected


def test_and_or_not() -> None:
    both = {"AndStatement": {"Statements": [POST, ADMIN]}}
    either = {"OrStatement": {"Statements": [POST, ADMIN]}}
    neither = {"NotStatement": {"Statement": either}}
    cases = [("POST", "/admin"), ("POST", "/"), ("GET", "/admin"), ("GET", "/")]
    found = [
        tuple(
            matches(statement, inspection(method=method, path=path)) for statement in (both, either, neither)
        )
        for method, path in cases
    ]
    assert found == [(True, True, False), (False, True, False), (False, True, False), (False, False, True)]


def test_a_label_matches_by_its_end_or_its_namespace() -> None:
    seen = inspection()
    seen.labels = [f"{OWN}bots:scanner", "awswaf:managed:aws:core:x"]

    def label(scope: str, key: str) -> bool:
        return matches({"LabelMatchStatement": {"Scope": scope, "Key": key}}, seen)

    assert label("LABEL", "bots:scanner")
    assert label("NAMESPACE", "bots:")
    assert label("LABEL", "awswaf:managed:aws:core:x")
    assert not label("LABEL", "scanner")
    assert not label("NAMESPACE", "other:")


def rate(limit: int, **more: Any) -> dict[str, Any]:
    settings = {"Limit": limit, "AggregateKeyType": "IP", "EvaluationWindowSec": 60, **more}
    return {"RateBasedStatement": settings}


def test_a_rate_matches_above_its_limit_for_each_address_by_itself() -> None:
    seen = inspection()
    assert [matches(rate(3), seen) for _ in range(5)] == [False, False, False, True, True]
    other = inspection(source_ip="198.51.100.1")
    other.rates = seen.rates
    assert not matches(rate(3), other)
    assert seen.over_rate[0]["maxRateAllowed"] == 3


def test_a_rate_falls_as_its_window_moves_on() -> None:
    clock = Clock()
    rates = Rates(clock)
    assert [rates.exceeds(("r", "a"), 2, 60) for _ in range(3)] == [False, False, True]
    clock.now = 60.0
    assert not rates.exceeds(("r", "a"), 2, 60)


def test_a_rate_counts_only_what_its_scope_admits() -> None:
    rates = Rates(Clock())

    def over(method: str) -> bool:
        seen = inspection(method=method)
        seen.rates = rates
        return matches(rate(1, ScopeDownStatement=POST), seen)

    assert [over(method) for method in ("GET", "GET", "POST", "GET", "POST", "GET")] == [
        *(False, False, False, False, True, False)
    ]


def test_a_managed_group_matches_nothing_and_what_is_not_known_is_said() -> None:
    group = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}
    assert not matches(group, inspection())
    with pytest.raises(Unknown, match="GeoMatchStatement"):
        matches({"GeoMatchStatement": {"CountryCodes": ["GB"]}}, inspection())


def test_the_log_redacts_what_it_is_told_to() -> None:
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
    assert _kept(filters, inspection(), Decision(action=action)) is kept
