"""ECR: images that cannot be deleted, and invalid lifecycle policies."""

from __future__ import annotations

import json
from typing import Any

from emulator.refusals.row import Asked, Facts, Row

_COUNTS = {"imageCountMoreThan": False, "sinceImagePushed": True}
"""Type of a count -> whether it has a unit."""


def _rules(asked: Asked) -> list[dict[str, Any]] | None:
    """The rules; None if the text is not a policy."""
    try:
        policy = json.loads(asked.members.get("lifecyclePolicyText") or "")
    except ValueError:
        return None
    rules = policy.get("rules") if isinstance(policy, dict) else None
    return rules if isinstance(rules, list) and all(isinstance(rule, dict) for rule in rules) else None


def _no_policy(asked: Asked) -> Facts | None:
    rules = _rules(asked)
    return {} if not rules or not all(map(_is_rule, rules)) else None


def _is_rule(rule: dict[str, Any]) -> bool:
    """The schema does not allow nulls: a setting that does not apply must be left out."""
    selection = rule.get("selection")
    if not isinstance(rule.get("rulePriority"), int) or not isinstance(selection, dict):
        return False
    if not isinstance(rule.get("action"), dict) or None in (*rule["action"].values(), *selection.values()):
        return False
    tagged = selection.get("tagStatus") == "tagged"
    named = bool(selection.get("tagPrefixList") or selection.get("tagPatternList"))
    unit = _COUNTS.get(selection.get("countType", ""))
    counted = unit is None or unit == (selection.get("countUnit") == "days")
    count = selection.get("countNumber")
    known = selection.get("tagStatus") in ("tagged", "untagged", "any")
    return known and tagged == named and counted and isinstance(count, int) and count > 0


def _same_priority(asked: Asked) -> Facts | None:
    priorities = [rule.get("rulePriority") for rule in _rules(asked) or []]
    return {} if len(set(priorities)) < len(priorities) else None


def _any_not_last(asked: Asked) -> Facts | None:
    ordered = sorted(_rules(asked) or [], key=lambda rule: rule["rulePriority"])
    whole = [rule["selection"]["tagStatus"] == "any" for rule in ordered]
    return {} if any(whole[:-1]) else None


_PARAMETERS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html"
_INVALID = "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: "

ROWS = (
    Row(
        name="ecr-repository-with-images",
        service="ecr",
        actions=("DeleteRepository",),
        when="the repository has images and the request does not force the deletion",
        code="RepositoryNotEmptyException",
        message="The repository with name '{name}' in registry with id '{account}' cannot be deleted because it "
        "still contains images",
        source="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html",
    ),
    Row(
        name="ecr-tag-immutable",
        service="ecr",
        actions=("PutImage",),
        when="tags are immutable and an image has the tag",
        code="ImageTagAlreadyExistsException",
        message="The image tag '{tag}' already exists in the '{name}' repository and cannot be overwritten because "
        "the repository is immutable.",
        source="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html",
    ),
    Row(
        name="ecr-lifecycle-no-policy",
        service="ecr",
        actions=("PutLifecyclePolicy",),
        when="the policy is not JSON, or a rule does not match the schema, which does not allow nulls",
        code="InvalidParameterException",
        message=f"{_INVALID}instance failed to match exactly one schema (matched 0 out of 2)",
        source="https://github.com/cloudposse/terraform-aws-ecr/issues/158",
        refuses=_no_policy,
    ),
    Row(
        name="ecr-lifecycle-priority-twice",
        service="ecr",
        actions=("PutLifecyclePolicy",),
        when="two rules have the same priority",
        code="InvalidParameterException",
        message=f"{_INVALID}rule priorities must be unique'",
        source=f"{_PARAMETERS} has the rule; the code is that of similar errors; the end of the message is not AWS's",
        refuses=_same_priority,
    ),
    Row(
        name="ecr-lifecycle-any-not-last",
        service="ecr",
        actions=("PutLifecyclePolicy",),
        when="a rule for any image does not have the highest priority number",
        code="InvalidParameterException",
        message=f"{_INVALID}a rule with tagStatus any must have the highest priority number'",
        source=f"{_PARAMETERS} has the rule; the code is that of similar errors; the end of the message is not AWS's",
        refuses=_any_not_last,
    ),
)
