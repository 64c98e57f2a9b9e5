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
    for configuration in _configurations(found):
        _correct(configuration)
    return wire.with_members(answer, found)


def _configurations(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The function configurations of an answer: itself, its `Configuration`, or each of a list."""
    candidates = [found, found.get("Configuration"), *found.get("Versions", []), *found.get("Functions", [])]
    return [
        candidate
        for candidate in candidates
        if isinstance(candidate, dict) and {"FunctionArn", "Version", "CodeSha256"} <= candidate.keys()
    ]


def _correct(configuration: dict[str, Any]) -> None:
    version = configuration["Version"]
    arn = configuration["FunctionArn"]
    is_unqualified = arn.count(":") == 6
    if version != "$LATEST" and is_unqualified:
        configuration["FunctionArn"] = f"{arn}:{version}"
    image = configuration.pop("ImageUri", "")
    if not configuration["CodeSha256"] and "@sha256:" in image:
        configuration["CodeSha256"] = image.rpartition("@sha256:")[2]
