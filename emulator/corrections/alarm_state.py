"""The state of an alarm from its datapoints: M of N, missing data, percentiles of few samples.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Datapoints = Sequence["float | None"]
"""Newest first; None for a period without a value."""

FURTHER = 2
"""How many additional periods CloudWatch evaluates. The page's example uses 5 for an alarm of 3."""

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def state_of(alarm: Mapping[str, Any], datapoints: Datapoints, current: str) -> str:
    """The alarm's state, from the datapoints of its evaluation range. `current` is kept where AWS keeps it.

    `alarm` has the members of PutMetricAlarm.
    """
    periods = alarm["EvaluationPeriods"]
    needed = alarm.get("DatapointsToAlarm") or periods
    compare = _COMPARISONS[alarm["ComparisonOperator"]]
    bad = [compare(value, alarm["Threshold"]) for value in datapoints if value is not None]
    if len(bad) >= periods:
        return "ALARM" if sum(bad[:periods]) >= needed else "OK"
    missing = periods - len(bad)
    match alarm.get("TreatMissingData") or "missing":
        case "breaching":
            return "ALARM" if sum(bad) + missing >= needed else "OK"
        case "notBreaching":
            return "ALARM" if sum(bad) >= needed else "OK"
        case treatment:
            if sum(bad) >= needed:
                return "ALARM"
            if not all(bad):
                return "OK"
            return current if treatment == "ignore" or bad else "INSUFFICIENT_DATA"


def samples_needed(statistic: str) -> int:
    """How many samples a period needs for a significant percentile.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
    """
    share = float(statistic[1:]) / 100
    return round(10 / (1 - share) if share >= 0.5 else 10 / share)
