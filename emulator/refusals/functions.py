"""Functions: updates in progress, settings out of range, and versions that an alias refers to."""

from __future__ import annotations

import json
from typing import Any

from emulator.refusals.row import Asked, Facts, Row

_LARGEST_ENVIRONMENT = 4096
"""Bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def named(asked: Asked) -> tuple[str, str]:
    """The name of the function and the qualifier, which is empty when the request has none."""
    from ministack.services import lambda_svc

    name, qualifier = lambda_svc._resolve_request_scoped_name_and_qualifier(asked.labels["FunctionName"])
    return name, asked.query("Qualifier") or qualifier or ""


def function(asked: Asked) -> dict[str, Any] | None:
    """The function as MiniStack keeps it."""
    from ministack.services import lambda_svc

    return lambda_svc._functions.get(named(asked)[0])


def arn(asked: Asked) -> str:
    """The ARN of the function, without a qualifier."""
    return f"arn:aws:lambda:{asked.region}:{asked.account}:function:{named(asked)[0]}"


def _update_in_progress(asked: Asked) -> Facts | None:
    """MiniStack keeps it as Pending, for the reason Updating."""
    known = function(asked)
    busy = known and known["config"].get("StateReasonCode") == "Updating"
    return {"arn": arn(asked)} if busy else None


def _being_created(asked: Asked) -> Facts | None:
    known = function(asked)
    return {} if known and known["config"].get("StateReasonCode") == "Creating" else None


def _version_of_an_alias(asked: Asked) -> Facts | None:
    number = named(asked)[1]
    aliases = (function(asked) or {}).get("aliases", {}) if number else {}
    holders = [
        name
        for name, alias in aliases.items()
        if number == alias.get("FunctionVersion")
        or number in ((alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {})
    ]
    return {"arn": f"{arn(asked)}:{number}", "aliases": ", ".join(holders)} if holders else None


def _latest(asked: Asked) -> Facts | None:
    return {} if named(asked)[1] == "$LATEST" else None


def _large_environment(asked: Asked) -> Facts | None:
    variables = (asked.members.get("Environment") or {}).get("Variables") or {}
    text = json.dumps(variables, separators=(",", ":"), ensure_ascii=False)
    return {} if len(text.encode()) > _LARGEST_ENVIRONMENT else None


def _out_of_range(member: str, least: int, most: int) -> Any:
    def out_of_range(asked: Asked) -> Facts | None:
        value = asked.members.get(member)
        if value is None or least <= value <= most:
            return None
        bound, limit = ("less", most) if value > most else ("greater", least)
        return {"value": value, "bound": bound, "limit": limit}

    return out_of_range


_PUTS = ("CreateFunction", "UpdateFunctionConfiguration")
_STATES = "https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html"
_LIMITS = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"

ROWS = (
    Row(
        name="function-update-in-progress",
        service="lambda",
        actions=("UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion"),
        when="another update of the function is in progress",
        code="ResourceConflictException",
        status=409,
        message="The operation cannot be performed at this time. An update is in progress for resource: {arn}",
        source=_STATES,
        refuses=_update_in_progress,
    ),
    Row(
        name="function-being-created",
        service="lambda",
        actions=("UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion", "Invoke"),
        when="the function is still being created",
        code="ResourceConflictException",
        status=409,
        message="The operation cannot be performed at this time. The function is currently in the following state: "
        "Pending",
        source=_STATES,
        refuses=_being_created,
    ),
    Row(
        name="function-version-of-an-alias",
        service="lambda",
        actions=("DeleteFunction",),
        when="an alias leads to the version",
        code="ResourceConflictException",
        status=409,
        message="Function version {arn} cannot be deleted because the following aliases reference it: [{aliases}]",
        source="https://github.com/triggermesh/go-lambda-cleanup/issues/45",
        refuses=_version_of_an_alias,
    ),
    Row(
        name="function-latest",
        service="lambda",
        actions=("DeleteFunction",),
        when="the version is $LATEST",
        code="InvalidParameterValueException",
        message="$LATEST version cannot be deleted without deleting the function.",
        source="https://github.com/localstack/localstack, tests/aws/services/lambda_: recorded from AWS",
        refuses=_latest,
    ),
    Row(
        name="function-environment-too-large",
        service="lambda",
        actions=_PUTS,
        when="the environment variables have more than 4 KB",
        code="InvalidParameterValueException",
        message="Lambda was unable to configure your environment variables because the environment variables you "
        "have provided exceeded the 4KB limit. String measured: ",
        source=_LIMITS,
        refuses=_large_environment,
    ),
    Row(
        name="function-memory-out-of-range",
        service="lambda",
        actions=_PUTS,
        when="the memory is not 128 to 10,240 MB",
        code="ValidationException",
        message="1 validation error detected: Value '{value}' at 'memorySize' failed to satisfy constraint: Member "
        "must have value {bound} than or equal to {limit}",
        source=_LIMITS,
        refuses=_out_of_range("MemorySize", 128, 10240),
    ),
    Row(
        name="function-timeout-out-of-range",
        service="lambda",
        actions=_PUTS,
        when="the time-out is not 1 to 900 seconds",
        code="ValidationException",
        message="1 validation error detected: Value '{value}' at 'timeout' failed to satisfy constraint: Member "
        "must have value {bound} than or equal to {limit}",
        source=_LIMITS,
        refuses=_out_of_range("Timeout", 1, 900),
    ),
)
