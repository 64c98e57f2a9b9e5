"""CloudWatch Logs: resources of a delivery that cannot be deleted, and invalid deliveries and policies."""

from __future__ import annotations

import time

from emulator.corrections.logs import delivery_made
from emulator.refusals.row import Asked, Facts, Row

BUSY = 1.0
"""Seconds that a source and a destination are busy with a new delivery. AWS does not document it; the
refused deliveries were created at the same time.
"""
_LARGEST_POLICY = 51_200
"""Ten times the limit before 2025. https://github.com/anomalyco/sst/issues/6231"""
_MOST_FILTERS = 2
_MOST_METRIC_FILTERS = 100
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html"""


def _source_of_a_delivery(asked: Asked) -> Facts | None:
    from ministack.services import cloudwatch_logs

    used = [one["deliverySourceName"] for one in cloudwatch_logs._deliveries.values()]
    return {} if asked.members.get("name") in used else None


def _destination_of_a_delivery(asked: Asked) -> Facts | None:
    from ministack.services import cloudwatch_logs

    known = cloudwatch_logs._delivery_destinations.get(asked.members.get("name"))
    used = [one["deliveryDestinationArn"] for one in cloudwatch_logs._deliveries.values()]
    return {} if known and known["arn"] in used else None


def _busy_with_a_delivery(asked: Asked) -> Facts | None:
    now = time.monotonic()
    for member in ("deliverySourceName", "deliveryDestinationArn"):
        if now - delivery_made.get(asked.members.get(member), float("-inf")) < BUSY:
            return {}
    return None


def _tagged_again(asked: Asked) -> Facts | None:
    from ministack.services import cloudwatch_logs

    known = asked.members.get("name") in cloudwatch_logs._delivery_destinations
    return {} if known and asked.members.get("tags") else None


def _delivery_of_another_kind(asked: Asked) -> Facts | None:
    """The provider sends an empty `s3DeliveryConfiguration` with each change of the fields."""
    from ministack.services import cloudwatch_logs

    known = cloudwatch_logs._deliveries.get(asked.members.get("id"))
    for_s3 = asked.members.get("s3DeliveryConfiguration") is not None
    return {} if known and for_s3 and known["deliveryDestinationType"] != "S3" else None


def _absent_delivery(asked: Asked) -> Facts | None:
    from ministack.services import cloudwatch_logs

    return None if asked.members.get("id") in cloudwatch_logs._deliveries else {}


def _large_policy(asked: Asked) -> Facts | None:
    return {} if len(asked.members.get("policyDocument") or "") > _LARGEST_POLICY else None


def _third_subscription(asked: Asked) -> Facts | None:
    from ministack.services import cloudwatch_logs

    group = cloudwatch_logs._log_groups.get(asked.members.get("logGroupName")) or {}
    known = group.get("subscriptionFilters") or {}
    return {} if len({*known, asked.members.get("filterName")}) > _MOST_FILTERS else None


def _other_resource(asked: Asked) -> Facts | None:
    from ministack.services import cloudwatch_logs

    known = cloudwatch_logs._delivery_sources.get(asked.members.get("name"))
    return {} if known and known["resourceArns"] != [asked.members.get("resourceArn")] else None


def _resource_of_another_source(asked: Asked) -> Facts | None:
    from ministack.services import cloudwatch_logs

    named = [asked.members.get("resourceArn")], asked.members.get("logType")
    others = (
        one for name, one in cloudwatch_logs._delivery_sources.items() if name != asked.members.get("name")
    )
    return {} if any((one["resourceArns"], one["logType"]) == named for one in others) else None


def _one_metric_filter_more(asked: Asked) -> Facts | None:
    from ministack.services import cloudwatch_logs

    group, name = asked.members.get("logGroupName"), asked.members.get("filterName")
    known = {filter for of, filter in cloudwatch_logs._metric_filters if of == group}
    return {} if len({*known, name}) > _MOST_METRIC_FILTERS else None


ROWS = (
    Row(
        name="logs-source-of-a-delivery",
        service="logs",
        actions=("DeleteDeliverySource",),
        when="a delivery uses the source",
        code="ConflictException",
        message="There are deliveries associated with this delivery source.",
        source="unsure: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/"
        "API_DeleteDeliverySource.html says that it is refused, code and message are inferred",
        refuses=_source_of_a_delivery,
    ),
    Row(
        name="logs-destination-of-a-delivery",
        service="logs",
        actions=("DeleteDeliveryDestination",),
        when="a delivery uses the destination",
        code="ConflictException",
        message="There are deliveries associated with this delivery destination.",
        source="unsure: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/"
        "API_DeleteDeliveryDestination.html says that it is refused, code and message are inferred",
        refuses=_destination_of_a_delivery,
    ),
    Row(
        name="logs-delivery-being-made",
        service="logs",
        actions=("CreateDelivery",),
        when="another delivery with the source or the destination is being created",
        code="ConflictException",
        message="Requested resource is currently being updated. Please try again later.",
        source="https://github.com/hashicorp/terraform-provider-aws/issues/42194",
        refuses=_busy_with_a_delivery,
    ),
    Row(
        name="logs-destination-tagged-again",
        service="logs",
        actions=("PutDeliveryDestination",),
        when="the destination exists and the request has tags",
        code="ConflictException",
        message="Tags can only be provided when a resource is being created, not updated.",
        source="https://github.com/hashicorp/terraform-provider-aws/issues/43572",
        refuses=_tagged_again,
    ),
    Row(
        name="logs-source-of-another-resource",
        service="logs",
        actions=("PutDeliverySource",),
        when="a source with this name has another resource",
        code="ConflictException",
        message="Update to existing Delivery Source with new ResourceId is not allowed. Please create a new Delivery "
        "Source instead.",
        source="https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2513 has the message, "
        "https://github.com/getmoto/moto/blob/master/moto/logs/models.py has the code",
        refuses=_other_resource,
    ),
    Row(
        name="logs-resource-of-another-source",
        service="logs",
        actions=("PutDeliverySource",),
        when="another source has this resource and log type",
        code="ConflictException",
        message="This ResourceId has already been used in another Delivery Source in this account.",
        source="https://github.com/hashicorp/terraform-provider-aws/issues/40885",
        refuses=_resource_of_another_source,
    ),
    Row(
        name="logs-101st-metric-filter",
        service="logs",
        actions=("PutMetricFilter",),
        when="the log group has a hundred metric filters",
        code="LimitExceededException",
        message="Resource limit exceeded.",
        source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html",
        refuses=_one_metric_filter_more,
    ),
    Row(
        name="logs-delivery-not-to-a-bucket",
        service="logs",
        actions=("UpdateDeliveryConfiguration",),
        when="the request has settings for S3, and the destination of the delivery is not a bucket",
        code="ValidationException",
        message="Provided delivery configuration is invalid for the destination type.",
        source="https://github.com/hashicorp/terraform-provider-aws/issues/46108",
        refuses=_delivery_of_another_kind,
    ),
    Row(
        name="logs-delivery-absent",
        service="logs",
        actions=("UpdateDeliveryConfiguration",),
        when="the delivery does not exist",
        code="ResourceNotFoundException",
        message="Requested Delivery does not exist in this account.",
        source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/"
        "API_UpdateDeliveryConfiguration.html",
        refuses=_absent_delivery,
    ),
    Row(
        name="logs-policy-too-large",
        service="logs",
        actions=("PutResourcePolicy",),
        when="the document has more than 51,200 characters",
        code="InvalidParameterException",
        message="Policy document length breaking Cloudwatch Logs Constraints, either < 1 or > 51200",
        source="unsure: https://github.com/anomalyco/sst/issues/6231 has the message, as API Gateway passes it on; the "
        "code is inferred",
        refuses=_large_policy,
    ),
    Row(
        name="logs-eleventh-policy",
        service="logs",
        actions=("PutResourcePolicy",),
        when="the account has ten resource policies in the region",
        code="LimitExceededException",
        message="Resource limit exceeded.",
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html",
    ),
    Row(
        name="logs-third-subscription",
        service="logs",
        actions=("PutSubscriptionFilter",),
        when="the log group has two subscription filters",
        code="LimitExceededException",
        message="Resource limit exceeded.",
        source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html",
        refuses=_third_subscription,
    ),
)
