"""Images of another account of this cloud: the policy of their repository decides who may read and pull them.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
"""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

from emulator import wire
from emulator.corrections.iam import decide_on
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
"""What Lambda does with an image, for the function and on behalf of the principal that creates it."""


def install(app: ModuleType, settings: Settings) -> None:
    decide_on("ecr", repository_of_registry)
    wire.wrap(app, "ecr", look_into_other_registries)


def repository_of_registry(request: Request, region: str, account: str) -> str | None:
    """A repository's ARN contains the account of the requested registry. MiniStack uses the caller's account.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
    """
    registry = request.json.get("registryId")
    names = _repositories(request)
    return _arn(registry, region, names[0]) if registry and len(names) == 1 else None


async def look_into_other_registries(request: Request, inner: Handler) -> Answer:
    """For the registry of another account, ECR returns that account's data. MiniStack returns the caller's.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
    """
    from ministack.core.iam_actions import identity_denial_message
    from ministack.core.iam_evaluator import caller_arn
    from ministack.core.responses import get_account_id, get_region, request_scope

    registry = request.json.get("registryId")
    if not registry or registry == get_account_id():
        return await inner(request)
    action, region, caller = f"ecr:{request.action}", get_region(), caller_arn()
    for name in _repositories(request) or ["*"]:
        if not admits_caller(registry, region, name, action):
            arn = _arn(registry, region, name)
            words = identity_denial_message(action, caller, arn, False).partition(" because ")[0]
            reason = f"no resource-based policy allows the {action} action"
            return wire.error("AccessDeniedException", f"{words} because {reason}")
    with request_scope(registry, region):
        return await inner(request)


def admits_caller(registry: str, region: str, repository: str, action: str) -> bool:
    """Whether a repository allows the current caller, from another account, to do this."""
    from ministack.core.iam_evaluator import caller_arn
    from ministack.core.responses import get_account_id

    return _allows(registry, region, repository, action, get_account_id(), principal_arn=caller_arn())


def admits_function(registry: str, region: str, repository: str, action: str, function_arn: str) -> bool:
    """Whether a repository allows Lambda to do this for a function of another account."""
    account = function_arn.split(":")[4]
    return _allows(registry, region, repository, action, account, function_arn=function_arn)


def _allows(
    registry: str,
    region: str,
    repository: str,
    action: str,
    account: str,
    *,
    principal_arn: str = "",
    function_arn: str = "",
) -> bool:
    from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
    from ministack.services import ecr

    text = ecr._repo_policies.get_scoped(registry, region, repository)
    found = json.loads(text or "{}").get("Statement", [])
    statements = [found] if isinstance(found, dict) else found
    # The policy of a repository names no resource, because it applies to that repository.
    whole: dict[str, Any] = {"Statement": [{**statement, "Resource": "*"} for statement in statements]}
    source = {"aws:sourcearn": function_arn, "aws:sourceaccount": account} if function_arn else {}
    context = EvalContext(
        principal_arn=principal_arn,
        principal_type="Service" if function_arn else "AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=_arn(registry, region, repository),
        region=region,
        service_context=source,
    )
    service = "lambda.amazonaws.com" if function_arn else None
    return evaluate_resource_policy(whole, context, service=service).decision == "Allow"


def _repositories(request: Request) -> list[str]:
    name = request.json.get("repositoryName")
    return [name] if name else list(request.json.get("repositoryNames") or [])


def _arn(account: str, region: str, repository: str) -> str:
    return f"arn:aws:ecr:{region}:{account}:repository/{repository}"
