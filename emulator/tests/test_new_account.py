"""An account with the concurrency quota of a new account."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import Cloud, running, wait_until_active
from emulator.tests.staging import LOGS, NAME, invoke, make_role, stage, wait_until
from emulator.tests.staging import make_function as make_image_function
from emulator.tests.walks_names import make_function

WAITING = """
import os, pathlib, time

def handler(event, context):
    pathlib.Path(event, "running").touch()
    while not pathlib.Path(event, "go").exists():
        time.sleep(0.01)
"""
"""Writes a file into a folder when it runs, and ends when another file appears there."""


@pytest.fixture
def new_account(tmp_path: Path) -> Iterator[Cloud]:
    with running(tmp_path, "--concurrency", "10") as cloud:
        yield cloud


def test_it_has_a_small_quota_and_cannot_reserve_any(new_account: Cloud) -> None:
    new_account.keys_of_role("kairos-function")
    make_function(new_account, "kairos")
    client = new_account.client("lambda")
    wait_until_active(client, "kairos")
    limit = client.get_account_settings()["AccountLimit"]
    assert (limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]) == (10, 10)
    with pytest.raises(ClientError, match=r"below its minimum value of \[10\]"):
        client.put_function_concurrency(FunctionName="kairos", ReservedConcurrentExecutions=1)
    stopped = client.put_function_concurrency(FunctionName="kairos", ReservedConcurrentExecutions=0)
    assert stopped["ReservedConcurrentExecutions"] == 0


def test_it_has_less_memory(new_account: Cloud) -> None:
    new_account.keys_of_role("kairos-function")
    with pytest.raises(ClientError, match="less than or equal to 3008"):
        make_function(new_account, "kairos", MemorySize=3009)
    assert make_function(new_account, "kairos", MemorySize=3008)["MemorySize"] == 3008


def _reason(ask: Any) -> str:
    with pytest.raises(ClientError) as refusal:
        ask()
    assert refusal.value.response["Error"]["Code"] == "TooManyRequestsException"
    return refusal.value.response["Reason"]


def test_image_and_zip_functions_share_the_quota(tmp_path: Path) -> None:
    with running(tmp_path, "--concurrency", "1") as cloud, ThreadPoolExecutor(1) as threads:
        make_role(cloud, LOGS)
        make_image_function(cloud, stage(cloud, tmp_path, WAITING))
        cloud.keys_of_role("kairos-function")
        make_function(cloud, "other")
        client = cloud.client("lambda", retries=False)
        wait_until_active(client, "other")
        held = threads.submit(invoke, cloud, str(tmp_path))
        try:
            wait_until((tmp_path / "running").exists, "the first invocation runs")
            full = "ConcurrentInvocationLimitExceeded"
            assert _reason(lambda: invoke(cloud, str(tmp_path))) == full
            assert _reason(lambda: client.invoke(FunctionName="other")) == full
        finally:
            (tmp_path / "go").touch()
        assert held.result().error is None
        assert client.invoke(FunctionName="other")["StatusCode"] == 200
        assert (
            client.invoke(FunctionName=NAME, Qualifier="live", Payload=f'"{tmp_path}"')["StatusCode"] == 200
        )
