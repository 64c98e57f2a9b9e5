"""The credentials of a function's execution role, from the emulated STS.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
"""

from __future__ import annotations

import json
import secrets
import string
import time
from dataclasses import dataclass
from typing import Any

from emulator.runner.version import Version

LIFETIME = 12 * 3600
"""Seconds."""
MARGIN = 15 * 60
"""An environment whose credentials expire in fewer seconds is replaced, because a process cannot get new
ones.
"""


class RoleError(Exception):
    """Lambda may not assume the function's role. The message is that of Lambda."""


@dataclass(frozen=True)
class Credentials:
    access_key: str
    secret_key: str
    session_token: str
    expires: float
    """Seconds since 1970."""

    def fresh(self) -> bool:
        return self.expires - time.time() > MARGIN

    def variables(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_SESSION_TOKEN": self.session_token,
        }


def assume(version: Version) -> Credentials:
    """Assume a version's role for its function, as the service `lambda.amazonaws.com`. Raises RoleError."""
    from ministack.core.responses import request_scope
    from ministack.services import iam, sts

    name = version.role.rpartition("/")[2]
    with request_scope(version.account, version.region):
        role = iam._roles.get(name)
    trusted = role is not None and trusts_lambda(
        role.get("AssumeRolePolicyDocument"), version.role, version.arn, version.account, version.region
    )
    if role is None or not trusted:
        raise RoleError(
            "The role defined for the function cannot be assumed by Lambda. "
            f"({version.role}: its trust policy must allow sts:AssumeRole to lambda.amazonaws.com)"
        )
    alphabet = string.ascii_uppercase + string.digits
    credentials = Credentials(
        access_key="ASIA" + "".join(secrets.choice(alphabet) for _ in range(16)),
        secret_key=secrets.token_urlsafe(30),
        session_token=secrets.token_urlsafe(120),
        expires=time.time() + LIFETIME,
    )
    sts.register_session(
        credentials.access_key,
        {
            "Arn": f"arn:aws:sts::{version.account}:assumed-role/{name}/{version.function}",
            "UserId": f"{role.get('RoleId', name)}:{version.function}",
            "SecretAccessKey": credentials.secret_key,
            "SessionToken": credentials.session_token,
            "Expiration": credentials.expires,
            "AccountId": version.account,
            "PrincipalType": "AssumedRole",
        },
    )
    return credentials


def trusts_lambda(document: Any, role: str, function: str, account: str, region: str) -> bool:
    """Whether a trust policy lets Lambda assume the role for a function; both are ARNs."""
    from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy

    policy = json.loads(document) if isinstance(document, str) else (document or {})
    found = policy.get("Statement", [])
    statements = [found] if isinstance(found, dict) else found
    context = EvalContext(
        principal_arn="",
        principal_type="Service",
        principal_account=account,
        action="sts:AssumeRole",
        resource_arn=role,
        region=region,
        service_context={"aws:sourcearn": function, "aws:sourceaccount": account},
    )
    # A trust policy names no resource, because it applies to its role.
    whole = {"Statement": [{**statement, "Resource": "*"} for statement in statements]}
    return evaluate_resource_policy(whole, context, service="lambda.amazonaws.com").decision == "Allow"


def role_may(role: str, account: str, region: str, *actions: str, resource: str = "*") -> bool:
    """Whether a role, by its ARN, has a permission for each action. A missing role has none."""
    from ministack.core import iam_evaluator
    from ministack.services import iam

    name = role.rpartition("/")[2]
    policies = iam_evaluator._gather_role_policies(name, account)
    boundary = iam_evaluator._permissions_boundary(iam._roles, name, account)
    return all(
        iam_evaluator.evaluate(
            iam_evaluator.EvalContext(
                principal_arn=role,
                principal_type="AssumedRole",
                principal_account=account,
                action=action,
                resource_arn=resource,
                region=region,
            ),
            policies,
            *boundary,
        ).decision
        == "Allow"
        for action in actions
    )


def may_log(version: Version, credentials: Credentials) -> bool:
    """Whether the role may write the function's log. Without the permission Lambda runs it and drops its
    log.
    """
    from ministack.core.iam_evaluator import EvalContext, evaluate, resolve_principal
    from ministack.core.responses import request_scope

    stream = f"arn:aws:logs:{version.region}:{version.account}:log-group:{version.log_group}:log-stream:*"
    with request_scope(version.account, version.region):
        principal = resolve_principal(credentials.access_key, version.account, None)
        policies = getattr(principal, "policies", None)
        if policies is None:
            return False
        return all(
            evaluate(
                EvalContext(
                    principal_arn=principal.arn,
                    principal_type=principal.type,
                    principal_account=principal.account,
                    action=action,
                    resource_arn=stream,
                    region=version.region,
                    principal_keys=principal.keys,
                ),
                policies,
                *principal.limits,
            ).decision
            == "Allow"
            for action in ("logs:CreateLogStream", "logs:PutLogEvents")
        )
