"""ECR: images are copied into registries of other accounts and regions, if their registry policies allow it.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
"""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

from emulator import wire
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

_settings = wire.store()
"""The rules and the policy of each registry, by the two names below."""

_RULES, _POLICY = "replicationConfiguration", "policyText"

_copies = wire.store()
"""Where an image was copied to, by its repository and its digest."""

_NO_POLICY = "Registry policy does not exist in the registry with id '{account}'"


def install(app: ModuleType, settings: Settings) -> None:
    wire.wrap(app, "ecr", configure_replication)
    wire.wrap(app, "ecr", keep_registry_policy)
    wire.wrap(app, "ecr", copy_pushed_images)


async def configure_replication(request: Request, inner: Handler) -> Answer:
    """A registry keeps its rules. MiniStack has none.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutReplicationConfiguration.html
    """
    from ministack.core.responses import get_account_id

    if request.action == "PutReplicationConfiguration":
        _settings[_RULES] = request.json[_RULES]
        return wire.json_answer({_RULES: request.json[_RULES]})
    if request.action == "DescribeRegistry":
        kept = _settings.get(_RULES) or {"rules": []}
        return wire.json_answer({"registryId": get_account_id(), _RULES: kept})
    return await inner(request)


async def keep_registry_policy(request: Request, inner: Handler) -> Answer:
    """The policy of a whole registry. MiniStack does not support the calls.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryPolicy.html
    """
    from ministack.core.responses import get_account_id

    account = get_account_id()
    if request.action == "PutRegistryPolicy":
        _settings[_POLICY] = request.json[_POLICY]
    elif request.action not in ("GetRegistryPolicy", "DeleteRegistryPolicy"):
        return await inner(request)
    text = _settings.get(_POLICY)
    if text is None:
        return wire.error("RegistryPolicyNotFoundException", _NO_POLICY.format(account=account))
    if request.action == "DeleteRegistryPolicy":
        del _settings[_POLICY]
    return wire.json_answer({"registryId": account, _POLICY: text})


async def copy_pushed_images(request: Request, inner: Handler) -> Answer:
    """ECR copies an image with its digest and tag after each push. MiniStack copies nothing.

    On AWS this takes up to some minutes. Here the copy exists when the push has been answered. An image that
    was pushed before the rule has no copy. A registry without the repository, or without a policy that
    allows it, gets none. The push succeeds all the same.
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html#replication-considerations
    """
    from ministack.core.responses import get_account_id, request_scope

    if request.action == "DescribeImageReplicationStatus":
        return await _replication_status(request, inner)
    answer = await inner(request)
    if request.action != "PutImage" or not wire.succeeded(answer):
        return answer
    name, source = request.json["repositoryName"], get_account_id()
    image = wire.members_of(answer)["image"]["imageId"]
    copied = {key: value for key, value in request.json.items() if key != "registryId"}
    states = []
    for destination in _destinations(name):
        registry, region = destination["registryId"], destination["region"]
        with request_scope(registry, region):
            allowed = registry == source or _lets_copy(source, registry, region, name)
            put = await inner(request.ask("PutImage", copied)) if allowed else None
        states.append({**destination, "status": "COMPLETE" if put and wire.succeeded(put) else "FAILED"})
    _copies[f"{name}@{image['imageDigest']}"] = states
    return answer


async def _replication_status(request: Request, inner: Handler) -> Answer:
    name, image = request.json["repositoryName"], request.json["imageId"]
    found = await inner(request.ask("DescribeImages", {"repositoryName": name, "imageIds": [image]}))
    if not wire.succeeded(found):
        return found
    digest = wire.members_of(found)["imageDetails"][0]["imageDigest"]
    states = _copies.get(f"{name}@{digest}") or []
    return wire.json_answer({"repositoryName": name, "imageId": image, "replicationStatuses": states})


def _destinations(repository: str) -> list[dict[str, str]]:
    """Of the rules whose filter matches; a rule without a filter matches every repository."""
    rules = (_settings.get(_RULES) or {}).get("rules", [])
    return [
        destination
        for rule in rules
        if not rule.get("repositoryFilters")
        or any(repository.startswith(each["filter"]) for each in rule["repositoryFilters"])
        for destination in rule["destinations"]
    ]


def _lets_copy(source: str, registry: str, region: str, repository: str) -> bool:
    """Whether the policy of the current registry lets ECR of another account copy into a repository."""
    from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy

    policy: dict[str, Any] = json.loads(_settings.get(_POLICY) or "{}")
    context = EvalContext(
        principal_arn=f"arn:aws:iam::{source}:root",
        principal_type="Root",
        principal_account=source,
        action="ecr:ReplicateImage",
        resource_arn=f"arn:aws:ecr:{region}:{registry}:repository/{repository}",
        region=region,
        service_context={},
    )
    return evaluate_resource_policy(policy, context, service=None).decision == "Allow"
