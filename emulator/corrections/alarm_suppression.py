"""A composite alarm with a suppressor holds its notifications back; MiniStack sends them anyway.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html

- While the suppressor is in ALARM, nothing is sent.
- WaitPeriod: how long a composite alarm that goes into ALARM waits for its suppressor.
- ExtensionPeriod: how long the suppression continues after the suppressor has left ALARM.
- When the suppression ends, the alarm notifies about its state, unless the last notification was about it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from emulator import wire
from emulator.corrections.cloudwatch import requested_composite
from emulator.settings import Settings

_held = wire.store()
"""Name of a composite alarm -> the notification that was held back."""

_left_alarm = wire.store()
"""Name of an alarm -> when it left ALARM, in monotonic seconds."""


@dataclass(frozen=True)
class _Held:
    told: str
    """The state in the last notification."""
    reason: str
    since: float
    """When it changed, in monotonic seconds."""


def install(app: ModuleType, settings: Settings) -> None:
    from ministack.services import cloudwatch

    tell, evaluate_all = cloudwatch._dispatch_alarm_actions, cloudwatch._evaluate_all_alarms

    def tell_unless_suppressed(alarm: dict[str, Any], old: str, new: str, reason: str) -> None:
        name = alarm["AlarmName"]
        if old == "ALARM":
            _left_alarm[name] = time.monotonic()
        earlier = _held.get(name)
        held = _Held(earlier.told if earlier else old, reason, time.monotonic())
        if _keep_back(alarm, held):
            _held[name] = held
        else:
            _release(alarm, held)

    def evaluate_and_release() -> None:
        evaluate_all()
        for name, held in list(_held.items()):
            alarm = cloudwatch._composite_alarms.get(name)
            if alarm is None:
                _held.pop(name, None)
            elif not _keep_back(alarm, held):
                _release(alarm, held)

    def _release(alarm: dict[str, Any], held: _Held) -> None:
        _held.pop(alarm["AlarmName"], None)
        if alarm["StateValue"] != held.told:
            tell(alarm, held.told, alarm["StateValue"], held.reason)

    cloudwatch._dispatch_alarm_actions = tell_unless_suppressed
    cloudwatch._evaluate_all_alarms = evaluate_and_release


def _keep_back(alarm: dict[str, Any], held: _Held) -> bool:
    """Whether the alarm is suppressed now. It reports this itself."""
    by = _suppressed_by(alarm, requested_composite(alarm["AlarmName"]) or {}, held)
    if by is None:
        alarm.pop("ActionsSuppressedBy", None)
        alarm.pop("ActionsSuppressedReason", None)
        return False
    alarm.update(ActionsSuppressedBy=by, ActionsSuppressedReason=f"Actions suppressed by {by}")
    return True


def _suppressed_by(alarm: Mapping[str, Any], asked: Mapping[str, Any], held: _Held) -> str | None:
    from ministack.services import cloudwatch

    named = asked.get("ActionsSuppressor")
    if not named:
        return None
    name, now = named.rpartition(":")[2], time.monotonic()
    suppressor = cloudwatch._alarms.get(name) or cloudwatch._composite_alarms.get(name)
    if suppressor and suppressor["StateValue"] == "ALARM":
        return "Alarm"
    left = _left_alarm.get(name)
    if left is not None and now - left < asked.get("ActionsSuppressorExtensionPeriod", 0):
        return "ExtensionPeriod"
    # A suppressor that has been in ALARM since then has arrived, so there is nothing to wait for.
    waits = alarm["StateValue"] == "ALARM" and (left is None or left < held.since)
    if waits and now - held.since < asked.get("ActionsSuppressorWaitPeriod", 0):
        return "WaitPeriod"
    return None
