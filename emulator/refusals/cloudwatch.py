"""CloudWatch: alarms and what they refer to must be in one region."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from emulator.corrections.cloudwatch import members_of_alarm
from emulator.refusals.row import Asked, Facts, Row

_ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")
_LONG_PERIODS = 60
_SHORT_PERIODS = (10, 20, 30)


def _members(asked: Asked) -> Mapping[str, Any]:
    return members_of_alarm(asked.request, asked.action)


def _action_elsewhere(asked: Asked) -> Facts | None:
    members = _members(asked)
    for arn in (arn for name in _ACTIONS for arn in members.get(name) or []):
        region = arn.split(":")[3] if arn.count(":") >= 5 else ""
        if region and region != asked.region:
            return {"region": region, "here": asked.region}
    return None


def _rule_elsewhere(asked: Asked) -> Facts | None:
    """A rule contains the names of its alarms, or their ARNs."""
    rule = _members(asked).get("AlarmRule", "")
    for region in re.findall(r"arn:aws:cloudwatch:([a-z\d-]+):\d+:alarm:", rule):
        if region != asked.region:
            return {"region": region, "here": asked.region}
    return None


def _suppressor_elsewhere(asked: Asked) -> Facts | None:
    arn = _members(asked).get("ActionsSuppressor", "")
    region = arn.split(":")[3] if arn.count(":") >= 6 else asked.region
    return None if region == asked.region else {"region": region, "here": asked.region}


def _suppressor_absent(asked: Asked) -> Facts | None:
    """A suppressor is given by its name or its ARN."""
    from ministack.services import cloudwatch

    name = _members(asked).get("ActionsSuppressor", "").rpartition(":")[2]
    known = not name or name in cloudwatch._alarms or name in cloudwatch._composite_alarms
    return None if known else {"name": name}


def _suppressor_without_periods(asked: Asked) -> Facts | None:
    members = _members(asked)
    needed = ("ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")
    lacks = [name for name in needed if members.get(name) is None]
    return {"lacks": ", ".join(lacks)} if members.get("ActionsSuppressor") and lacks else None


def _odd_period(asked: Asked) -> Facts | None:
    members = _members(asked)
    parts = [members, *(query.get("MetricStat") or query for query in members.get("Metrics") or [])]
    for period in (part["Period"] for part in parts if part.get("Period") is not None):
        if period not in _SHORT_PERIODS and (period < 1 or period % _LONG_PERIODS):
            return {"period": period}
    return None


def _part_of_a_composite(asked: Asked) -> Facts | None:
    from ministack.services import cloudwatch

    deleted = set(_members(asked).get("AlarmNames") or [])
    for name, alarm in cloudwatch._composite_alarms.items():
        named = set(re.findall(r'["\':( ]([\w.-]+)["\')]', alarm.get("AlarmRule", "")))
        if name not in deleted and deleted & named:
            held = sorted(deleted & named)
            return {"alarms": ",".join(held), "them": "it" if len(held) == 1 else "them"}
    return None


ROWS = (
    Row(
        name="alarm-action-elsewhere",
        service="monitoring",
        actions=("PutMetricAlarm", "PutCompositeAlarm"),
        when="an action, such as a topic, is in another region",
        code="ValidationError",
        message="Invalid region {region} specified. Only {here} is supported.",
        source="https://github.com/cds-snc/notification-terraform/pull/128",
        refuses=_action_elsewhere,
    ),
    Row(
        name="alarm-rule-elsewhere",
        service="monitoring",
        actions=("PutCompositeAlarm",),
        when="the rule has the ARN of an alarm in another region",
        code="ValidationError",
        message="Invalid region {region} specified. Only {here} is supported.",
        source="unsure: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html "
        "requires one account and one region, the message is that for an action in another region",
        refuses=_rule_elsewhere,
    ),
    Row(
        name="alarm-rule-of-an-absent-alarm",
        service="monitoring",
        actions=("PutCompositeAlarm",),
        when="an alarm in the rule does not exist",
        code="ValidationError",
        message="Could not save the composite alarm as alarms [{arns}] in the alarm rule do not exist",
        source="https://github.com/awsdocs/aws-cloudformation-user-guide/issues/911",
    ),
    Row(
        name="alarm-suppressor-elsewhere",
        service="monitoring",
        actions=("PutCompositeAlarm",),
        when="the actions suppressor is the ARN of an alarm in another region",
        code="ValidationError",
        message="Invalid region {region} specified. Only {here} is supported.",
        source="unsure: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html "
        "only requires an existing alarm, the message is that for an action in another region",
        refuses=_suppressor_elsewhere,
    ),
    Row(
        name="alarm-suppressor-absent",
        service="monitoring",
        actions=("PutCompositeAlarm",),
        when="the actions suppressor is not an alarm of the region",
        code="ValidationError",
        message="Could not save the composite alarm as the actions suppressor {name} does not exist",
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html "
        "accepts only an existing alarm, the message is not AWS's",
        refuses=_suppressor_absent,
    ),
    Row(
        name="alarm-suppressor-periods",
        service="monitoring",
        actions=("PutCompositeAlarm",),
        when="the alarm has a suppressor, but not both periods",
        code="ValidationError",
        message="The actions suppressor needs {lacks}",
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html, "
        "the message is not AWS's",
        refuses=_suppressor_without_periods,
    ),
    Row(
        name="alarm-period",
        service="monitoring",
        actions=("PutMetricAlarm",),
        when="the period is not 10, 20, 30 or a multiple of 60",
        code="ValidationError",
        message="Period must be 10, 20, 30 or a multiple of 60, not {period}",
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, "
        "the message is not AWS's",
        refuses=_odd_period,
    ),
    Row(
        name="alarm-of-a-composite",
        service="monitoring",
        actions=("DeleteAlarms",),
        when="a composite alarm that is not deleted contains the alarm",
        code="ValidationError",
        message="Cannot delete {alarms} as there are composite alarm(s) depending on {them}.",
        source="https://github.com/ekristen/aws-nuke/issues/462",
        refuses=_part_of_a_composite,
    ),
)
