"""Evaluates alarms as AWS does, at regular intervals. MiniStack adds up all dimensions of a metric over all
periods, supports neither M of N nor missing data nor metric math, and only evaluates when a value is put.

The newest period ends now, while that of AWS ends with the last full minute. So alarms ring at once here.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from emulator import seams, wire
from emulator.corrections.alarm_state import FURTHER, samples_needed, state_of
from emulator.corrections.cloudwatch import members_of_alarm, requested_alarm
from emulator.corrections.metric_math import Unsupported, parsed, value_of
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

logger = logging.getLogger("emulator")

EVERY = 1
"""Seconds between two evaluations; AWS takes a minute."""

HELD = 10
"""Seconds for which a state that was set by hand remains. On AWS it is at most a minute."""

_set_by_hand = wire.store()
"""Name of an alarm -> when its state was set, in monotonic seconds."""


def install(app: ModuleType, settings: Settings) -> None:
    from ministack.services import cloudwatch

    tasks: list[asyncio.Task[None]] = []

    async def start() -> None:
        tasks.append(asyncio.ensure_future(_look_now_and_then()))

    async def stop() -> None:
        for task in tasks:
            task.cancel()

    async def hold_what_is_set(request: Request, inner: Handler) -> Answer:
        answer = await inner(request)
        if request.action == "SetAlarmState" and wire.succeeded(answer):
            _set_by_hand[members_of_alarm(request, "SetAlarmState")["AlarmName"]] = time.monotonic()
        return answer

    cloudwatch._evaluate_alarm = evaluate
    wire.wrap(app, "monitoring", hold_what_is_set)
    seams.on_start(start)
    seams.on_stop(stop)


async def _look_now_and_then() -> None:
    from ministack.core.responses import request_scope
    from ministack.services import cloudwatch

    while True:
        await asyncio.sleep(EVERY)
        for account, region in {(key[0], key[1]) for key in list(cloudwatch._alarms._data)}:
            with request_scope(account, region):
                cloudwatch._evaluate_all_alarms()


def evaluate(alarm: dict[str, Any]) -> None:
    """Evaluate an alarm of the current account and region, and run its actions."""
    from ministack.services import cloudwatch

    name, current = alarm["AlarmName"], alarm["StateValue"]
    requested = requested_alarm(name)
    if requested is None or time.monotonic() - _set_by_hand.get(name, -HELD) < HELD:
        return
    try:
        state = _state(requested, current, time.time())
    except Unsupported as fault:
        logger.warning("the alarm %s is not evaluated: %s", name, fault)
        return
    if state == current:
        return
    reason = f"{state} by {requested['ComparisonOperator']} {requested['Threshold']}"
    alarm.update(StateValue=state, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
    cloudwatch._record_history(name, current, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, current, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def _state(alarm: Mapping[str, Any], current: str, now: float) -> str:
    periods = alarm["EvaluationPeriods"] + FURTHER
    if alarm.get("Metrics"):
        return state_of(alarm, _of_expression(alarm["Metrics"], periods, now), current)
    statistic = alarm.get("ExtendedStatistic") or alarm["Statistic"]
    windows = _windows(alarm, alarm["Period"], periods, now)
    if alarm.get("EvaluateLowSampleCountPercentile") == "ignore":
        had_values = any(windows)
        windows = [window if _has_enough(window, statistic) else [] for window in windows]
        if had_values and not any(windows):
            return current
    return state_of(alarm, [_value(window, statistic) for window in windows], current)


def _of_expression(queries: Sequence[Mapping[str, Any]], periods: int, now: float) -> list[float | None]:
    """The datapoints of the query whose result is returned."""
    named: dict[str, list[float | None]] = {}
    for query in queries:
        if stat := query.get("MetricStat"):
            windows = _windows(stat["Metric"], stat["Period"], periods, now)
            named[query["Id"]] = [_value(window, stat["Stat"]) for window in windows]
    returned = next(query for query in queries if query.get("ReturnData", True))
    if "Expression" not in returned:
        return named[returned["Id"]]
    tree = parsed(returned["Expression"])
    return [
        value_of(tree, {name: values[period] for name, values in named.items()}) for period in range(periods)
    ]


Window = list[dict[str, Any]]
"""The values of one period."""


def _windows(metric: Mapping[str, Any], period: int, periods: int, now: float) -> list[Window]:
    """The values of a metric with exactly these dimensions, by period, newest first."""
    from ministack.services import cloudwatch

    labels = {label["Name"]: label["Value"] for label in metric.get("Dimensions") or []}
    key = (metric["Namespace"], metric["MetricName"], cloudwatch._dims_key(labels))
    windows: list[Window] = [[] for _ in range(periods)]
    for point in cloudwatch._metrics.get(key) or []:
        age = now - point["Timestamp"]
        if 0 <= age < period * periods:
            windows[int(age // period)].append(point)
    return windows


def _value(window: Window, statistic: str) -> float | None:
    from ministack.services import cloudwatch

    stats = cloudwatch._calc_stats(window)
    if not stats:
        return None
    value = cloudwatch._stat_value(stats, statistic, window)
    return None if value is None else float(value)


def _has_enough(window: Window, statistic: str) -> bool:
    """Whether a period has enough values for this percentile."""
    from ministack.services import cloudwatch

    return bool(window) and cloudwatch._calc_stats(window)["SampleCount"] >= samples_needed(statistic)
