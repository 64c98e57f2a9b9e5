"""Rules for requests that need no server: responses, throttling, the access log's format, permissions."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from emulator.serving.access_log import format_line
from emulator.serving.exchange import Answer
from emulator.serving.permission import may_invoke, route_arn
from emulator.serving.response import Malformed, http_response
from emulator.serving.throttle import Buckets, limits_of


def answered(**members: Any) -> Answer:
    return http_response(json.dumps({"statusCode": 200, **members}).encode())


def test_a_status_with_headers_and_a_body() -> None:
    status, headers, body = answered(statusCode=201, headers={"X-A": "b"}, body="made")
    assert (status, headers["X-A"], body) == (201, "b", b"made")


def test_a_body_in_base64_becomes_its_bytes() -> None:
    raw = bytes(range(256))
    assert answered(isBase64Encoded=True, body=base64.b64encode(raw).decode())[2] == raw


def test_cookies_become_one_line_each_before_those_of_the_headers() -> None:
    headers = answered(cookies=["a=1", "b=2"], headers={"set-cookie": "c=3"})[1]
    assert headers["Set-Cookie"] == ["a=1", "b=2", "c=3"]
    assert "set-cookie" not in headers


def test_numbers_and_booleans_in_headers_become_text() -> None:
    headers = answered(headers={"x-count": 3, "x-flag": True})[1]
    assert (headers["x-count"], headers["x-flag"]) == ("3", "true")


def test_the_gateway_sets_the_headers_for_length_and_connection() -> None:
    assert "content-length" not in answered(headers={"content-length": "7", "x": "y"}, body="a")[1]


def test_a_response_without_a_type_is_text() -> None:
    assert answered(body="a")[1]["Content-Type"] == "text/plain;charset=UTF-8"
    assert "Content-Type" not in answered(headers={"content-type": "image/png"})[1]


@pytest.mark.parametrize(
    ("answer", "body"), [({"a": "ü"}, '{"a":"ü"}'), ([1], "[1]"), ("text", "text"), (None, "null"), (3, "3")]
)
def test_a_response_without_a_status_is_the_body(answer: Any, body: str) -> None:
    status, headers, found = http_response(json.dumps(answer).encode())
    assert (status, headers["Content-Type"], found.decode()) == (200, "application/json", body)


@pytest.mark.parametrize(
    "members",
    [
        {"statusCode": "a lot"},
        {"statusCode": "20²"},
        {"statusCode": True},
        {"statusCode": 99},
        {"statusCode": 600},
        {"statusCode": None},
        {"headers": "a: b"},
        {"headers": {"a": ["b"]}},
        {"headers": {"a": None}},
        {"headers": {"a": "b\r\nset-cookie: c=d"}},
        {"headers": {"a\nb": "c"}},
        {"headers": {"a b": "c"}},
        {"headers": {"ü": "c"}},
        {"headers": {"": "c"}},
        {"headers": {"a:": "c"}},
        {"statusCode": 100},
        {"statusCode": "103"},
        {"statusCode": 199},
        {"cookies": "a=b"},
        {"cookies": [1]},
        {"body": {"a": 1}},
        {"body": "not base64!", "isBase64Encoded": True},
    ],
)
def test_an_invalid_response_is_malformed(members: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        answered(**members)


@pytest.mark.parametrize(("status", "body"), [(204, b""), (304, b""), (205, b"a"), (200, b"a")])
def test_a_status_without_content_sends_and_logs_none(status: int, body: bytes) -> None:
    assert answered(statusCode=status, body="a")[2] == body


@pytest.mark.parametrize("answer", ["\ud800", {"statusCode": 200, "body": "\ud800"}])
def test_half_a_character_is_sent_as_it_is(answer: Any) -> None:
    assert http_response(json.dumps(answer).encode())[2] == b"\xed\xa0\x80"


def test_a_response_that_is_not_json_is_malformed() -> None:
    with pytest.raises(Malformed):
        http_response(b"<html>")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_admitted_and_then_the_rate() -> None:
    clock = Clock()
    buckets = Buckets(clock)
    limits = (2.0, 5.0)
    assert [buckets.admit(("s",), limits) for _ in range(6)] == [True] * 5 + [False]
    clock.now = 1.0
    assert [buckets.admit(("s",), limits) for _ in range(3)] == [True, True, False]


def test_a_bucket_never_holds_more_than_the_burst() -> None:
    clock = Clock()
    buckets = Buckets(clock)
    buckets.admit(("s",), (100.0, 2.0))
    clock.now = 1000.0
    assert [buckets.admit(("s",), (100.0, 2.0)) for _ in range(3)] == [True, True, False]


def test_each_stage_has_its_own_bucket_and_new_limits_fill_it() -> None:
    buckets = Buckets(Clock())
    assert buckets.admit(("a",), (1.0, 1.0))
    assert buckets.admit(("b",), (1.0, 1.0))
    assert not buckets.admit(("a",), (1.0, 1.0))
    assert buckets.admit(("a",), (1.0, 2.0))


def test_the_limits_of_a_route_override_those_of_the_stage() -> None:
    of_route = {"throttlingRateLimit": 1, "throttlingBurstLimit": 2}
    stage = {
        "defaultRouteSettings": {"throttlingRateLimit": 10, "throttlingBurstLimit": 20},
        "routeSettings": {"GET /slow": of_route},
    }
    assert limits_of(stage, "GET /slow") == ("GET /slow", (1, 2))
    assert limits_of(stage, "GET /other") == ("", (10, 20))


def test_a_stage_without_limits_has_none_and_half_a_limit_admits_nothing() -> None:
    assert limits_of({}, "GET /") is None
    assert limits_of({"defaultRouteSettings": {"detailedMetricsEnabled": True}}, "GET /") is None
    nothing = {"throttlingRateLimit": 0.0, "throttlingBurstLimit": 0}
    assert limits_of({"defaultRouteSettings": nothing}, "GET /") == ("", (0, 0))
    assert not Buckets(Clock()).admit(("s",), (0, 0))


def test_variables_of_the_format_are_replaced_and_unknown_ones_are_a_hyphen() -> None:
    layout = (
        '{"a":"$context.requestId","b":"$context.identity.sourceIp","c":"$context.nothing.such"}'
        " $contexts $other"
    )
    values = {"requestId": "id", "identity.sourceIp": "192.0.2.1"}
    assert format_line(layout, values) == '{"a":"id","b":"192.0.2.1","c":"-"} $contexts $other'


def test_a_value_is_escaped() -> None:
    line = format_line('{"agent":"$context.identity.userAgent"}', {"identity.userAgent": 'a","admin":"\n\\'})
    assert json.loads(line) == {"agent": 'a","admin":"\n\\'}


FUNCTION = "arn:aws:lambda:eu-west-2:111122223333:function:kairos:live"
API = "arn:aws:execute-api:eu-west-2:111122223333:a1b2c3d4"


def statement(**changes: Any) -> dict[str, Any]:
    whole = {
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": FUNCTION,
        "Condition": {"ArnLike": {"AWS:SourceArn": f"{API}/*/*"}},
        **changes,
    }
    return {"policy": {"Statement": [whole]}}


def test_a_permission_of_this_api_on_this_alias_admits() -> None:
    assert may_invoke(statement(), FUNCTION, f"{API}/$default/GET/{{proxy+}}")


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"policy": {"Statement": []}},
        statement(Principal={"Service": "events.amazonaws.com"}),
        statement(Action="lambda:GetFunction"),
        statement(Resource=FUNCTION.removesuffix(":live")),
        statement(Resource=FUNCTION.replace(":live", ":1")),
        statement(Condition={"ArnLike": {"AWS:SourceArn": f"{API.replace('a1b2', 'ffff')}/*/*"}}),
        statement(Condition={"ArnLike": {"AWS:SourceArn": f"{API}/authorizers/*"}}),
        statement(Condition={"StringEquals": {"AWS:SourceAccount": "999999999999"}}),
        statement(Effect="Deny"),
    ],
)
def test_any_other_permission_does_not(record: dict[str, Any]) -> None:
    assert not may_invoke(record, FUNCTION, f"{API}/$default/GET/{{proxy+}}")


def test_the_source_is_the_route_with_the_methods_own_name() -> None:
    assert route_arn(API, "$default", "POST", "ANY /{proxy+}") == f"{API}/$default/POST/{{proxy+}}"
    assert route_arn(API, "dev", "GET", "$default") == f"{API}/dev/$default"
