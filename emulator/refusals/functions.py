"""Functions: updates in progress, invalid settings, and versions that an alias refers to."""

from __future__ import annotations

import json
from typing import Any

from emulator.refusals.row import Asked, Facts, Row

_MOST_MEMORY = 10_240
_MOST_MEMORY_OF_A_NEW_ACCOUNT = 3008
"""MB. "New AWS accounts have reduced concurrency and memory quotas":
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
_QUOTA = 1000
"""Concurrent executions of an account that is not new."""
_LARGEST_ENVIRONMENT = 4096
"""Bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def named(asked: Asked) -> tuple[str, str]:
    """The name of the function and the qualifier, which is empty if the request has none."""
    from ministack.services import lambda_svc

    name, qualifier = lambda_svc._resolve_request_scoped_name_and_qualifier(asked.labels["FunctionName"])
    return name, asked.query("Qualifier") or qualifier or ""


def function(asked: Asked) -> dict[str, Any] | None:
    """The function in MiniStack."""
    from ministack.services import lambda_svc

    return lambda_svc._functions.get(named(asked)[0])


def arn(asked: Asked) -> str:
    """The ARN of the function, without a qualifier."""
    return f"arn:aws:lambda:{asked.region}:{asked.account}:function:{named(asked)[0]}"


def _update_in_progress(asked: Asked) -> Facts | None:
    """MiniStack stores it as Pending, with the reason Updating."""
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


def _reserved_variables(asked: Asked) -> Facts | None:
    variables = (asked.members.get("Environment") or {}).get("Variables") or {}
    found = [name for name in variables if name in _RESERVED]
    return {"names": ", ".join(found)} if found else None


def _role_of_another_service(asked: Asked) -> Facts | None:
    """A missing role is only reported at the invocation, because nothing here waits for IAM to propagate."""
    from ministack.services import iam

    from emulator.runner.credentials import trusts_lambda

    role = asked.members.get("Role") or ""
    known = iam._roles.get(role.rpartition("/")[2])
    name = asked.members.get("FunctionName") or asked.labels.get("FunctionName", "")
    own = f"arn:aws:lambda:{asked.region}:{asked.account}:function:{name}"
    if known is None or trusts_lambda(
        known.get("AssumeRolePolicyDocument"), role, own, asked.account, asked.region
    ):
        return None
    return {}


def quota() -> int:
    """The account's quota of concurrent executions."""
    from ministack.services import lambda_svc

    found: int = lambda_svc._ACCOUNT_CONCURRENCY_CAP
    return found


def _too_much_memory(asked: Asked) -> Facts | None:
    most = _MOST_MEMORY_OF_A_NEW_ACCOUNT if quota() < _QUOTA else _MOST_MEMORY
    return {"most": most} if (asked.members.get("MemorySize") or 0) > most else None


def _role_may_not_trace(asked: Asked) -> Facts | None:
    from emulator.runner.credentials import role_may

    role = asked.members.get("Role") or ((function(asked) or {}).get("config") or {}).get("Role") or ""
    traces = (asked.members.get("TracingConfig") or {}).get("Mode") == "Active"
    return None if not traces or role_may(role, asked.account, asked.region, *_TRACING) else {}


def _out_of_range(member: str, least: int, most: int) -> Any:
    def out_of_range(asked: Asked) -> Facts | None:
        value = asked.members.get(member)
        if value is None or least <= value <= most:
            return None
        bound, limit = ("less", most) if value > most else ("greater", least)
        return {"value": value, "bound": bound, "limit": limit}

    return out_of_range


_TRACING = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")
"""https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html#services-xray-permissions"""
_RESERVED = {
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
}
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime"""
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
        when="an alias uses the version",
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
        name="function-variable-reserved",
        service="lambda",
        actions=_PUTS,
        when="an environment variable is reserved for the runtime",
        code="InvalidParameterValueException",
        message="Lambda was unable to configure your environment variables because the environment variables you "
        "have provided contains reserved keys that are currently not supported for modification. Reserved keys used "
        "in this request: {names}",
        source="https://github.com/mattermost/mattermost-cloud-monitoring/pull/264",
        refuses=_reserved_variables,
    ),
    Row(
        name="function-role-of-another-service",
        service="lambda",
        actions=_PUTS,
        when="the trust policy of the role does not let Lambda assume it",
        code="InvalidParameterValueException",
        message="The role defined for the function cannot be assumed by Lambda.",
        source="https://github.com/cloudposse/terraform-aws-lambda-function/issues/14",
        refuses=_role_of_another_service,
    ),
    Row(
        name="function-role-may-not-trace",
        service="lambda",
        actions=_PUTS,
        when="tracing is on, and the role has no permission to send traces",
        code="InvalidParameterValueException",
        message="The provided execution role does not have permissions to call PutTraceSegments on XRAY",
        source="https://github.com/aws/serverless-application-model/issues/225",
        refuses=_role_may_not_trace,
    ),
    Row(
        name="function-environment-too-large",
        service="lambda",
        actions=_PUTS,
        when="the environment variables are larger than 4 KB",
        code="InvalidParameterValueException",
        message="Lambda was unable to configure your environment variables because the environment variables you "
        "have provided exceeded the 4KB limit. String measured: ",
        source=_LIMITS,
        refuses=_large_environment,
    ),
    Row(
        name="function-memory-too-large",
        service="lambda",
        actions=_PUTS,
        when="the memory is more than 10,240 MB, or more than 3,008 MB in a new account",
        code="ValidationException",
        message="'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to {most}",
        source="https://github.com/remotion-dev/template-next-app-dir/issues/6",
        refuses=_too_much_memory,
    ),
    Row(
        name="function-timeout-out-of-range",
        service="lambda",
        actions=_PUTS,
        when="the time-out is not from 1 to 900 seconds",
        code="ValidationException",
        message="1 validation error detected: Value '{value}' at 'timeout' failed to satisfy constraint: Member "
        "must have value {bound} than or equal to {limit}",
        source=_LIMITS,
        refuses=_out_of_range("Timeout", 1, 900),
    ),
)
