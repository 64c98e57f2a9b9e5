from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from emulator.corrections.alarm_state import samples_needed, state_of
from emulator.corrections.metric_math import Unsupported, parsed, value_of

ABOVE = {"ComparisonOperator": "GreaterThanThreshold", "Threshold": 0}
VALUES = {"0": 0.0, "X": 1.0, "-": None}

# The table of the page for an alarm of 3 out of 3, in the page's order, the oldest first.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
OF_THE_PAGE = [
    ("0-X-X", {"missing": "OK", "ignore": "OK", "breaching": "OK", "notBreaching": "OK"}),
    ("0----", {"missing": "OK", "ignore": "OK", "breaching": "OK", "notBreaching": "OK"}),
    (
        "-----",
        {"missing": "INSUFFICIENT_DATA", "ignore": "now", "breaching": "ALARM", "notBreaching": "OK"},
    ),
    ("0XX-X", {"missing": "ALARM", "ignore": "ALARM", "breaching": "ALARM", "notBreaching": "ALARM"}),
]


@pytest.mark.parametrize("treatment", ["missing", "ignore", "breaching", "notBreaching"])
@pytest.mark.parametrize(("range_", "states"), OF_THE_PAGE, ids=[row[0] for row in OF_THE_PAGE])
def test_missing_data_is_treated_as_documented(range_: str, states: dict[str, str], treatment: str) -> None:
    alarm = {**ABOVE, "EvaluationPeriods": 3, "TreatMissingData": treatment}
    datapoints = [VALUES[letter] for letter in reversed(range_)]
    assert state_of(alarm, datapoints, "now") == states[treatment]


@pytest.mark.parametrize(("newest_first", "state"), [("XX0X0", "ALARM"), ("X00X0", "OK")])
def test_enough_periods_must_be_bad(newest_first: str, state: str) -> None:
    alarm = {**ABOVE, "EvaluationPeriods": 5, "DatapointsToAlarm": 3}
    assert state_of(alarm, [VALUES[letter] for letter in newest_first], "OK") == state


@pytest.mark.parametrize("needed", [1, 2, 3, 4, 5])
def test_without_gaps_only_the_newest_count(needed: int) -> None:
    alarm: dict[str, Any] = {**ABOVE, "EvaluationPeriods": 5, "DatapointsToAlarm": needed}
    for datapoints in product([0.0, 1.0], repeat=7):
        expected = "ALARM" if sum(datapoints[:5]) >= needed else "OK"
        assert state_of(alarm, datapoints, "OK") == expected


@pytest.mark.parametrize(("statistic", "samples"), [("p99", 1000), ("p95", 200), ("p50", 20), ("p10", 100)])
def test_a_percentile_needs_samples(statistic: str, samples: int) -> None:
    assert round(samples_needed(statistic)) == samples


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("IF(requests >= 20, 100 * faults / requests, 0)", 10),
        ("IF(faults > 5, 1, 2 + 3)", 5),
        ("-faults * 2", -8),
        ("faults / 0", None),
        ("absent + 1", None),
        ("IF(absent > 1, 1, 0)", None),
    ],
)
def test_metric_math_of_one_period(expression: str, value: float | None) -> None:
    assert value_of(parsed(expression), {"requests": 40.0, "faults": 4.0}) == value


@pytest.mark.parametrize(
    "expression", ["FILL(a, 0)", "a if b else c", "a and b", "__import__('os')", "a.b", "1 +", "IF(a, b)"]
)
def test_other_metric_math_is_refused(expression: str) -> None:
    with pytest.raises(Unsupported):
        parsed(expression)
