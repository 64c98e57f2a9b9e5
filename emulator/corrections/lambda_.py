"""Lambda: the ARN of a version, and the checksum of an image."""

from __future__ import annotations

import json
import re
from types import ModuleType
from typing import Any

from emulator import wire
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

# Requests that answer function configurations: not an invocation, whose answer is the function's own.
_DESCRIPTION = re.compile(r"/\d{4}-\d\d-\d\d/functions(/[^/]+(/(code|configuration|versions))?)?/?$")


def install(app: ModuleType, settings: Settings) -> None:
    wire.wrap(app, "lambda", correct_configurations)


async def correct_configurations(request: Request, inner: Handler) -> Answer:
    """A version's ARN ends with its number, and the checksum of an image is its digest; MiniStack answers the
    function's ARN for the versions that CreateFunction and UpdateFunctionCode publish, and no checksum.

    https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
    """
    answer = await inner(request)
    if not wire.succeeded(answer) or not _DESCRIPTION.match(request.path) or not answer[2]:
        return answer
    found = json.loads(answer[2])
    asked = request.query.get("Qualifier", [""])[0]
    for configuration in _one(found):
        version = configuration["Version"]
        _correct(configuration, asked or (version if version != "$LATEST" else ""))
    for configuration in found.get("Versions", []):
        _correct(configuration, configuration["Version"])
    for configuration in found.get("Functions", []):
        _correct(configuration, configuration["Version"] if "FunctionVersion" in request.query else "")
    return wire.with_members(answer, found)


def _one(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The configuration that the answer is or holds, if any."""
    if "Configuration" in found:
        return [found["Configuration"]]
    return [found] if "FunctionArn" in found else []


def _correct(configuration: dict[str, Any], qualifier: str) -> None:
    unqualified = ":".join(configuration["FunctionArn"].split(":")[:7])
    configuration["FunctionArn"] = f"{unqualified}:{qualifier}" if qualifier else unqualified
    image = configuration.pop("ImageUri", "")
    if not configuration["CodeSha256"] and "@sha256:" in image:
        configuration["CodeSha256"] = image.rpartition("@sha256:")[2]
