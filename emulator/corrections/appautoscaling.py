"""Application Auto Scaling, which MiniStack lacks: targets, policies and schedules, kept and described.

No scaling takes place, and target tracking makes no alarms.

https://docs.aws.amazon.com/autoscaling/application/APIReference/Welcome.html
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from types import ModuleType
from typing import Any

from emulator import wire
from emulator.settings import Settings
from emulator.wire import Answer, Request

_SERVICE = "application-autoscaling"

_targets = wire.store()
_policies = wire.store()
_schedules = wire.store()
_tags = wire.store()

# Namespace → the suffix of its service-linked role, of which AWS answers the ARN as RoleARN.
# https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html
_ROLES = {"lambda": "LambdaConcurrency", "ecs": "ECSService", "dynamodb": "DynamoDBTable"}

Members = dict[str, Any]


def install(app: ModuleType, settings: Settings) -> None:
    wire.add_service(app, _SERVICE, "AnyScaleFrontendService", answer)


async def answer(request: Request) -> Answer:
    """Answer one request of the API."""
    act = _ACTIONS.get(request.action)
    if act is None:
        return wire.error("UnknownOperationException", f"{request.action} is not served by the local cloud")
    return act(request.json)


def _register(members: Members) -> Answer:
    from ministack.core.responses import get_account_id, get_region

    key = _target_key(members)
    known = _targets.get(key)
    if known is None and not {"MinCapacity", "MaxCapacity"} <= members.keys():
        return wire.error("ValidationException", "MinCapacity and MaxCapacity are required for a new target")
    namespace = members["ServiceNamespace"]
    role = (
        f"arn:aws:iam::{get_account_id()}:role/aws-service-role/{namespace}.application-autoscaling"
        f".amazonaws.com/AWSServiceRoleForApplicationAutoScaling_{_ROLES.get(namespace, namespace)}"
    )
    made = {
        "RoleARN": role,
        "CreationTime": time.time(),
        "ScalableTargetARN": f"arn:aws:{_SERVICE}:{get_region()}:{get_account_id()}:scalable-target/"
        f"{uuid.uuid4().hex}{'0' * 4}",
        "SuspendedState": {
            "DynamicScalingInSuspended": False,
            "DynamicScalingOutSuspended": False,
            "ScheduledScalingSuspended": False,
        },
    }
    given = {name: value for name, value in members.items() if name != "Tags"}
    target = {**made, **(known or {}), **given}
    _targets[key] = target
    arn = target["ScalableTargetARN"]
    if "Tags" in members:
        _tags[arn] = {**_tags.get(arn, {}), **members["Tags"]}
    return wire.json_answer({"ScalableTargetARN": arn})


def _describe_targets(members: Members) -> Answer:
    resources = members.get("ResourceIds")
    found = [
        target
        for target in _targets.values()
        if _matches(target, members, ("ServiceNamespace", "ScalableDimension"))
        and (not resources or target["ResourceId"] in resources)
    ]
    return wire.json_answer({"ScalableTargets": found})


def _deregister(members: Members) -> Answer:
    key = _target_key(members)
    target = _targets.pop(key, None)
    if target is None:
        return _no_target(members)
    _tags.pop(target["ScalableTargetARN"], None)
    for kept in (_policies, _schedules):
        for name, dependant in kept.items():
            if _target_key(dependant) == key:
                del kept[name]
    return wire.json_answer({})


def _put_policy(members: Members) -> Answer:
    if _target_key(members) not in _targets:
        return _no_target(members)
    key = _policy_key(members)
    known = _policies.get(key)
    policy = known or {
        "PolicyARN": _arn(members, "scalingPolicy", "policyName", members["PolicyName"]),
        "CreationTime": time.time(),
        "PolicyType": "StepScaling",
        "Alarms": [],
    }
    _policies[key] = {**policy, **members}
    return wire.json_answer({"PolicyARN": policy["PolicyARN"], "Alarms": []})


def _describe_policies(members: Members) -> Answer:
    names = members.get("PolicyNames")
    found = [
        policy
        for policy in _policies.values()
        if _matches(policy, members, ("ServiceNamespace", "ScalableDimension", "ResourceId"))
        and (not names or policy["PolicyName"] in names)
    ]
    return wire.json_answer({"ScalingPolicies": found})


def _delete_policy(members: Members) -> Answer:
    if _policies.pop(_policy_key(members), None) is None:
        return wire.error(
            "ObjectNotFoundException",
            f"No scaling policy found for service namespace: {members.get('ServiceNamespace')}, "
            f"resource ID: {members.get('ResourceId')}, scalable dimension: "
            f"{members.get('ScalableDimension')}, policy name: {members.get('PolicyName')}",
        )
    return wire.json_answer({})


def _put_schedule(members: Members) -> Answer:
    if _target_key(members) not in _targets:
        return _no_target(members)
    key = f"{_target_key(members)}|{members['ScheduledActionName']}"
    made = {
        "ScheduledActionARN": _arn(
            members, "scheduledAction", "scheduledActionName", members["ScheduledActionName"]
        ),
        "CreationTime": time.time(),
    }
    _schedules[key] = {**made, **_schedules.get(key, {}), **members}
    return wire.json_answer({})


def _describe_schedules(members: Members) -> Answer:
    names = members.get("ScheduledActionNames")
    found = [
        schedule
        for schedule in _schedules.values()
        if _matches(schedule, members, ("ServiceNamespace", "ScalableDimension", "ResourceId"))
        and (not names or schedule["ScheduledActionName"] in names)
    ]
    return wire.json_answer({"ScheduledActions": found})


def _delete_schedule(members: Members) -> Answer:
    if _schedules.pop(f"{_target_key(members)}|{members['ScheduledActionName']}", None) is None:
        return wire.error(
            "ObjectNotFoundException",
            f"No scheduled action found for service namespace: {members.get('ServiceNamespace')}, "
            f"resource ID: {members.get('ResourceId')}, scheduled action name: "
            f"{members.get('ScheduledActionName')}",
        )
    return wire.json_answer({})


def _tag(members: Members) -> Answer:
    arn = members["ResourceARN"]
    if not _is_target(arn):
        return _no_resource(arn)
    _tags[arn] = {**_tags.get(arn, {}), **members["Tags"]}
    return wire.json_answer({})


def _untag(members: Members) -> Answer:
    arn = members["ResourceARN"]
    if not _is_target(arn):
        return _no_resource(arn)
    removed = members["TagKeys"]
    _tags[arn] = {key: value for key, value in _tags.get(arn, {}).items() if key not in removed}
    return wire.json_answer({})


def _list_tags(members: Members) -> Answer:
    arn = members["ResourceARN"]
    return wire.json_answer({"Tags": _tags.get(arn, {})}) if _is_target(arn) else _no_resource(arn)


def _arn(members: Members, kind: str, name_kind: str, name: str) -> str:
    from ministack.core.responses import get_account_id, get_region

    scope = f"{get_region()}:{get_account_id()}:{kind}:{uuid.uuid4()}"
    return (
        f"arn:aws:autoscaling:{scope}:resource/{members['ServiceNamespace']}/{members['ResourceId']}"
        f":{name_kind}/{name}"
    )


def _target_key(members: Members) -> str:
    return "|".join(
        str(members.get(part)) for part in ("ServiceNamespace", "ResourceId", "ScalableDimension")
    )


def _policy_key(members: Members) -> str:
    return f"{_target_key(members)}|{members.get('PolicyName')}"


def _matches(kept: Members, asked: Members, names: tuple[str, ...]) -> bool:
    return all(asked.get(name) in (None, kept[name]) for name in names)


def _is_target(arn: str) -> bool:
    return any(target["ScalableTargetARN"] == arn for target in _targets.values())


def _no_target(members: Members) -> Answer:
    return wire.error(
        "ObjectNotFoundException",
        f"No scalable target registered for service namespace: {members.get('ServiceNamespace')}, "
        f"resource ID: {members.get('ResourceId')}, scalable dimension: {members.get('ScalableDimension')}",
    )


def _no_resource(arn: str) -> Answer:
    return wire.error("ResourceNotFoundException", f"The specified resource doesn't exist: {arn}")


_ACTIONS: dict[str, Callable[[Members], Answer]] = {
    "RegisterScalableTarget": _register,
    "DescribeScalableTargets": _describe_targets,
    "DeregisterScalableTarget": _deregister,
    "PutScalingPolicy": _put_policy,
    "DescribeScalingPolicies": _describe_policies,
    "DeleteScalingPolicy": _delete_policy,
    "PutScheduledAction": _put_schedule,
    "DescribeScheduledActions": _describe_schedules,
    "DeleteScheduledAction": _delete_schedule,
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": _list_tags,
}
