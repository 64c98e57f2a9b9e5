"""What each role was allowed, and which parts of its policies it needs for that.

`POST /_kairos/rights` returns every action, resource and set of condition keys that IAM evaluated, without
duplicates.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import ModuleType
from typing import Any

from emulator import seams
from emulator.settings import Settings

MOST = 20_000
"""The maximum number of stored calls of all roles. Deploying and destroying an environment makes a few
hundred different ones.
"""


@dataclass(frozen=True)
class Call:
    """One call of a role."""

    role: str
    """The role's name."""
    action: str
    """`lambda:GetFunction`."""
    resource: str
    """The ARN that IAM evaluated, or `*`."""
    keys: Mapping[str, Any]
    """The condition keys, in lower case."""


def install(app: ModuleType, settings: Settings) -> None:
    """Before the corrections, so that what they add to an evaluation is included."""
    from ministack.core import iam_evaluator
    from ministack.services.tagging import resource_tags

    kept: dict[str, dict[str, Any]] = {}
    decide = iam_evaluator.enforce
    reset_all_state = app._reset_all_state

    def enforce(
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Any:
        refusal = decide(access_key_id, iam_action, service, region, resource_arn, service_context)
        role = _role_of(iam_evaluator.caller_arn())
        if refusal is None and role and len(kept) < MOST:
            keys = {name.lower(): value for name, value in (service_context or {}).items()}
            seen = json.dumps([role, iam_action, resource_arn, keys], sort_keys=True, default=str)
            if seen not in kept:
                tags = resource_tags(resource_arn) or {}
                named = {f"aws:resourcetag/{name}".lower(): value for name, value in tags.items()}
                kept[seen] = {
                    "role": role,
                    "action": iam_action,
                    "resource": resource_arn,
                    "keys": json.loads(json.dumps({**named, **keys}, default=str)),
                }
        return refusal

    async def rights() -> Any:
        return list(kept.values())

    def reset_and_forget() -> None:
        reset_all_state()
        kept.clear()

    iam_evaluator.enforce = enforce
    app._reset_all_state = reset_and_forget
    seams.act("rights", rights)


def _role_of(caller: str) -> str | None:
    """`arn:aws:sts::123456789012:assumed-role/NAME/SESSION`."""
    kind, _, rest = caller.rpartition(":")[2].partition("/")
    return rest.partition("/")[0] if kind == "assumed-role" else None


@dataclass(frozen=True)
class Need:
    """What happens to a role's calls with fewer permissions."""

    sid: str
    """The statement from which something is removed."""
    action: str | None
    """The removed action; None if the whole statement is removed."""
    refused: Sequence[str]
    """AWS's errors for the calls that were allowed before."""


def refused(statements: Sequence[Mapping[str, Any]], calls: Sequence[Call]) -> list[str]:
    """AWS's message for each call that these statements do not allow."""
    from ministack.core import iam_actions, iam_evaluator

    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    policies = [iam_evaluator.parse_policy_document(document)]
    found = []
    for call in calls:
        account = "123456789012"
        context = iam_evaluator.EvalContext(
            principal_arn=f"arn:aws:sts::{account}:assumed-role/{call.role}/walk",
            principal_type="AssumedRole",
            principal_account=account,
            action=call.action,
            resource_arn=call.resource,
            region="eu-west-2",
            service_context={"aws:tagkeys": None, **call.keys},
        )
        decision = iam_evaluator.evaluate(context, policies).decision
        if decision != "Allow":
            found.append(
                iam_actions.identity_denial_message(
                    call.action, context.principal_arn, call.resource, decision == "Deny"
                )
            )
    return found


def walk(statements: Sequence[Mapping[str, Any]], calls: Sequence[Call]) -> Iterator[Need]:
    """Remove each statement, and each action of each, one at a time."""
    for index, statement in enumerate(statements):
        others = [*statements[:index], *statements[index + 1 :]]
        # Only the result of calls with its actions can change.
        named = [call for call in calls if any(_is(call.action, action) for action in statement["Action"])]
        yield Need(statement["Sid"], None, refused(others, named))
        for action in statement["Action"] if len(statement["Action"]) > 1 else []:
            less = {**statement, "Action": [each for each in statement["Action"] if each != action]}
            asked = [call for call in named if _is(call.action, action)]
            yield Need(statement["Sid"], action, refused([*others, less], asked))


def _is(action: str, pattern: str) -> bool:
    from ministack.core import iam_evaluator

    return iam_evaluator.fnmatch_iam(action, pattern)


def main() -> None:
    """Standard input: roles, each with `statements` and `calls`. Standard output: what they need."""
    found = []
    for role in json.load(sys.stdin):
        calls = [Call(**call) for call in role["calls"]]
        found.append(
            {
                "refused": refused(role["statements"], calls),
                "needs": [asdict(need) for need in walk(role["statements"], calls)],
            }
        )
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
