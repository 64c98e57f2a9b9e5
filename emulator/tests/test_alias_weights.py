"""An alias with weights: which version gets its calls, through the Lambda API and through an HTTP API."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from emulator.corrections.alias_weights import draw
from emulator.tests.cloud import Cloud
from emulator.tests.staging import LOGS, NAME, ask, invoke, make_api, make_function, make_role, publish, stage

TELL = """
import os

def handler(event, context):
    return {"statusCode": 200, "body": "%s " + os.environ["AWS_LAMBDA_FUNCTION_VERSION"]}
"""


def _record(weights: dict[str, float] | None) -> dict[str, Any]:
    alias = {"FunctionVersion": "1"}
    routed = alias if weights is None else {**alias, "RoutingConfig": {"AdditionalVersionWeights": weights}}
    return {"versions": {"1": {"is": "1"}, "2": {"is": "2"}}, "aliases": {"live": routed}}


@pytest.mark.parametrize("weight", [0.05, 0.25, 0.9])
def test_the_additional_version_gets_the_share_of_its_weight(weight: float) -> None:
    chance = random.Random(7).random
    drawn = [draw(_record({"2": weight}), "live", chance) for _ in range(10_000)]
    assert sum(one is not None for one in drawn) / 10_000 == pytest.approx(weight, abs=0.02)
    assert {one[0] for one in drawn if one} == {"2"}


def test_the_record_is_that_of_the_additional_version() -> None:
    assert draw(_record({"2": 1.0}), "live") == ("2", {"is": "2"})


@pytest.mark.parametrize(
    ("weights", "qualifier"), [(None, "live"), ({}, "live"), ({"2": 1.0}, "1"), ({"2": 1.0}, None)]
)
def test_without_a_weight_every_call_gets_the_same_version(
    weights: dict[str, float] | None, qualifier: str | None
) -> None:
    assert draw(_record(weights), qualifier) is None


def _two_versions(cloud: Cloud, home: Path, weight: float) -> None:
    make_role(cloud, LOGS)
    make_function(cloud, stage(cloud, home, TELL % "old"))
    assert publish(cloud, stage(cloud, home, TELL % "new")) == "2"
    _weigh(cloud, {"2": weight})


def _weigh(cloud: Cloud, weights: dict[str, float]) -> None:
    cloud.client("lambda").update_alias(
        FunctionName=NAME, Name="live", RoutingConfig={"AdditionalVersionWeights": weights}
    )


def test_a_direct_call_gets_the_additional_version_until_its_weight_is_removed(
    cloud: Cloud, home: Path
) -> None:
    _two_versions(cloud, home, 1.0)
    assert invoke(cloud).answer["body"] == "new 2"
    found = cloud.client("lambda").invoke(FunctionName=NAME, Qualifier="live", Payload=json.dumps(None))
    assert found["ExecutedVersion"] == "2"
    _weigh(cloud, {})
    assert invoke(cloud).answer["body"] == "old 1"


def test_a_call_with_a_version_number_gets_that_version(cloud: Cloud, home: Path) -> None:
    _two_versions(cloud, home, 1.0)
    assert invoke(cloud, qualifier="1").answer["body"] == "old 1"


def test_both_versions_answer_requests_of_an_api(cloud: Cloud, home: Path) -> None:
    _two_versions(cloud, home, 0.5)
    api = make_api(cloud)
    # The probability that one of the two never answers is 2 in 2 to the 40th.
    assert {ask(api.url, "/").body for _ in range(40)} == {b"old 1", b"new 2"}
