from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import Cloud

NOW = int(time.time() * 1000) - 60_000
"""In milliseconds; a minute ago, because AWS takes no events from the future."""


def test_a_query_definition_is_returned_as_it_was_put(cloud: Cloud) -> None:
    logs = cloud.client("logs")
    put = {"name": "errors", "queryString": "fields @message", "logGroupNames": ["/aws/lambda/kairos"]}
    identity = logs.put_query_definition(**put)["queryDefinitionId"]
    (found,) = logs.describe_query_definitions()["queryDefinitions"]
    assert {name: found[name] for name in put} == put
    assert found["queryDefinitionId"] == identity


def test_a_put_with_an_id_replaces_it(cloud: Cloud) -> None:
    logs = cloud.client("logs")
    identity = logs.put_query_definition(name="errors", queryString="old")["queryDefinitionId"]
    logs.put_query_definition(name="errors", queryString="new", queryDefinitionId=identity)
    (found,) = logs.describe_query_definitions()["queryDefinitions"]
    assert found["queryString"] == "new"


def test_query_definitions_are_found_by_prefix_and_page(cloud: Cloud) -> None:
    logs = cloud.client("logs")
    for name in ("kairos/a", "kairos/b", "other"):
        logs.put_query_definition(name=name, queryString="fields @message")
    first = logs.describe_query_definitions(queryDefinitionNamePrefix="kairos/", maxResults=1)
    second = logs.describe_query_definitions(
        queryDefinitionNamePrefix="kairos/", maxResults=1, nextToken=first["nextToken"]
    )
    names = [page["queryDefinitions"][0]["name"] for page in (first, second)]
    assert names == ["kairos/a", "kairos/b"]
    assert "nextToken" not in second


def test_a_deleted_query_definition_is_gone(cloud: Cloud) -> None:
    logs = cloud.client("logs")
    identity = logs.put_query_definition(name="errors", queryString="x")["queryDefinitionId"]
    assert logs.delete_query_definition(queryDefinitionId=identity)["success"] is True
    assert logs.describe_query_definitions()["queryDefinitions"] == []


def test_an_unknown_query_definition_is_not_found(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        cloud.client("logs").delete_query_definition(queryDefinitionId="absent")


def test_a_log_group_is_still_created(cloud: Cloud) -> None:
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName="/aws/lambda/kairos")
    assert logs.describe_log_groups()["logGroups"][0]["logGroupName"] == "/aws/lambda/kairos"


def put_events(cloud: Cloud, stream: str, *moments: int) -> None:
    logs = cloud.client("logs")
    if not logs.describe_log_groups(logGroupNamePrefix="paged")["logGroups"]:
        logs.create_log_group(logGroupName="paged")
    logs.create_log_stream(logGroupName="paged", logStreamName=stream)
    events = [{"timestamp": NOW + moment, "message": f"{stream} {at}"} for at, moment in enumerate(moments)]
    logs.put_log_events(logGroupName="paged", logStreamName=stream, logEvents=events)


def pages(cloud: Cloud, limit: int, **more: Any) -> list[list[str]]:
    found = cloud.client("logs").get_paginator("filter_log_events")
    asked = found.paginate(logGroupName="paged", limit=limit, **more)
    return [[event["message"] for event in page["events"]] for page in asked]


def test_filtered_events_are_returned_in_pages(cloud: Cloud) -> None:
    put_events(cloud, "a", 0, 1, 2)
    put_events(cloud, "b", 1, 3)
    assert pages(cloud, 2) == [["a 0", "a 1"], ["b 0", "a 2"], ["b 1"]]


def test_events_of_the_same_moment_are_returned_once_each(cloud: Cloud) -> None:
    put_events(cloud, "a", 0, 0, 0, 0, 0)
    assert pages(cloud, 2) == [["a 0", "a 1"], ["a 2", "a 3"], ["a 4"]]


def test_the_pages_of_filtered_events_keep_the_pattern_and_the_time(cloud: Cloud) -> None:
    put_events(cloud, "a", 0, 1, 2, 3, 4)
    put_events(cloud, "b", 0, 1, 2, 3, 4)
    found = pages(cloud, 2, filterPattern="b", startTime=NOW + 1, endTime=NOW + 3)
    assert [message for page in found for message in page] == ["b 1", "b 2", "b 3"]
