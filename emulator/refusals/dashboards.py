"""Dashboards: bodies that CloudWatch cannot read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from emulator.corrections.cloudwatch import members_of_alarm
from emulator.refusals.row import Asked, Facts, Row

_MOST_WIDGETS = 500


def _problems(text: str) -> Iterator[dict[str, str]]:
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        yield {"message": "The dashboard body should be a JSON object"}
        return
    widgets = body.get("widgets", [])
    if not isinstance(widgets, list):
        yield {"dataPath": "/widgets", "message": "Should be array"}
        return
    if len(widgets) > _MOST_WIDGETS:
        yield {"dataPath": "/widgets", "message": f"Should NOT have more than {_MOST_WIDGETS} items"}
    for number, widget in enumerate(widgets):
        yield from _problems_of(widget, f"/widgets/{number}")


def _problems_of(widget: Any, path: str) -> Iterator[dict[str, str]]:
    if not isinstance(widget, dict):
        yield {"dataPath": path, "message": "Should be object"}
        return
    for name in ("type", "properties"):
        if name not in widget:
            yield {"dataPath": path, "message": f"Should have required property '{name}'"}


def _invalid(asked: Asked) -> Facts | None:
    body = members_of_alarm(asked.request, asked.action).get("DashboardBody") or ""
    found = list(_problems(body))
    return {"count": len(found), "problems": json.dumps(found, indent=2)} if found else None


ROWS = (
    Row(
        name="dashboard-body",
        service="monitoring",
        actions=("PutDashboard",),
        when="the body is not JSON, has more than 500 widgets, or has a widget without a type or properties",
        code="InvalidParameterInput",
        message="The dashboard body is invalid, there are {count} validation errors:\n{problems}",
        source="https://github.com/aws-solutions-library-samples/guidance-for-claude-code-with-amazon-bedrock/issues/759, "
        "the rules are those of https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/"
        "CloudWatch-Dashboard-Body-Structure.html",
        refuses=_invalid,
    ),
)
