"""Statements of policies that IAM does not accept.

The messages are those in https://github.com/getmoto/moto/blob/master/tests/test_iam/test_iam_policies.py.
"""

from __future__ import annotations

import json
import re
from typing import Any

from emulator.refusals.row import Asked, Facts, Row


def _statements(asked: Asked) -> list[dict[str, Any]]:
    """Those of the document; none if it is not a policy, which another row refuses."""
    try:
        found = json.loads(asked.members.get("PolicyDocument") or "{}").get("Statement") or []
    except (ValueError, AttributeError):
        return []
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]


def _texts(statement: dict[str, Any], *members: str) -> list[str]:
    """The values of members, which may be a string or a list."""
    found = [statement[name] for name in members if name in statement]
    return [str(text) for held in found for text in (held if isinstance(held, list) else [held])]


def _odd_id(asked: Asked) -> Facts | None:
    ids = [one["Sid"] for one in _statements(asked) if "Sid" in one]
    return {} if any(not re.fullmatch("[0-9A-Za-z]*", str(sid)) for sid in ids) else None


def _same_id(asked: Asked) -> Facts | None:
    ids = [one["Sid"] for one in _statements(asked) if one.get("Sid")]
    return {} if len(set(ids)) < len(ids) else None


def _no_service(asked: Asked) -> Facts | None:
    actions = [text for one in _statements(asked) for text in _texts(one, "Action", "NotAction")]
    return {} if any(":" not in action and action != "*" for action in actions) else None


def _no_arn(asked: Asked) -> Facts | None:
    for statement in _statements(asked):
        for resource in _texts(statement, "Resource", "NotResource"):
            if resource != "*" and ":" not in resource:
                return {"resource": resource}
    return None


_WRITES = ("PutRolePolicy", "CreatePolicy", "CreatePolicyVersion")
_SEEN = "https://github.com/getmoto/moto/blob/master/tests/test_iam/test_iam_policies.py"

ROWS = (
    Row(
        name="policy-statement-id",
        service="iam",
        actions=_WRITES,
        when="the id of a statement has characters other than letters and digits",
        code="MalformedPolicyDocument",
        message="Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
        "[0-9A-Za-z]*",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html",
        refuses=_odd_id,
    ),
    Row(
        name="policy-statement-id-twice",
        service="iam",
        actions=_WRITES,
        when="two statements have the same id",
        code="MalformedPolicyDocument",
        message="Statement IDs (SID) in a single policy must be unique.",
        source=_SEEN,
        refuses=_same_id,
    ),
    Row(
        name="policy-action-without-a-service",
        service="iam",
        actions=_WRITES,
        when="an action has no service",
        code="MalformedPolicyDocument",
        message="Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        source=_SEEN,
        refuses=_no_service,
    ),
    Row(
        name="policy-resource-no-arn",
        service="iam",
        actions=_WRITES,
        when="a resource is neither an ARN nor *",
        code="MalformedPolicyDocument",
        message='Resource {resource} must be in ARN format or "*".',
        source=_SEEN,
        refuses=_no_arn,
    ),
)
