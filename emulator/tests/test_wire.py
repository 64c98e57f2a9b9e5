from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from emulator import wire
from emulator.wire import Answer, Handler, Request

FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
ACTIONS = {
    "json": Request("POST", "/", {"x-amz-target": "AmazonSSM.GetParameter"}, b"{}"),
    "cbor": Request("POST", "/service/AmazonSSM/operation/GetParameter", {}, b""),
    "query in the body": Request("POST", "/", FORM, b"Action=GetParameter&Version=1"),
    "query in the address": Request("GET", "/", {}, b"", {"Action": ["GetParameter"]}),
}


@pytest.mark.parametrize("request_", ACTIONS.values(), ids=ACTIONS)
def test_the_action_is_read_in_each_protocol(request_: Request) -> None:
    assert request_.action == "GetParameter"


def test_a_rest_request_has_no_action() -> None:
    assert Request("GET", "/v2/apis", {}, b"").action == ""


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"text"', b"\xff"])
def test_a_body_that_is_not_a_json_object_has_no_members(body: bytes) -> None:
    assert Request("POST", "/", {}, body).json == {}


def test_another_request_keeps_the_caller_and_the_service() -> None:
    asked = Request("POST", "/", {"x-amz-target": "AmazonSSM.PutParameter", "authorization": "a"}, b"{}")
    more = asked.ask("DescribeParameters", {"MaxResults": 50})
    assert more.headers == {"x-amz-target": "AmazonSSM.DescribeParameters", "authorization": "a"}
    assert more.json == {"MaxResults": 50}


def test_an_error_has_its_code_where_each_sdk_reads_it() -> None:
    status, headers, _ = answer = wire.error("NotFound", "it is not there")
    assert (status, headers["x-amzn-errortype"]) == (400, "NotFound")
    assert wire.members_of(answer) == {"__type": "NotFound", "message": "it is not there"}
    assert not wire.succeeded(answer)


def test_a_replaced_body_has_its_own_length() -> None:
    answer: Answer = (200, {"Content-Type": "application/json", "Content-Length": "2"}, b"{}")
    _, headers, body = wire.with_members(answer, {"a": 1})
    assert headers == {"Content-Type": "application/json"}
    assert body == b'{"a": 1}'


def test_a_later_wrapper_runs_first() -> None:
    asked: list[str] = []

    async def cloud(*request: Any) -> Answer:
        asked.append("cloud")
        return wire.json_answer({})

    def wrapper(name: str) -> wire.Wrapper:
        async def wrap(request: Request, inner: Handler) -> Answer:
            asked.append(name)
            return await inner(request)

        return wrap

    app: Any = SimpleNamespace(SERVICE_HANDLERS={"ssm": cloud})
    wire.wrap(app, "ssm", wrapper("first"))
    wire.wrap(app, "ssm", wrapper("second"))
    asyncio.run(app.SERVICE_HANDLERS["ssm"]("POST", "/", {}, b"{}", {}))
    assert asked == ["second", "first", "cloud"]
