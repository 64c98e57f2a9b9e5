from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import Cloud


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
