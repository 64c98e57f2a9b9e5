"""IAM: what MiniStack itself refuses, missing principals, and documents that are too long."""

from __future__ import annotations

import json
import re

from emulator.refusals.row import Asked, Facts, Row

_LARGEST_TRUST = 2048
_LARGEST_POLICY = 6144
_LARGEST_OF_A_ROLE = 10240
_MOST_VERSIONS = 5
_MOST_OF_A_ROLE = 10
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length"""
_DELETE_ROLE = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html"


def _unknown_principal(asked: Asked) -> Facts | None:
    """A role in a trust policy must exist. The account always exists."""
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


def _length(document: str | None) -> int:
    """Counted like in IAM: without white space."""
    return len("".join((document or "").split()))


def _large_trust(asked: Asked) -> Facts | None:
    document = asked.members.get("AssumeRolePolicyDocument") or asked.members.get("PolicyDocument")
    return {} if _length(document) > _LARGEST_TRUST else None


def _large_policy(asked: Asked) -> Facts | None:
    return {} if _length(asked.members.get("PolicyDocument")) > _LARGEST_POLICY else None


def _large_policies_of_a_role(asked: Asked) -> Facts | None:
    from ministack.services import iam

    name = asked.members.get("RoleName")
    policies = dict((iam._roles.get(name) or {}).get("InlinePolicies", {}))
    policies[asked.members.get("PolicyName")] = asked.members.get("PolicyDocument")
    return {"role": name} if sum(map(_length, policies.values())) > _LARGEST_OF_A_ROLE else None


def _sixth_version(asked: Asked) -> Facts | None:
    from ministack.services import iam

    known = iam._policies.get(asked.members.get("PolicyArn")) or {}
    return {} if len(known.get("Versions", {})) >= _MOST_VERSIONS else None


def _eleventh_policy(asked: Asked) -> Facts | None:
    from ministack.services import iam

    attached = (iam._roles.get(asked.members.get("RoleName")) or {}).get("AttachedPolicies", [])
    return {} if len({*attached, asked.members.get("PolicyArn")}) > _MOST_OF_A_ROLE else None


ROWS = (
    Row(
        name="iam-sixth-version",
        service="iam",
        actions=("CreatePolicyVersion",),
        when="the policy has five versions",
        code="LimitExceeded",
        status=409,
        message="A managed policy can have up to 5 versions. Before you create a new version, you must delete an "
        "existing version.",
        source="https://github.com/99designs/iamy/issues/21",
        refuses=_sixth_version,
    ),
    Row(
        name="iam-eleventh-policy",
        service="iam",
        actions=("AttachRolePolicy",),
        when="ten other policies are attached to the role, which is the default quota",
        code="LimitExceeded",
        status=409,
        message="Cannot exceed quota for PoliciesPerRole: 10",
        source="https://github.com/ministryofjustice/cloud-platform-environments/pull/14118, with a quota of 15",
        refuses=_eleventh_policy,
    ),
    Row(
        name="iam-trust-too-large",
        service="iam",
        actions=("CreateRole", "UpdateAssumeRolePolicy"),
        when="the trust policy has more than 2,048 characters without white space",
        code="LimitExceeded",
        status=409,
        message="Cannot exceed quota for ACLSizePerRole: 2048",
        source="https://github.com/kubeflow/dashboard/issues/29",
        refuses=_large_trust,
    ),
    Row(
        name="iam-policy-too-large",
        service="iam",
        actions=("CreatePolicy", "CreatePolicyVersion"),
        when="the document has more than 6,144 characters without white space",
        code="LimitExceeded",
        status=409,
        message="Cannot exceed quota for PolicySize: 6144",
        source="https://github.com/ministryofjustice/analytical-platform/issues/6873",
        refuses=_large_policy,
    ),
    Row(
        name="iam-policies-of-a-role-too-large",
        service="iam",
        actions=("PutRolePolicy",),
        when="the inline policies of the role have more than 10,240 characters without white space",
        code="LimitExceeded",
        status=409,
        message="Maximum policy size of 10240 bytes exceeded for role {role}",
        source="https://github.com/ExpediaGroup/apiary-data-lake/issues/173",
        refuses=_large_policies_of_a_role,
    ),
    Row(
        name="iam-principal-unknown",
        service="iam",
        actions=("CreateRole", "UpdateAssumeRolePolicy"),
        when="the trust policy contains a role of the account that does not exist",
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
        when="the role has an inline policy",
        code="DeleteConflict",
        status=409,
        message="Cannot delete entity, must delete policies first.",
        source=_DELETE_ROLE,
    ),
    Row(
        name="iam-policy-attached",
        service="iam",
        actions=("DeletePolicy",),
        when="the policy is attached to a role, or is a permissions boundary",
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
        when="the account has a provider with this URL",
        code="EntityAlreadyExists",
        status=409,
        message="Provider with url {url} already exists.",
        source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html",
    ),
    Row(
        name="iam-policy-no-json",
        service="iam",
        actions=("PutRolePolicy", "CreatePolicy"),
        when="the document is not JSON",
        code="MalformedPolicyDocument",
        message="This policy contains invalid Json",
        source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html",
    ),
)
