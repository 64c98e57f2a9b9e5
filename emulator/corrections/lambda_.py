"""Lambda: the permissions a function needs, its states, the ARN of a version, and the checksum of an
image.
"""

from __future__ import annotations

import contextvars
import json
import re
import threading
from types import ModuleType
from typing import Any
from urllib.parse import unquote

from emulator import wire
from emulator.corrections import iam
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

# Requests that return function configurations. An invocation returns the function's own response.
_DESCRIPTION = re.compile(r"/\d{4}-\d\d-\d\d/functions(/[^/]+(/(code|configuration|versions))?)?/?$")

_ROLE_IS_GIVEN = re.compile(r"/\d{4}-\d\d-\d\d/functions(/[^/]+/configuration)?/?$")


def install(app: ModuleType, settings: Settings) -> None:
    iam.decide_on("lambda", function_arn)
    name_actions_as_aws()
    end_changes_of_the_same_function()
    wire.wrap(app, "lambda", correct_configurations)
    wire.wrap(app, "lambda", need_to_pass_the_role)


_ACTIONS = {
    "aliases": {"GET": "GetAlias", "PUT": "UpdateAlias", "DELETE": "DeleteAlias"},
    "concurrency": {
        "GET": "GetFunctionConcurrency",
        "PUT": "PutFunctionConcurrency",
        "DELETE": "DeleteFunctionConcurrency",
    },
    "provisioned-concurrency": {
        "GET": "GetProvisionedConcurrencyConfig",
        "PUT": "PutProvisionedConcurrencyConfig",
        "DELETE": "DeleteProvisionedConcurrencyConfig",
    },
}
_PART = re.compile(r"/functions/[^/]+/(?:(aliases)/[^/]+|(concurrency|provisioned-concurrency))/?$")


def name_actions_as_aws() -> None:
    """The actions on an alias and on concurrency. MiniStack treats each use of an alias as `ListAliases`, and
    actions on provisioned concurrency as actions on the function.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
    """
    from ministack.core import iam_actions

    known = iam_actions._lambda_action

    def action(method: str, path: str) -> str | None:
        found = _PART.search(path)
        named = _ACTIONS[found[1] or found[2]].get(method) if found else None
        return named or known(method, path)

    iam_actions._lambda_action = action


def end_changes_of_the_same_function() -> None:
    """The end of a change applies to the function that was changed, and not to a new one with the same
    name. MiniStack searches for it by name when the time is over.
    """
    from ministack.services import lambda_svc

    end_after = lambda_svc._schedule_state_transition

    def end_if_it_is_still_there(name: str, delay: float) -> None:
        changed = lambda_svc._functions.get(name)

        def end() -> None:
            if lambda_svc._functions.get(name) is changed:
                end_after(name, 0)

        timer = threading.Timer(delay, contextvars.copy_context().run, [end])
        timer.daemon = True
        timer.start()

    lambda_svc._schedule_state_transition = end_if_it_is_still_there


def function_arn(request: Request, region: str, account: str) -> str | None:
    """A function is evaluated before it exists, and a version or alias by its own ARN if the request names
    it. MiniStack evaluates `*` and the function's ARN.

    https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
    """
    base = f"arn:aws:lambda:{region}:{account}:function:"
    path = request.path.rstrip("/").split("/")
    if path[-1] == "functions" and request.method == "POST":
        return base + request.json.get("FunctionName", "")
    qualifier = request.query.get("Qualifier", [""])[0]
    if qualifier and "functions" in path[:-1]:
        name = unquote(path[path.index("functions") + 1])
        return f"{name if name.startswith('arn:') else base + name}:{qualifier}"
    return None


async def need_to_pass_the_role(request: Request, inner: Handler) -> Answer:
    """Setting a function's role needs `iam:PassRole` on the role. With MiniStack everybody who may create the
    function can set any role.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    role = request.json.get("Role") if request.method in ("POST", "PUT") else None
    if role and _ROLE_IS_GIVEN.match(request.path):
        context = {"iam:PassedToService": "lambda.amazonaws.com"}
        if denial := iam.denial(request, "iam:PassRole", role, context):
            # Lambda returns access denied errors with 403.
            return 403, {**denial[1], "x-amzn-errortype": "AccessDeniedException"}, denial[2]
    return await inner(request)


async def correct_configurations(request: Request, inner: Handler) -> Answer:
    """A version's ARN ends with its number, and the checksum of an image is its digest. For the versions that
    CreateFunction and UpdateFunctionCode publish, MiniStack returns the function's ARN and no checksum.

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
    """The configuration in the response, if there is one."""
    if "Configuration" in found:
        return [found["Configuration"]]
    return [found] if "FunctionArn" in found else []


def _correct(configuration: dict[str, Any], qualifier: str) -> None:
    unqualified = ":".join(configuration["FunctionArn"].split(":")[:7])
    configuration["FunctionArn"] = f"{unqualified}:{qualifier}" if qualifier else unqualified
    image = configuration.pop("ImageUri", "")
    if not configuration["CodeSha256"] and "@sha256:" in image:
        configuration["CodeSha256"] = image.rpartition("@sha256:")[2]
    _correct_state(configuration)


def _correct_state(configuration: dict[str, Any]) -> None:
    """A function that is updated stays Active, and has a `LastUpdateStatus` once it is created.

    https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
    """
    reason = configuration.get("StateReasonCode")
    if reason == "Updating":
        configuration.update(
            State="Active",
            LastUpdateStatus="InProgress",
            LastUpdateStatusReason="The function is being created.",
            LastUpdateStatusReasonCode="Creating",
        )
    elif reason == "Creating":
        configuration.pop("LastUpdateStatus", None)
    for name in ("StateReason", "StateReasonCode", "LastUpdateStatusReason", "LastUpdateStatusReasonCode"):
        if not configuration.get(name) or (reason == "Updating" and name.startswith("State")):
            configuration.pop(name, None)
