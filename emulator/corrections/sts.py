"""STS: which token can assume a role. MiniStack only evaluates the trust policy, and two of the token's
claims.

An issuer publishes its keys at a URL that this cloud does not call. `<home>/issuers/<host>.json` contains
them, in the format of the issuer's key set. https://datatracker.ietf.org/doc/html/rfc7517
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from emulator import wire
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

_CLAIMS = (
    *("aud", "sub", "amr"),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
    *("actor", "actor_id", "enterprise_id", "environment", "job_workflow_ref", "ref", "repository"),
    *("repository_id", "repository_owner_id", "workflow"),
)
"""The claims of a GitHub token that a trust policy can use."""

_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
"""The prefix of a SHA-256 in a signature: https://datatracker.ietf.org/doc/html/rfc8017#section-9.2"""


def install(app: ModuleType, settings: Settings) -> None:
    issuers = settings.home / "issuers"

    async def look_at_the_token(request: Request, inner: Handler) -> Answer:
        """A token is refused if its issuer is unknown, its audience differs, it has expired, or another key
        signed it.

        https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
        """
        if request.action == "AssumeRoleWithWebIdentity":
            token = request.form.get("WebIdentityToken", "")
            if refusal := _refusal(token, request.form.get("RoleArn", ""), issuers):
                return _error(*refusal)
        return await inner(request)

    wire.wrap(app, "sts", look_at_the_token)
    _ask_every_claim()


def _ask_every_claim() -> None:
    from ministack.services import sts

    known = sts._web_identity_principal

    def _web_identity_principal(token: str, provider_id: str, role_arn: str) -> Any:
        principal, keys = known(token, provider_id, role_arn)
        claims = _claims(token) or {}
        host = _host(claims)
        return principal, {
            **keys,
            **{f"{host}:{name}": str(claims[name]) for name in _CLAIMS if name in claims},
        }

    sts._web_identity_principal = _web_identity_principal


def _refusal(token: str, role: str, issuers: Path) -> tuple[str, str] | None:
    from ministack.services import iam

    claims = _claims(token)
    if claims is None:
        return "InvalidIdentityToken", "The ID Token provided is not a valid JWT."
    host = _host(claims)
    account = role.split(":")[4] if role.count(":") >= 5 else ""
    # The request is not signed, so it belongs to no account yet. The role determines the account.
    provider = iam._oidc_providers.get_scoped(account, None, f"arn:aws:iam::{account}:oidc-provider/{host}")
    if provider is None:
        return (
            "InvalidIdentityToken",
            f"No OpenIDConnect provider found in your account for https://{host}",
        )
    audiences = claims.get("aud")
    audiences = audiences if isinstance(audiences, list) else [audiences]
    if not set(audiences) & set(provider["ClientIDList"]):
        return "InvalidIdentityToken", "Incorrect token audience"
    keys = _keys(issuers / f"{host.replace('/', '_')}.json")
    if not any(_is_signed(token, key) for key in keys):
        return "InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider"
    expires = claims.get("exp")
    if not isinstance(expires, (int, float)) or expires <= time.time():
        return (
            "ExpiredTokenException",
            "Token expired: it must be used before its expiration date",
        )
    return None


def _host(claims: dict[str, Any]) -> str:
    return str(claims.get("iss", "")).removeprefix("https://").rstrip("/")


def _claims(token: str) -> dict[str, Any] | None:
    """The content of the token, whoever signed it; None if it is not a token."""
    parts = token.split(".")
    try:
        found = json.loads(_decoded(parts[1])) if len(parts) == 3 else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _keys(file: Path) -> list[tuple[int, int]]:
    """Modulus and exponent of every published key of the issuer."""
    if not file.exists():
        return []
    return [(_number(key["n"]), _number(key["e"])) for key in json.loads(file.read_text())["keys"]]


def _is_signed(token: str, key: tuple[int, int]) -> bool:
    """Whether a key signed the token with RS256, which is the only algorithm of GitHub."""
    modulus, exponent = key
    head, _, signature = token.rpartition(".")
    length = (modulus.bit_length() + 7) // 8
    tail = b"\x00" + _SHA256 + hashlib.sha256(head.encode()).digest()
    try:
        is_rs256 = json.loads(_decoded(head.partition(".")[0])).get("alg") == "RS256"
        found = pow(_number(signature), exponent, modulus).to_bytes(length, "big")
    except ValueError:
        return False
    return is_rs256 and found == b"\x00\x01" + b"\xff" * (length - len(tail) - 2) + tail


def _number(text: str) -> int:
    return int.from_bytes(_decoded(text), "big")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _error(code: str, message: str) -> Answer:
    from ministack.services import sts

    status, headers, body = sts._error(400, code, message, ns="sts")
    return status, headers, body
