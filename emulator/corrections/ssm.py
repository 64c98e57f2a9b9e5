"""Systems Manager: the parameters that IAM evaluates, and the key of a SecureString."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import Any

from emulator import wire
from emulator.corrections import iam
from emulator.corrections.kms import key_arn
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

# "The default AWS KMS key has Decrypt permission for all IAM principals within the AWS account."
# https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-setting-up.html
_AWS_MANAGED_KEY = "alias/aws/ssm"
_READS = ("GetParameter", "GetParameters", "GetParametersByPath", "GetParameterHistory")


def install(app: ModuleType, settings: Settings) -> None:
    iam.decide_on("ssm", parameter_arn)
    wire.wrap(app, "ssm", need_the_key_to_read)
    wire.wrap(app, "ssm", need_the_key_to_write)
    wire.wrap(app, "ssm", authorize_every_name)


def parameter_arn(request: Request, region: str, account: str) -> str | None:
    """A path is evaluated as the parameter with its name, including the slash, and an action without a
    parameter as that of the account. MiniStack uses `*` for both, and treats a version as another parameter.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
    """
    if names := _names(request):
        return _arn(names[0], region, account)
    if request.action == "DescribeParameters":
        return f"arn:aws:ssm:{region}:{account}:*"
    return None


def _names(request: Request) -> list[str]:
    """The parameters, or their path, in the request."""
    members = request.json
    if "Name" in members:
        return [members["Name"]]
    if request.action == "GetParametersByPath":
        return [members.get("Path", "/")]
    if request.action in ("GetParameters", "DeleteParameters"):
        return members.get("Names") or []
    return []


def _arn(name: str, region: str, account: str) -> str:
    """The ARN of a parameter. A version or label after a colon is not part of it."""
    if name.startswith("arn:"):
        return ":".join(name.split(":")[:6])
    return f"arn:aws:ssm:{region}:{account}:parameter/{name.removeprefix('/').partition(':')[0]}"


async def authorize_every_name(request: Request, inner: Handler) -> Answer:
    """Each name in a list is evaluated. MiniStack evaluates one resource per request.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
    """
    from ministack.core.responses import get_account_id, get_region

    for name in _names(request)[1:]:
        arn = _arn(name, get_region(), get_account_id())
        if denial := iam.denial(request, f"ssm:{request.action}", arn):
            return denial
    return await inner(request)


async def need_the_key_to_read(request: Request, inner: Handler) -> Answer:
    """Decrypting a SecureString needs `kms:Decrypt` on its key, through SSM and for that parameter's ARN.
    MiniStack decrypts for everybody who may read the parameter.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
    """
    answer = await inner(request)
    if request.action not in _READS or not request.json.get("WithDecryption") or not wire.succeeded(answer):
        return answer
    found = wire.members_of(answer)
    read = found.get("Parameters") or ([found["Parameter"]] if "Parameter" in found else [])
    secret = [parameter for parameter in read if parameter["Type"] == "SecureString"]
    keys = await _keys(request, inner, {parameter["Name"] for parameter in secret})
    for parameter in secret:
        arn = parameter.get("ARN") or keys[parameter["Name"]][1]
        if denial := _key_denied(request, "kms:Decrypt", keys[parameter["Name"]][0], arn):
            return denial
    return answer


async def need_the_key_to_write(request: Request, inner: Handler) -> Answer:
    """Storing a SecureString needs `kms:Encrypt` on its key (advanced tier: `kms:GenerateDataKey`), and the
    key must exist. MiniStack checks neither.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
    """
    if request.action != "PutParameter":
        return await inner(request)
    members = request.json
    kind = members.get("Type")
    if kind is None:
        known = await _described(request, inner, {members.get("Name", "")})
        kind = known[0]["Type"] if known else None
    key = members.get("KeyId") or _AWS_MANAGED_KEY
    if kind == "SecureString" and key != _AWS_MANAGED_KEY:
        from ministack.core.responses import get_account_id, get_region

        if key_arn(key) is None:
            return wire.error("InvalidKeyId", f"Invalid keyId {key}")
        action = "kms:GenerateDataKey" if members.get("Tier") == "Advanced" else "kms:Encrypt"
        arn = _arn(members.get("Name", ""), get_region(), get_account_id())
        if denial := _key_denied(request, action, key, arn):
            return denial
    return await inner(request)


async def _described(request: Request, inner: Handler, names: Iterable[str]) -> list[dict[str, Any]]:
    filters = [{"Key": "Name", "Option": "Equals", "Values": sorted(names)}]
    answer = await inner(request.ask("DescribeParameters", {"ParameterFilters": filters, "MaxResults": 50}))
    return wire.members_of(answer)["Parameters"]


async def _keys(request: Request, inner: Handler, names: set[str]) -> dict[str, tuple[str, str]]:
    """Name → key and ARN of SecureStrings."""
    if not names:
        return {}
    described = await _described(request, inner, names)
    return {found["Name"]: (found.get("KeyId") or _AWS_MANAGED_KEY, found["ARN"]) for found in described}


def _key_denied(request: Request, action: str, key: str, parameter: str) -> Answer | None:
    """AWS's error if the caller may not use the key for this parameter."""
    if key == _AWS_MANAGED_KEY:
        return None
    from ministack.core.responses import get_account_id, get_region

    context = {
        "kms:ViaService": f"ssm.{get_region()}.amazonaws.com",
        "kms:CallerAccount": get_account_id(),
        "kms:EncryptionContextKeys": ["PARAMETER_ARN"],
        "kms:EncryptionContext:PARAMETER_ARN": parameter,
        "aws:ViaAWSService": "false",
    }
    return iam.denial(request, action, key_arn(key) or key, context)
