"""The `aws` commands in the runbook's sections on alarms, run where kairos-prod is deployed.

A shell splits the lines into words. The words become the AWS CLI's request, with the same model.
"""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jmespath
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.model import ListShape, Shape, StructureShape

from emulator.tests.cloud import REGION, ROOT, Cloud
from emulator.tests.staging import GROUP, NAME, make_function, make_role, stage

EDGE_REGION = "us-east-1"
API_LOG = f"/aws/vendedlogs/apigateway/{NAME}"
EDGE_LOG = f"/aws/vendedlogs/cloudfront/{NAME}"
FIREWALL_LOG = f"aws-waf-logs-{NAME}"

LINES = {
    (REGION, GROUP): (
        {"level": "ERROR", "message": "ServerSelectionTimeoutError", "step": "secrets"},
        {"level": "INFO", "message": "cold start", "milliseconds": {"import": 200}},
        {"level": "INFO", "message": "told"},
    ),
    (REGION, API_LOG): ({"status": "503"}, {"status": "404"}, {"status": "200"}),
    (EDGE_REGION, EDGE_LOG): ({"sc-status": "502"},),
    (EDGE_REGION, FIREWALL_LOG): ({"action": "BLOCK"}, {"action": "ALLOW"}),
}
"""The lines in the logs of kairos-prod. Each pattern of the runbook finds some, but not the last one."""

NOT_HERE = ("get-cost-and-usage", "get-health-check-last-failure-reason")
"""Operations that the local cloud does not have. test_documents.py compares these with AWS's model."""


def _sections() -> Iterator[tuple[str, list[str]]]:
    """The sections on alarms and events, with the commands of each."""
    text = (ROOT / "docs/runbook.md").read_text().replace("\\\n", " ")
    for section in text.partition("\n## Alarms\n")[2].split("\n## ")[1:]:
        blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
        lines = [line for block in blocks for line in block.splitlines() if line.startswith("aws ")]
        lines = [line for line in lines if line.split()[2] not in NOT_HERE]
        if lines:
            yield section.partition("\n")[0], lines


SECTIONS = dict(_sections())


@pytest.fixture(scope="module")
def prod(server: Cloud, home: Path) -> Cloud:
    """A local cloud with the resources that the commands read. The commands do not change them."""
    cloud = server
    cloud.reset()
    make_role(cloud)
    make_function(cloud, stage(cloud, home, "def handler(event, context):\n    return event\n"))
    functions = cloud.client("lambda")
    functions.put_function_concurrency(FunctionName=NAME, ReservedConcurrentExecutions=10)
    functions.put_provisioned_concurrency_config(
        FunctionName=NAME, Qualifier="1", ProvisionedConcurrentExecutions=1
    )
    check = {"Type": "HTTPS", "FullyQualifiedDomainName": "d1.cloudfront.net", "Port": 443}
    cloud.client("route53").create_health_check(CallerReference="one", HealthCheckConfig=check)
    for (region, group), lines in LINES.items():
        logs = cloud.client("logs", region)
        if group != GROUP:
            logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName="one")
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": json.dumps(line)} for line in lines]
        logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=events)
    return cloud


@pytest.mark.parametrize("section", SECTIONS)
def test_the_commands_of_a_section_find_something(prod: Cloud, section: str) -> None:
    said: Any = {}
    for line in SECTIONS[section]:
        words = _words(line, said, prod)
        request, region, query = _request(prod, words)
        said = _run(prod, words, request, region)
        if query:
            jmespath.search(query, said)
        if words[2] == "filter-log-events":
            messages = [event["message"] for event in said["events"]]
            last = json.dumps(LINES[region, request["logGroupName"]][-1])
            assert messages, line
            assert last not in messages, line
        if words[2] == "get-query-results":
            assert said["status"] == "Complete", line


def test_each_section_has_commands_that_are_run() -> None:
    """A section without `aws` commands has one of `kairos`."""
    text = (ROOT / "docs/runbook.md").read_text().partition("\n## Alarms\n")[2]
    without = [section for section in text.split("\n## ")[1:] if "```sh\n" not in section]
    assert without == []
    assert len(SECTIONS) > 20


def _words(line: str, said: Any, cloud: Cloud) -> list[str]:
    """The words of a line as a shell passes them on, with values for its placeholders."""
    if "<" in line:
        stands_for = {
            "<the query id from the output>": said.get("queryId", ""),
            "<the version from the output>": said.get("FunctionVersion", ""),
            "<its id>": next(iter(cloud.client("route53").list_health_checks()["HealthChecks"]))["Id"],
            "<the digest from the message>": _digest(cloud),
        }
        for placeholder, value in stands_for.items():
            line = line.replace(placeholder, value)
    printed = subprocess.run(
        ["bash", "-c", f"printf '%s\\0' {line}"], check=True, capture_output=True, text=True
    ).stdout
    return printed.split("\0")[:-1]


def _digest(cloud: Cloud) -> str:
    images = cloud.client("ecr").list_images(repositoryName="kairos")["imageIds"]
    digest: str = images[0]["imageDigest"]
    return digest


def _request(cloud: Cloud, words: list[str]) -> tuple[dict[str, Any], str, str | None]:
    """The members from the options of a command, its region, and the part of the response that it shows."""
    options: dict[str, list[str]] = {}
    for word in words[3:]:
        if word.startswith("--"):
            options[word] = []
        else:
            options[list(options)[-1]].append(word)
    (region,) = options.pop("--region", [REGION])
    (query,) = options.pop("--query", [None])  # type: ignore[list-item]
    options.pop("--output", None)
    model = cloud.client(words[1], region).meta.service_model
    names = {xform_name(name, "-"): name for name in model.operation_names}
    shape = model.operation_model(names[words[2]]).input_shape
    members = {f"--{xform_name(name, '-')}": name for name in (shape.members if shape else {})}
    request = {members[option]: _value(shape.members[members[option]], of) for option, of in options.items()}
    return request, region, query


def _value(shape: Shape, words: list[str]) -> Any:
    """An argument: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html"""
    if isinstance(shape, ListShape):
        return [_value(shape.member, [word]) for word in words]
    (word,) = words
    if isinstance(shape, StructureShape):
        pairs = (pair.partition("=") for pair in word.split(","))
        return {name: _value(shape.members[name], [value]) for name, _, value in pairs}
    return int(word) if shape.type_name in ("integer", "long") else word


def _run(cloud: Cloud, words: list[str], request: dict[str, Any], region: str) -> Any:
    client = cloud.client(words[1], region)
    try:
        return getattr(client, words[2].replace("-", "_"))(**request)
    except ClientError as error:
        # Nothing scans an image here. This is AWS's response in that case.
        if error.response["Error"]["Code"] == "ScanNotFoundException":
            return error.response
        raise
