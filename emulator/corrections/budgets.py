"""A budget compares costs with its limit, and notifies its subscribers. MiniStack only stores it.

A local cloud has no costs. `<home>/bills.json` contains, by the name of a budget, the costs so far (`actual`)
and the forecast of the month (`forecasted`), in its unit. AWS checks up to three times a day; here
`POST /_kairos/budgets` checks.
https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-best-practices.html
"""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

from emulator import seams
from emulator.settings import Settings

Bill = dict[str, float]


def install(app: ModuleType, settings: Settings) -> None:
    from ministack.services import budgets

    bills = settings.home / "bills.json"

    async def look() -> dict[str, int]:
        return {"told": sum(_tell(*key, bills) for key in list(budgets._budgets._data))}

    seams.act("budgets", look)


def _bill(bills: Path, name: str) -> Bill:
    known: dict[str, Bill] = json.loads(bills.read_text()) if bills.exists() else {}
    return known.get(name, {})


def _tell(account: str, name: str, bills: Path) -> int:
    """Notify of each threshold that was exceeded since the last check. Returns the number of
    notifications.
    """
    from ministack.core.responses import get_region, request_scope
    from ministack.services import budgets

    told = 0
    with request_scope(account, get_region()):
        budget, bill = budgets._budgets[name], _bill(bills, name)
        for entry in budgets._notification_store.get(name, []):
            notification = entry["notification"]
            kind, limit = notification["NotificationType"], _threshold(budget, notification)
            passed = _is_passed(bill.get(kind.lower()), notification["ComparisonOperator"], limit)
            if passed and notification.get("NotificationState") != "ALARM":
                told += _publish(
                    entry["subscribers"], name, f"{kind} cost {bill[kind.lower()]}, limit {limit}"
                )
            notification["NotificationState"] = "ALARM" if passed else "OK"
    return told


def _threshold(budget: dict[str, Any], notification: dict[str, Any]) -> float:
    """In the budget's unit. https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Notification.html"""
    threshold = float(notification["Threshold"])
    if notification.get("ThresholdType") == "ABSOLUTE_VALUE":
        return threshold
    return float(budget["BudgetLimit"]["Amount"]) * threshold / 100


def _is_passed(amount: float | None, comparison: str, limit: float) -> bool:
    if amount is None:
        return False
    return {"GREATER_THAN": amount > limit, "LESS_THAN": amount < limit, "EQUAL_TO": amount == limit}[
        comparison
    ]


def _publish(subscribers: list[dict[str, Any]], name: str, words: str) -> int:
    from ministack.core.responses import get_account_id, new_uuid, request_scope
    from ministack.services import sns

    topics = [each["Address"] for each in subscribers if each["SubscriptionType"] == "SNS"]
    for topic in topics:
        with request_scope(get_account_id(), topic.split(":")[3]):
            sns._fanout(topic, new_uuid(), words, f"AWS Budgets: {name} has exceeded your alert threshold")
    return len(topics)
