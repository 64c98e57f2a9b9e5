"""The AWS commands of the documents: the AWS CLI has each operation and option."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import botocore.session
import pytest
from botocore import xform_name

from emulator.tests.cloud import ROOT

OF_ALL = {"--region", "--query", "--output", "--profile", "--max-items", "--no-cli-pager"}
"""Options of every operation, which the CLI adds."""

CUSTOM = {("logs", "tail"), ("sso", "login"), ("configure", "list-profiles"), ("cloudformation", "deploy")}
"""Commands of the CLI that consist of several operations."""


def _commands() -> Iterator[tuple[str, str]]:
    for document in sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")]):
        # This document contains commands of the earlier guide, which others replace.
        if document.name == "commands.md":
            continue
        text = document.read_text().replace("\\\n", " ")
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
            for line in block.splitlines():
                if line.startswith("aws "):
                    yield document.name, line


@pytest.mark.parametrize(("document", "line"), list(_commands()))
def test_the_cli_has_every_documented_command(document: str, line: str) -> None:
    words = shlex.split(re.sub(r"\$\(+[^()]*(\([^()]*\))?[^()]*\)+\d*", "value", line), comments=True)
    service, operation = words[1:3]
    if (service, operation) in CUSTOM:
        return
    model = botocore.session.get_session().get_service_model({"s3api": "s3"}.get(service, service))
    names = {xform_name(name, "-"): name for name in model.operation_names}
    assert operation in names, f"{document}: {service} has no {operation}"
    shape = model.operation_model(names[operation]).input_shape
    members = {f"--{xform_name(member, '-')}" for member in (shape.members if shape else {})}
    options = {word for word in words if word.startswith("--")}
    assert options <= members | OF_ALL, (
        f"{document}: {service} {operation} takes no {options - members - OF_ALL}"
    )
