"""The results of Logs Insights queries, and that each saved query finds what its name says."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.corrections.insights_conditions import QueryError
from emulator.corrections.insights_language import run
from emulator.tests.cloud import REGION, Cloud

EDGE_REGION = "us-east-1"
FUNCTION_LOG = "/aws/lambda/kairos-prod"
API_LOG = "/aws/vendedlogs/apigateway/kairos-prod"
EDGE_LOG = "/aws/vendedlogs/cloudfront/kairos-prod"
FIREWALL_LOG = "aws-waf-logs-kairos-prod"


def _report(status: str, **metrics: float) -> dict[str, Any]:
    return {"type": "platform.report", "record": {"status": status, "metrics": metrics}}


LINES: Mapping[str, tuple[Any, ...]] = {
    FUNCTION_LOG: (
        {"level": "ERROR", "message": "bad", "step": "import", "requestId": "r-1"},
        {"level": "INFO", "message": "told"},
        {"level": "WARN", "message": "cold start", "digest": "sha256:1", "version": "7"},
        _report("timeout", durationMs=15000),
        _report("success", durationMs=20, initDurationMs=800),
        _report("success", durationMs=20, initDurationMs=1600),
        "plain words",
    ),
    API_LOG: (
        {"requestId": "a-1", "integrationRequestId": "r-1", "responseLatency": "2500", "path": "/slow"},
        {"requestId": "a-2", "integrationRequestId": "r-2", "responseLatency": "12", "path": "/"},
    ),
    EDGE_LOG: ({"x-edge-request-id": "e-1", "sc-status": "502"}, {"sc-status": "200"}),
    FIREWALL_LOG: (
        {
            "action": "BLOCK",
            "terminatingRuleId": "r",
            "httpRequest": {"clientIp": "1.1.1.1", "country": "GB"},
        },
        {
            "action": "BLOCK",
            "terminatingRuleId": "r",
            "httpRequest": {"clientIp": "1.1.1.1", "country": "GB"},
        },
        {
            "action": "BLOCK",
            "terminatingRuleId": "r",
            "httpRequest": {"clientIp": "2.2.2.2", "country": "FR"},
        },
        {"action": "ALLOW", "httpRequest": {"clientIp": "3.3.3.3", "country": "GB", "requestId": "e-1"}},
    ),
}
"""The lines in the logs of kairos-prod."""

SAVED: Mapping[str, tuple[str, list[dict[str, str]]]] = {
    "errors": ("", [{"level": "ERROR", "message": "bad", "step": "import", "requestId": "r-1"}, {}]),
    "slow-requests": ("", [{"path": "/slow", "responseLatency": "2500", "requestId": "a-1"}]),
    "cold-starts": ("", [{"starts": "2", "average": "1200", "longest": "1600"}]),
    "one-request": ("r-1", [{"@message": json.dumps(LINES[log][0])} for log in (FUNCTION_LOG, API_LOG)]),
    "blocked-addresses": (
        "",
        [
            {
                "httpRequest.clientIp": "1.1.1.1",
                "httpRequest.country": "GB",
                "terminatingRuleId": "r",
                "requests": "2",
            },
            {
                "httpRequest.clientIp": "2.2.2.2",
                "httpRequest.country": "FR",
                "terminatingRuleId": "r",
                "requests": "1",
            },
        ],
    ),
    "one-request-at-the-edge": (
        "e-1",
        [{"@message": json.dumps(LINES[EDGE_LOG][0])}, {"@log": FIREWALL_LOG}],
    ),
}
"""The id to search for, and the expected fields of the results of each saved query."""


@pytest.fixture(scope="module")
def logs(server: Cloud) -> Cloud:
    """A local cloud with the lines."""
    server.reset()
    for group, lines in LINES.items():
        client = server.client("logs", _region(group))
        client.create_log_group(logGroupName=group)
        client.create_log_stream(logGroupName=group, logStreamName="one")
        now = int(time.time() * 1000)
        events = [
            {"timestamp": now - at, "message": line if isinstance(line, str) else json.dumps(line)}
            for at, line in enumerate(lines)
        ]
        client.put_log_events(logGroupName=group, logStreamName="one", logEvents=events[::-1])
    return server


def test_each_saved_query_finds_what_its_name_says(
    logs: Cloud, stack: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> None:
    saved = stack["aws_cloudwatch_query_definition"].values()
    assert {query["name"] for query in saved} == {f"kairos-prod/{name}" for name in SAVED}
    for query in saved:
        identity, expected = SAVED[query["name"].partition("/")[2]]
        groups = [_group(stack, named) for named in query["log_group_names"]]
        text = query["query_string"].replace("REQUEST_ID", identity or "REQUEST_ID")
        found = _ask(logs, groups, text)
        assert len(found) == len(expected), query["name"]
        for wanted in expected:
            assert any(wanted.items() <= row.items() for row in found), query["name"]


def test_the_tables_of_the_dashboard_find_releases_and_errors(
    logs: Cloud, stack: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> None:
    (dashboard,) = stack["aws_cloudwatch_dashboard"].values()
    queries = re.findall(r"SOURCE '[^']*' \| (filter [^\"]*)", dashboard["dashboard_body"])
    releases, errors = (_ask(logs, [FUNCTION_LOG], query) for query in queries)
    ((release),) = releases
    assert (release["digest"], release["version"], release["starts"]) == ("sha256:1", "7", "1")
    assert errors == [{"step": "import", "message": "bad", "lines": "1"}]


@pytest.mark.parametrize(
    "query",
    [
        "parse @message '*' as a",
        "filter a ~ 2",
        "stats pct(a, 99)",
        "filter (a = 1",
        "sort a desc, b",
        "stats",
    ],
)
def test_another_query_is_refused(logs: Cloud, query: str) -> None:
    with pytest.raises(ClientError, match="MalformedQueryException"):
        _ask(logs, [FUNCTION_LOG], query)


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("a = 1", True),
        ("a = '1'", True),
        ("a != 1", False),
        ("a >= 1 and b.c > 2", False),
        ("a < 1 or b.c like /^x+$/", True),
        ("not ispresent(d)", True),
        ("(a = 1) and b.c in ['y', \"xx\"]", True),
        ("`b.c` = 'xx'", True),
        ("d != 1", True),
        ("d > 0", False),
    ],
)
def test_a_condition_keeps_a_line(condition: str, kept: bool) -> None:
    record = {"@message": '{"a": 1, "b": {"c": "xx"}}', "@timestamp": "now", "_timestamp_ms": 0}
    assert bool(run([f"filter {condition}"], [record])) is kept


def test_a_query_returns_at_most_its_limit() -> None:
    with pytest.raises(QueryError, match="end of query"):
        run(["filter a ="], [])


def _ask(cloud: Cloud, groups: list[str], query: str) -> list[dict[str, str]]:
    client = cloud.client("logs", _region(groups[0]))
    now = int(time.time())
    asked = client.start_query(logGroupNames=groups, startTime=now - 60, endTime=now + 60, queryString=query)
    answer = client.get_query_results(queryId=asked["queryId"])
    return [{field["field"]: field["value"] for field in row} for row in answer["results"]]


def _group(stack: Mapping[str, Mapping[str, Mapping[str, Any]]], named: str) -> str:
    """A log group as a query names it: by its name, or by the resource that owns it."""
    reference = re.fullmatch(r"\$\{aws_cloudwatch_log_group\.([\w-]+)\.name\}", named)
    return str(stack["aws_cloudwatch_log_group"][reference[1]]["name"]) if reference else named


def _region(group: str) -> str:
    return REGION if group in (FUNCTION_LOG, API_LOG) else EDGE_REGION
