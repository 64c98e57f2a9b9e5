"""Provisioned concurrency: environments that are kept started have started, or the status says why not."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from emulator.tests.cloud import Cloud
from emulator.tests.staging import LIMIT, NAME, invoke, make_function, make_role, publish, stage

GOOD = """
import time

started = time.time()

def handler(event, context):
    return started
"""


@pytest.fixture
def deployed(cloud: Cloud, home: Path) -> Cloud:
    make_role(cloud)
    make_function(cloud, stage(cloud, home, GOOD))
    return cloud


def keep(cloud: Cloud, qualifier: str, count: int = 2) -> dict[str, Any]:
    """Keep environments started, and wait for the result."""
    client = cloud.client("lambda")
    client.put_provisioned_concurrency_config(
        FunctionName=NAME, Qualifier=qualifier, ProvisionedConcurrentExecutions=count
    )
    until = time.monotonic() + LIMIT
    while time.monotonic() < until:
        found: dict[str, Any] = client.get_provisioned_concurrency_config(
            FunctionName=NAME, Qualifier=qualifier
        )
        if found["Status"] != "IN_PROGRESS":
            return found
        time.sleep(0.05)
    raise TimeoutError(found)


def test_a_version_is_started_before_its_first_call(deployed: Cloud) -> None:
    found = keep(deployed, "1")
    ready = time.time()
    assert (found["Status"], found["AvailableProvisionedConcurrentExecutions"]) == ("READY", 2)
    assert invoke(deployed).answer < ready


def test_a_version_that_cannot_start_fails(deployed: Cloud, home: Path) -> None:
    broken = publish(deployed, stage(deployed, home, "import not_there\n"))
    found = keep(deployed, broken)
    assert (found["Status"], found["StatusReason"]) == ("FAILED", "FUNCTION_ERROR_INIT_FAILURE")
    assert found["AvailableProvisionedConcurrentExecutions"] == 0


def test_the_version_of_an_alias_is_started(deployed: Cloud) -> None:
    assert keep(deployed, "live")["Status"] == "READY"
    assert invoke(deployed).answer < time.time()
