"""Functions from zip files: the effect of an update on running invocations."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from emulator.tests.cloud import Cloud, policy, wait_until_active
from emulator.tests.staging import LIMIT, ROLE, TRUST

# Waits for a file of the test, so that the update is made while it runs.
WAITING = """
const { existsSync, writeFileSync } = require("node:fs");
const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
exports.handler = async ({ folder }) => {
  if (folder) writeFileSync(`${folder}/started`, "");
  while (folder && !existsSync(`${folder}/may-end`)) await pause();
  return { revision: process.env.REVISION, process: process.pid, code: __dirname };
};
"""


def deploy(cloud: Cloud) -> Any:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("index.js", WAITING)
    role = ROLE.rpartition("/")[2]
    cloud.client("iam").create_role(RoleName=role, AssumeRolePolicyDocument=policy(TRUST))
    client = cloud.client("lambda")
    client.create_function(
        FunctionName="waiting",
        Role=ROLE,
        Runtime="nodejs20.x",
        Handler="index.handler",
        Code={"ZipFile": archive.getvalue()},
        Environment={"Variables": {"REVISION": "1"}},
        Timeout=LIMIT,
    )
    wait_until_active(client, "waiting")
    return client


def invoke(client: Any, folder: Path | None = None) -> dict[str, Any]:
    event = {"folder": str(folder) if folder else None}
    answer = client.invoke(FunctionName="waiting", Payload=json.dumps(event))
    found: dict[str, Any] = json.loads(answer["Payload"].read())
    return found


def during_an_invocation(client: Any, folder: Path, change: Callable[[], object]) -> dict[str, Any]:
    """The response of an invocation that begins before the change and ends after it."""
    with ThreadPoolExecutor(1) as threads:
        found: Future[dict[str, Any]] = threads.submit(invoke, client, folder)
        wait_for((folder / "started").exists)
        change()
        (folder / "may-end").touch()
        return found.result(LIMIT)


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def update(client: Any) -> None:
    client.update_function_configuration(FunctionName="waiting", Environment={"Variables": {"REVISION": "2"}})


def test_a_running_invocation_keeps_its_code_if_the_function_is_updated(cloud: Cloud, tmp_path: Path) -> None:
    client = deploy(cloud)
    assert during_an_invocation(client, tmp_path, lambda: update(client))["revision"] == "1"
    assert invoke(client)["revision"] == "2"


def test_a_running_invocation_ends_if_the_function_is_deleted(cloud: Cloud, tmp_path: Path) -> None:
    client = deploy(cloud)
    deleted = during_an_invocation(client, tmp_path, lambda: client.delete_function(FunctionName="waiting"))
    assert deleted["revision"] == "1"


def test_the_process_of_the_earlier_configuration_is_stopped(cloud: Cloud, tmp_path: Path) -> None:
    client = deploy(cloud)
    idle = invoke(client)["process"]
    busy = during_an_invocation(client, tmp_path, lambda: update(client))["process"]
    assert busy == idle
    wait_for(lambda: not _lives(busy))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_files_of_a_function_are_in_the_home_of_the_cloud(cloud: Cloud) -> None:
    code = Path(invoke(deploy(cloud))["code"])
    assert code.is_relative_to(Path(cloud.status()["home"]) / "temporary")
