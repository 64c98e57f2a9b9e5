"""Every row of the refusals: it refuses a request with AWS's code, and accepts it when the cause is gone."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from botocore.exceptions import ClientError

from emulator.refusals import TABLE
from emulator.refusals.operations import operation
from emulator.refusals.row import Row
from emulator.tests import (
    walks_edge,
    walks_firewall,
    walks_functions,
    walks_names,
    walks_notices,
    walks_platform,
)
from emulator.tests.cloud import Cloud
from emulator.tests.walks import WALKS
from emulator.wire import Request

MODULES = (walks_edge, walks_firewall, walks_functions, walks_names, walks_notices, walks_platform)


def test_no_two_rows_have_one_name() -> None:
    assert [name for name, count in Counter(row.name for row in TABLE).items() if count > 1] == []


EACH = [(row, action) for row in TABLE for action in row.actions]


def test_every_walk_belongs_to_an_action_of_a_row() -> None:
    assert WALKS.keys() - {(row.name, action) for row, action in EACH} == set()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_a_row_has_a_source(row: Row) -> None:
    assert re.match(r"(unsure: )?\S*https://|unsure: \w", row.source)
    assert row.when
    assert row.actions


@pytest.mark.parametrize(("row", "action"), EACH, ids=[f"{row.name}-{action}" for row, action in EACH])
def test_it_is_refused_and_then_accepted(row: Row, action: str, cloud: Cloud) -> None:
    assert (row.name, action) in WALKS, f"{action} of the row {row.name} has no walk"
    steps = WALKS[row.name, action](cloud)
    refused = next(steps)
    with pytest.raises(ClientError) as refusal:
        refused()
    answer = refusal.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == (row.code, row.status)
    assert refusal.value.operation_name.partition("2020")[0] == action
    if row.refuses:
        words = re.sub(r"\\\{\w+\\\}", ".*", re.escape(row.message))
        assert re.fullmatch(words, answer["Error"]["Message"], re.DOTALL)
    next(steps)()


def test_the_status_counts_what_was_refused(cloud: Cloud) -> None:
    def count() -> int:
        found: int = cloud.status()["refusals"].get("ssm-value-empty", 0)
        return found

    before = count()
    with pytest.raises(ClientError):
        next(WALKS["ssm-value-empty", "PutParameter"](cloud))()
    assert count() == before + 1


@pytest.mark.parametrize(
    ("service", "method", "path", "query", "name", "labels"),
    [
        (
            "lambda",
            "PUT",
            "/2015-03-31/functions/kairos/code",
            {},
            "UpdateFunctionCode",
            {"FunctionName": "kairos"},
        ),
        ("lambda", "POST", "/2015-03-31/functions/", {}, "CreateFunction", {}),
        (
            "apigateway",
            "DELETE",
            "/v2/apis/a/stages/%24default",
            {},
            "DeleteStage",
            {"apiId": "a", "stageName": "$default"},
        ),
        (
            "cloudfront",
            "POST",
            "/2020-05-31/distribution",
            {"WithTags": [""]},
            "CreateDistributionWithTags",
            {},
        ),
        ("cloudfront", "POST", "/2020-05-31/distribution", {}, "CreateDistribution", {}),
        ("cloudfront", "GET", "/absent", {}, "", {}),
    ],
)
def test_the_operation_is_read_from_the_path(
    service: str, method: str, path: str, query: dict[str, list[str]], name: str, labels: dict[str, str]
) -> None:
    found = operation(service, Request(method, path, {}, b"", query))
    assert (found[0].partition("2020")[0], found[1]) == (name, labels)
