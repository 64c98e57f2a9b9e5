"""Events with payload format 2.0 for a table of requests, each with a source for the expected members."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

import pytest

from emulator.serving.event import cookies_of, proxy_event
from emulator.serving.exchange import Exchange, ViewerRequest, join_headers

LAMBDA = (
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html"
)
ROUTES = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html"
AUTHORIZER = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html"
STAGES = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.stage-variables.html"
TRACE = "https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader"
FORWARDED = "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For"
VARIABLES = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html"
HOP = "https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1"
MEASURED = "measured on AWS by MiniStack's authors (services/apigateway.py, _v2_request_body_is_text)"

DOMAIN = "a1b2c3d4.execute-api.eu-west-2.amazonaws.com"
MOMENT = 1583348638.390
ABSENT = object()


@dataclass(frozen=True)
class Case:
    """One request, and the expected members of its event. A path is written with dots."""

    name: str
    source: str
    expected: dict[str, Any]
    method: str = "GET"
    path: str = "/"
    query: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    more: dict[str, Any] = field(default_factory=dict)


def base64_of(body: bytes) -> str:
    return base64.b64encode(body).decode()


CASES = [
    Case("the version", LAMBDA, {"version": "2.0"}),
    Case(
        "the route's key, twice",
        LAMBDA,
        {"routeKey": "ANY /{proxy+}", "requestContext.routeKey": "ANY /{proxy+}"},
    ),
    Case(
        "the path", LAMBDA, {"rawPath": "/my/path", "requestContext.http.path": "/my/path"}, path="/my/path"
    ),
    Case(
        "a path of a stage with a name has the stage in front",
        ROUTES,
        {"rawPath": "/dev/pets", "requestContext.stage": "dev"},
        path="/dev/pets",
        more={"stage": "dev"},
    ),
    Case("the method", LAMBDA, {"requestContext.http.method": "PATCH"}, method="PATCH"),
    Case("no query", LAMBDA, {"rawQueryString": "", "queryStringParameters": ABSENT}),
    Case(
        "the query as it was sent",
        LAMBDA,
        {"rawQueryString": "parameter1=value1&parameter1=value2&parameter2=value"},
        query="parameter1=value1&parameter1=value2&parameter2=value",
    ),
    Case(
        "values of one parameter are joined by a comma",
        LAMBDA,
        {"queryStringParameters": {"parameter1": "value1,value2", "parameter2": "value"}},
        query="parameter1=value1&parameter1=value2&parameter2=value",
    ),
    Case(
        "parameters are decoded, the raw query is not",
        LAMBDA,
        {"queryStringParameters": {"a b": "ü&="}, "rawQueryString": "a%20b=%C3%BC%26%3D"},
        query="a%20b=%C3%BC%26%3D",
    ),
    Case("a parameter without a value", LAMBDA, {"queryStringParameters": {"a": "", "b": ""}}, query="a=&b"),
    Case(
        "names of headers are lower-case",
        LAMBDA,
        {"headers.x-custom": "Value"},
        headers=[("X-Custom", "Value")],
    ),
    Case(
        "lines of one header are joined by a comma",
        LAMBDA,
        {"headers.header2": "value1,value2"},
        headers=[("header2", "value1"), ("Header2", "value2")],
    ),
    Case(
        "cookies are a list and no header",
        LAMBDA,
        {"cookies": ["cookie1=a", "cookie2=b"], "headers.cookie": ABSENT},
        headers=[("Cookie", "cookie1=a; cookie2=b")],
    ),
    Case(
        "cookies of several lines are one list",
        LAMBDA,
        {"cookies": ["a=1", "b=2"]},
        headers=[("Cookie", "a=1"), ("Cookie", "b=2")],
    ),
    Case("no cookies", LAMBDA, {"cookies": ABSENT}),
    Case("no body", LAMBDA, {"body": ABSENT, "isBase64Encoded": False}),
    Case(
        "JSON is text",
        MEASURED,
        {"body": '{"a":"ü"}', "isBase64Encoded": False},
        method="POST",
        headers=[("Content-Type", "application/json; charset=utf-8")],
        body='{"a":"ü"}'.encode(),
    ),
    Case(
        "any kind of text is text",
        MEASURED,
        {"body": "a,b", "isBase64Encoded": False},
        method="POST",
        headers=[("Content-Type", "text/csv")],
        body=b"a,b",
    ),
    Case(
        "a form is Base64",
        MEASURED,
        {"body": base64_of(b"username=a&password=b"), "isBase64Encoded": True},
        method="POST",
        headers=[("Content-Type", "application/x-www-form-urlencoded")],
        body=b"username=a&password=b",
    ),
    Case(
        "bytes are Base64",
        MEASURED,
        {"body": base64_of(bytes(range(256))), "isBase64Encoded": True},
        method="PUT",
        headers=[("Content-Type", "application/octet-stream")],
        body=bytes(range(256)),
    ),
    Case(
        "a body without a type is Base64",
        MEASURED,
        {"body": base64_of(b"plain"), "isBase64Encoded": True},
        method="POST",
        body=b"plain",
    ),
    Case(
        "a compressed body is Base64 whatever its type",
        LAMBDA,
        {"body": base64_of(b"\x1f\x8b"), "isBase64Encoded": True},
        method="POST",
        headers=[("Content-Type", "application/json"), ("Content-Encoding", "gzip")],
        body=b"\x1f\x8b",
    ),
    Case("the length is the body's", LAMBDA, {"headers.content-length": "3"}, method="POST", body=b"abc"),
    Case(
        "headers of the connection end at the gateway",
        HOP,
        {"headers.connection": ABSENT, "headers.transfer-encoding": ABSENT, "headers.te": ABSENT},
        headers=[("Connection", "keep-alive"), ("Transfer-Encoding", "chunked"), ("TE", "trailers")],
    ),
    Case(
        "the sender, where it came from and how",
        LAMBDA,
        {
            "requestContext.http.sourceIp": "192.0.2.1",
            "headers.x-forwarded-for": "192.0.2.1",
            "headers.x-forwarded-port": "443",
            "headers.x-forwarded-proto": "https",
            "requestContext.http.protocol": "HTTP/1.1",
        },
    ),
    Case(
        "the sender is added to those before it, and believed alone",
        FORWARDED,
        {"headers.x-forwarded-for": "203.0.113.9, 192.0.2.1", "requestContext.http.sourceIp": "192.0.2.1"},
        headers=[("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "http")],
    ),
    Case(
        "the host is the one that was asked",
        LAMBDA,
        {
            "headers.host": DOMAIN,
            "requestContext.domainName": DOMAIN,
            "requestContext.domainPrefix": "a1b2c3d4",
            "requestContext.apiId": "a1b2c3d4",
            "requestContext.accountId": "123456789012",
        },
        headers=[("Host", "127.0.0.1:8080")],
    ),
    Case(
        "the agent, in header and context",
        LAMBDA,
        {"requestContext.http.userAgent": "agent", "headers.user-agent": "agent"},
        headers=[("User-Agent", "agent")],
    ),
    Case(
        "a trace begins here, or goes on from the client's",
        TRACE,
        {"headers.x-amzn-trace-id": "Root=1-5e5fe55e-000000000000000000000001"},
    ),
    Case(
        "a trace of the client's is kept",
        TRACE,
        {
            "headers.x-amzn-trace-id": "Self=1-5e5fe55e-000000000000000000000001;"
            "Root=1-67891233-abcdef012345678912345678"
        },
        headers=[("X-Amzn-Trace-Id", "Root=1-67891233-abcdef012345678912345678")],
    ),
    Case(
        "identity and time of the request",
        VARIABLES,
        {
            "requestContext.requestId": "JKJaXmPLvHcESHA=",
            "requestContext.time": "04/Mar/2020:19:03:58 +0000",
            "requestContext.timeEpoch": 1583348638390,
        },
    ),
    Case(
        "parameters of the path",
        LAMBDA,
        {"pathParameters": {"proxy": "a/b"}},
        path="/a/b",
        more={"path_parameters": {"proxy": "a/b"}},
    ),
    Case("no parameters of the path", LAMBDA, {"pathParameters": ABSENT}),
    Case(
        "variables of the stage",
        STAGES,
        {"stageVariables": {"colour": "red"}},
        more={"stage_variables": {"colour": "red"}},
    ),
    Case(
        "what an authorizer told",
        AUTHORIZER,
        {"requestContext.authorizer": {"lambda": {"key": "value"}}},
        more={"authorizer": {"lambda": {"key": "value"}}},
    ),
    Case("no authorizer", AUTHORIZER, {"requestContext.authorizer": ABSENT, "stageVariables": ABSENT}),
]


def event_of(case: Case) -> dict[str, Any]:
    headers = join_headers(case.headers)
    request = ViewerRequest(case.method, case.path, case.query, headers, case.body, "192.0.2.1")
    exchange = Exchange(
        DOMAIN,
        request.source_ip,
        request_id="JKJaXmPLvHcESHA=",
        root="1-5e5fe55e-000000000000000000000001",
        moment=MOMENT,
        cookies=cookies_of(request),
    )
    settings = {"stage": "$default", "path": case.path, "route_key": "ANY /{proxy+}", **case.more}
    return proxy_event(request, exchange, api_id="a1b2c3d4", account="123456789012", **settings)


def member(event: Any, path: str) -> Any:
    for name in path.split("."):
        if name not in event:
            return ABSENT
        event = event[name]
    return event


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_event_of(case: Case) -> None:
    event = event_of(case)
    assert {path: member(event, path) for path in case.expected} == case.expected, case.source


def test_white_space_around_a_header_is_removed() -> None:
    assert join_headers([("X-Key", " a b \t"), ("x-key", "c ")]) == {"x-key": "a b,c"}


def test_no_member_is_null() -> None:
    def nulls(value: Any) -> bool:
        if isinstance(value, dict):
            return any(nulls(inner) for inner in value.values())
        return value is None

    assert not any(nulls(event_of(case)) for case in CASES)


def test_the_table_has_thirty_requests() -> None:
    assert len(CASES) >= 30
