from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import Cloud, allow

TARGET = {
    "ServiceNamespace": "lambda",
    "ResourceId": "function:kairos-prod:live",
    "ScalableDimension": "lambda:function:ProvisionedConcurrency",
}
TRACKING = {
    "TargetValue": 0.7,
    "PredefinedMetricSpecification": {"PredefinedMetricType": "LambdaProvisionedConcurrencyUtilization"},
}


@pytest.fixture
def scaling(cloud: Cloud) -> Any:
    """A client, and a target from one to four with a tag."""
    client = cloud.client("application-autoscaling")
    client.register_scalable_target(**TARGET, MinCapacity=1, MaxCapacity=4, Tags={"project": "kairos"})
    return client


def _targets(scaling: Any) -> list[dict[str, Any]]:
    return scaling.describe_scalable_targets(ServiceNamespace="lambda")["ScalableTargets"]


def _put_policy(scaling: Any) -> str:
    return scaling.put_scaling_policy(
        **TARGET,
        PolicyName="kairos",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=TRACKING,
    )["PolicyARN"]


def test_a_target_comes_back_as_it_was_registered(scaling: Any) -> None:
    (found,) = _targets(scaling)
    expected = {**TARGET, "MinCapacity": 1, "MaxCapacity": 4}
    assert {name: found[name] for name in expected} == expected


def test_registering_again_changes_what_is_named_and_keeps_the_rest(scaling: Any) -> None:
    before = _targets(scaling)[0]
    scaling.register_scalable_target(**TARGET, MaxCapacity=8)
    assert _targets(scaling) == [{**before, "MaxCapacity": 8}]


def test_a_new_target_needs_its_capacities(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        cloud.client("application-autoscaling").register_scalable_target(**TARGET, MinCapacity=1)


def test_the_targets_of_another_service_are_not_listed(scaling: Any) -> None:
    assert scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"] == []


def test_a_target_is_tagged_and_untagged(scaling: Any) -> None:
    arn = _targets(scaling)[0]["ScalableTargetARN"]
    scaling.tag_resource(ResourceARN=arn, Tags={"environment": "prod"})
    scaling.untag_resource(ResourceARN=arn, TagKeys=["project"])
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"environment": "prod"}


def test_the_tags_of_nothing_are_not_found(scaling: Any) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        scaling.list_tags_for_resource(ResourceARN="arn:aws:application-autoscaling:::absent")


def test_a_policy_comes_back_as_it_was_put(scaling: Any) -> None:
    arn = _put_policy(scaling)
    (found,) = scaling.describe_scaling_policies(ServiceNamespace="lambda")["ScalingPolicies"]
    assert found["PolicyARN"] == arn
    assert found["TargetTrackingScalingPolicyConfiguration"] == TRACKING


def test_a_policy_put_again_keeps_its_arn(scaling: Any) -> None:
    assert _put_policy(scaling) == _put_policy(scaling)


def test_a_policy_needs_a_target(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match="ObjectNotFoundException"):
        _put_policy(cloud.client("application-autoscaling"))


def test_a_deleted_policy_is_gone(scaling: Any) -> None:
    _put_policy(scaling)
    scaling.delete_scaling_policy(**TARGET, PolicyName="kairos")
    assert scaling.describe_scaling_policies(ServiceNamespace="lambda")["ScalingPolicies"] == []
    with pytest.raises(ClientError, match="ObjectNotFoundException"):
        scaling.delete_scaling_policy(**TARGET, PolicyName="kairos")


SCHEDULE = {"ScheduledActionName": "morning", "Schedule": "cron(0 6 * * ? *)"}


def _schedules(scaling: Any) -> list[dict[str, Any]]:
    return scaling.describe_scheduled_actions(ServiceNamespace="lambda")["ScheduledActions"]


def test_a_schedule_comes_back_as_it_was_put(scaling: Any) -> None:
    scaling.put_scheduled_action(**TARGET, **SCHEDULE, ScalableTargetAction={"MinCapacity": 2})
    (found,) = _schedules(scaling)
    expected = {**TARGET, **SCHEDULE, "ScalableTargetAction": {"MinCapacity": 2}}
    assert {name: found[name] for name in expected} == expected


def test_a_deleted_schedule_is_gone(scaling: Any) -> None:
    scaling.put_scheduled_action(**TARGET, **SCHEDULE)
    scaling.delete_scheduled_action(**TARGET, ScheduledActionName="morning")
    assert _schedules(scaling) == []
    with pytest.raises(ClientError, match="ObjectNotFoundException"):
        scaling.delete_scheduled_action(**TARGET, ScheduledActionName="morning")


def test_a_target_takes_its_policies_with_it(scaling: Any) -> None:
    _put_policy(scaling)
    scaling.deregister_scalable_target(**TARGET)
    assert _targets(scaling) == []
    assert scaling.describe_scaling_policies(ServiceNamespace="lambda")["ScalingPolicies"] == []


def test_scaling_is_a_right(cloud: Cloud) -> None:
    keys = cloud.keys_of_role("reader", allow("application-autoscaling:Describe*", "*"))
    client = cloud.client("application-autoscaling", keys=keys)
    assert client.describe_scalable_targets(ServiceNamespace="lambda")["ScalableTargets"] == []
    with pytest.raises(ClientError, match="application-autoscaling:RegisterScalableTarget"):
        client.register_scalable_target(**TARGET, MinCapacity=1, MaxCapacity=4)
