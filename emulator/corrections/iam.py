"""IAM: conditions on the transport, the resource that is evaluated for an action, and additional permissions.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlencode

from emulator import trial, wire
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

Resource = Callable[[Request, str, str], "str | None"]
"""`resource(request, region, account)`: the ARN that IAM evaluates; None leaves it to MiniStack."""


Keys = Callable[[str], "dict[str, Any]"]
"""`keys(arn)`: the condition keys that AWS derives from the resource."""


def install(app: ModuleType, settings: Settings) -> None:
    count_loopback_as_secure(app)
    take_keys_from("iam", keys_of_role)
    take_keys_from_the_request("iam", boundary_of_request)
    decide_on("iam", identity_arn)
    name_the_resource_in_refusals()

    async def tag_providers(request: Request, inner: Handler) -> Answer:
        """The tags of a provider can be changed. MiniStack does not support the calls.

        https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagOpenIDConnectProvider.html
        """
        if request.action not in ("TagOpenIDConnectProvider", "UntagOpenIDConnectProvider"):
            return await inner(request)
        from ministack.services import iam

        form = request.form
        arn = form.get("OpenIDConnectProviderArn", "")
        asked = urlencode({"Action": "GetOpenIDConnectProvider", "OpenIDConnectProviderArn": arn})
        answer = await inner(replace(request, body=asked.encode()))
        if not wire.succeeded(answer):
            return answer
        provider = iam._oidc_providers[arn]
        tags = {tag["Key"]: tag["Value"] for tag in provider.get("Tags", [])}
        for name, value in form.items():
            if name.startswith("TagKeys.member."):
                tags.pop(value, None)
            elif name.startswith("Tags.member.") and name.endswith(".Key"):
                tags[value] = form.get(f"{name.removesuffix('Key')}Value", "")
        provider["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
        root = f'{request.action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"'
        return 200, {"Content-Type": "text/xml"}, f"<{root}/>".encode()

    wire.wrap(app, "iam", tag_providers)


def decide_on(service: str, resource: Resource) -> None:
    """Correct the resource that is evaluated for the actions of a service.

    MiniStack uses `*` by default, which a policy for named resources never allows. So it denies what such a
    policy allows on AWS.
    """
    if trial.leaves_out_function(resource):
        return
    from ministack.core import iam_actions

    extract = iam_actions.extract_resource_arn

    def extract_resource_arn(
        asked: str,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        query: dict[str, list[str]],
        region: str,
        account: str,
    ) -> str:
        found = None
        if asked == service:
            found = resource(Request(method, path, headers, body, query), region, account)
        return found or extract(asked, method, path, headers, body, query, region, account)

    iam_actions.extract_resource_arn = extract_resource_arn


def take_keys_from(service: str, keys: Keys) -> None:
    """Add the condition keys of the resource itself. MiniStack has those of few services, and a missing
    key never equals anything.
    """
    if trial.leaves_out_function(keys):
        return
    from ministack.core import iam_evaluator

    decide = iam_evaluator.enforce

    def enforce(
        access_key_id: str,
        iam_action: str,
        asked: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Any:
        found = keys(resource_arn) if asked == service else {}
        context = {**found, **(service_context or {})}
        return decide(access_key_id, iam_action, asked, region, resource_arn, context)

    iam_evaluator.enforce = enforce


def keys_of_role(arn: str) -> dict[str, Any]:
    """The boundary of an existing role.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    from ministack.services import iam

    role = iam._roles.get(arn.rpartition("/")[2]) if ":role/" in arn else None
    boundary = role.get("PermissionsBoundary") if role else None
    return {"iam:PermissionsBoundary": boundary} if boundary else {}


def take_keys_from_the_request(service: str, keys: Callable[[str, Request], dict[str, Any]]) -> None:
    """The same for the condition keys of a request: `keys(action, request)`."""
    if trial.leaves_out_function(keys):
        return
    from ministack.core import iam_actions

    known = iam_actions.request_tag_context

    def request_tag_context(asked: str, action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = known(asked, action, body, params)
        return (
            {**context, **keys(action, Request("POST", "/", {}, body, params))}
            if asked == service
            else context
        )

    iam_actions.request_tag_context = request_tag_context


def boundary_of_request(action: str, request: Request) -> dict[str, Any]:
    """For a role that is created, or gets another boundary, the boundary in the request is evaluated."""
    if action not in ("iam:CreateRole", "iam:PutRolePermissionsBoundary"):
        return {}
    boundary = parse_qs(request.body.decode()).get("PermissionsBoundary")
    return {"iam:PermissionsBoundary": boundary[0]} if boundary else {}


def name_the_resource_in_refusals() -> None:
    """An access denied error names the resource. Without it nobody can know what a policy lacks. MiniStack
    names it for SSM and Logs only.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    from ministack.core import iam_actions

    answer = iam_actions.access_denied_response

    def access_denied_response(
        service: str, action: str, principal_arn: str, request_id: str, **more: Any
    ) -> Answer:
        resource = more.get("resource_arn", "*")
        by_identity = not (more.get("message") or more.get("error_code") or more.get("resource_policy_arn"))
        if by_identity and resource != "*":
            # Only S3 quotes it.
            named = f'"{resource}"' if service == "s3" else resource
            is_explicit = more.get("explicit_deny", False)
            message = iam_actions.identity_denial_message(action, principal_arn, named, is_explicit)
            more = {**more, "message": message}
        return answer(service, action, principal_arn, request_id, **more)

    iam_actions.access_denied_response = access_denied_response


def identity_arn(request: Request, region: str, account: str) -> str | None:
    """A policy or identity provider is evaluated before it exists, and a role with its path.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
    """
    form = request.form
    path = form.get("Path", "/")
    if arn := form.get("OpenIDConnectProviderArn"):
        return arn
    if request.action == "CreateOpenIDConnectProvider":
        return f"arn:aws:iam::{account}:oidc-provider/{form.get('Url', '').removeprefix('https://')}"
    if request.action == "CreatePolicy":
        return f"arn:aws:iam::{account}:policy{path}{form.get('PolicyName', '')}"
    if request.action == "CreateRole":
        return f"arn:aws:iam::{account}:role{path}{form.get('RoleName', '')}"
    if name := form.get("RoleName"):
        from ministack.services import iam

        role = iam._roles.get(name)
        return role["Arn"] if role else None
    return None


def count_loopback_as_secure(app: ModuleType) -> None:
    """`aws:SecureTransport` is true on the loopback interface: nobody else can read the traffic, and the
    TLS-only policy of a bucket would otherwise deny everything.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    pin = app.pin_request_origin

    def pin_as_secure(source_ip: str, secure_transport: bool) -> None:
        pin(source_ip, True)

    app.pin_request_origin = pin_as_secure


def denial(
    request: Request, action: str, resource: str, context: dict[str, Any] | None = None
) -> Answer | None:
    """Evaluate an additional action of the caller: None if it is allowed, otherwise AWS's error.

    `context` has the condition keys of the action that the request itself determines.
    """
    from ministack.core.iam_actions import identity_denial_message
    from ministack.core.iam_evaluator import AuthError

    result = _decide(request, action, resource, context)
    if result is None:
        return None
    if isinstance(result, AuthError):
        return wire.error(result.code, result.message)
    message = identity_denial_message(action, result.principal_arn, resource, result.decision == "Deny")
    if action.startswith("kms:"):
        # The form in which the other service passes on the error of KMS.
        message += (
            " (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; "
            f"Request ID: {uuid.uuid4()}; Proxy: null)"
        )
    status, headers, _ = wire.error("AccessDeniedException", "")
    return status, headers, json.dumps({"__type": "AccessDeniedException", "Message": message}).encode()


def denial_of_own(request: Request, action: str, resource: str) -> Answer | None:
    """The same for an action of the called service, with the message and the protocol of that service."""
    from ministack.core import iam_actions
    from ministack.core.iam_evaluator import AuthError

    result = _decide(request, action, resource, None)
    if result is None or isinstance(result, AuthError):
        # The caller was identified before the service was called.
        return None
    return iam_actions.access_denied_response(
        action.partition(":")[0],
        action,
        result.principal_arn,
        str(uuid.uuid4()),
        headers=dict(request.headers),
        resource_arn=resource,
        explicit_deny=result.decision == "Deny",
    )


def _decide(request: Request, action: str, resource: str, context: dict[str, Any] | None) -> Any:
    from ministack.core.iam_evaluator import enforce
    from ministack.core.responses import get_region
    from ministack.core.router import extract_access_key_id

    service = action.partition(":")[0]
    key = extract_access_key_id(request.headers, request.query)
    return enforce(key, action, service, get_region(), resource_arn=resource, service_context=context)
