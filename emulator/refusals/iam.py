"""IAM: what MiniStack refuses by itself, and principals that are not there."""

from __future__ import annotations

import json
import re

from emulator.refusals.row import Asked, Facts, Row

_DELETE_ROLE = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html"


def _unknown_principal(asked: Asked) -> Facts | None:
    """A role that a trust policy names is looked up; the account itself always is there."""
    from ministack.services import iam

    document = asked.members.get("AssumeRolePolicyDocument") or asked.members.get("PolicyDocument") or "{}"
    try:
        statements = json.loads(document).get("Statement") or []
    except (ValueError, AttributeError):
        return None
    known = {role["Arn"] for role in iam._roles.values()}
    for statement in statements if isinstance(statements, list) else [statements]:
        named = statement.get("Principal") if isinstance(statement, dict) else None
        principals = named.get("AWS", []) if isinstance(named, dict) else []
        for arn in [principals] if isinstance(principals, str) else principals:
            if re.fullmatch(rf"arn:aws:iam::{asked.account}:role/.+", arn) and arn not in known:
                return {"arn": arn}
    return None


ROWS = (
    Row(
        name="iam-principal-unknown",
        service="iam",
        actions=("CreateRole", "UpdateAssumeRolePolicy"),
        when="the trust policy names a role of the account that is not there",
        code="MalformedPolicyDocument",
        message='Invalid principal in policy: "AWS":"{arn}"',
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html",
        refuses=_unknown_principal,
    ),
    Row(
        name="iam-role-with-attached-policy",
        service="iam",
        actions=("DeleteRole",),
        when="a policy is attached to the role",
        code="DeleteConflict",
        status=409,
        message="Cannot delete entity, must detach all policies first.",
        source=_DELETE_ROLE,
    ),
    Row(
        name="iam-role-with-inline-policy",
        service="iam",
        actions=("DeleteRole",),
        when="the role has a policy of its own",
        code="DeleteConflict",
        status=409,
        message="Cannot delete entity, must delete policies first.",
        source=_DELETE_ROLE,
    ),
    Row(
        name="iam-policy-attached",
        service="iam",
        actions=("DeletePolicy",),
        when="the policy is attached to a role, or is a boundary",
        code="DeleteConflict",
        status=409,
        message="Cannot delete a policy attached to entities.",
        source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html",
    ),
    Row(
        name="iam-role-exists",
        service="iam",
        actions=("CreateRole",),
        when="a role has the name",
        code="EntityAlreadyExists",
        status=409,
        message="Role with name {name} already exists.",
        source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html",
    ),
    Row(
        name="iam-provider-exists",
        service="iam",
        actions=("CreateOpenIDConnectProvider",),
        when="the account has a provider of the URL",
        code="EntityAlreadyExists",
        status=409,
        message="Provider with url {url} already exists.",
        source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html",
    ),
    Row(
        name="iam-policy-no-json",
        service="iam",
        actions=("PutRolePolicy", "CreatePolicy"),
        when="the document is no JSON",
        code="MalformedPolicyDocument",
        message="This policy contains invalid Json",
        source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html",
    ),
)
