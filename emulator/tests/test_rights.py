from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.rights import Call, Need, refused, walk
from emulator.tests.cloud import ACCOUNT, Cloud, allow


def _rights(cloud: Cloud) -> list[dict[str, Any]]:
    asked = urllib.request.Request(f"{cloud.url}/_kairos/rights", method="POST")
    with urllib.request.urlopen(asked) as answer:
        found: list[dict[str, Any]] = json.load(answer)
    return found


ARN = f"arn:aws:logs:eu-west-2:{ACCOUNT}:log-group:a"


def test_a_call_of_a_role_is_recorded_once_with_its_resource_and_keys(cloud: Cloud) -> None:
    sns = cloud.client("sns", keys=cloud.keys_of_role("deployer", allow("sns:*", "*")))
    topic = sns.create_topic(Name="alarms", Tags=[{"Key": "environment", "Value": "dev"}])["TopicArn"]
    for _ in range(2):
        sns.get_topic_attributes(TopicArn=topic)
    made, read = _rights(cloud)
    assert (made["role"], made["action"]) == ("deployer", "sns:CreateTopic")
    assert made["keys"]["aws:requesttag/environment"] == "dev"
    assert (read["action"], read["resource"]) == ("sns:GetTopicAttributes", topic)
    assert read["keys"]["aws:resourcetag/environment"] == "dev"


def test_denied_calls_and_calls_of_root_are_not_recorded(cloud: Cloud) -> None:
    logs = cloud.client("logs", keys=cloud.keys_of_role("powerless"))
    with pytest.raises(ClientError, match="AccessDenied"):
        logs.create_log_group(logGroupName="a")
    cloud.client("logs").create_log_group(logGroupName="a")
    assert _rights(cloud) == []


def test_a_reset_deletes_the_record(cloud: Cloud) -> None:
    cloud.client("logs", keys=cloud.keys_of_role("d", allow("logs:*", "*"))).describe_log_groups()
    assert len(_rights(cloud)) == 1
    cloud.reset()
    assert _rights(cloud) == []


def _call(action: str, resource: str = ARN, **keys: str) -> Call:
    return Call(
        "kairos-dev-deploy", action, resource, {name.replace("_", ":"): each for name, each in keys.items()}
    )


READ = {"Sid": "Read", **allow(["logs:Get", "logs:List"], ARN)}
WRITE = {"Sid": "Write", **allow("logs:Put", "*", StringEquals={"aws:RequestTag/environment": "dev"})}
WRITE = {**WRITE, "Action": ["logs:Put"]}
CALLS = [_call("logs:Get"), _call("logs:Put", **{"aws_requesttag/environment": "dev"})]


def test_a_complete_role_allows_all_of_its_calls() -> None:
    assert refused([READ, WRITE], CALLS) == []


def test_a_refusal_names_the_action() -> None:
    [words] = refused([READ], CALLS)
    assert f"is not authorized to perform: logs:Put on resource: {ARN} because no identity-based" in words


@pytest.mark.parametrize(
    "call", [_call("logs:Put"), _call("logs:Put", **{"aws_requesttag/environment": "prod"})]
)
def test_a_condition_is_evaluated(call: Call) -> None:
    assert len(refused([WRITE], [call])) == 1


def test_the_walk_removes_each_statement_and_each_action() -> None:
    lacks = {(need.sid, need.action): len(need.refused) for need in walk([READ, WRITE], CALLS)}
    assert lacks == {
        ("Read", None): 1,
        ("Read", "logs:Get"): 1,
        ("Read", "logs:List"): 0,
        ("Write", None): 1,
    }


def test_an_action_in_two_statements_is_needed_in_neither() -> None:
    again = {**READ, "Sid": "Again"}
    assert Need("Read", None, []) in list(walk([READ, again], CALLS[:1]))
