"""KMS: IAM evaluates the key that an alias names, and an alias needs permissions for both.

https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
"""

from __future__ import annotations

from types import ModuleType

from emulator import wire
from emulator.corrections import iam
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request


def install(app: ModuleType, settings: Settings) -> None:
    iam.decide_on("kms", key_or_alias_arn)
    iam.take_keys_from("kms", aliases_of)
    wire.wrap(app, "kms", need_the_key_of_an_alias)


def key_arn(name: str) -> str | None:
    """The ARN of the key with an id, an ARN or an alias; None if there is none."""
    from ministack.services import kms

    key = kms._resolve_key(name)
    return key["Arn"] if key else None


def aliases_of(arn: str) -> dict[str, list[str]]:
    """`kms:ResourceAliases`: every alias of the key that is used.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-resource-aliases
    """
    from ministack.services import kms

    key = kms._resolve_key(arn)
    if not key:
        return {}
    owned = (alias for alias, target in kms._aliases.items() if target == key["KeyId"])
    names = [alias.partition(":alias/")[2] for alias in owned]
    return {"kms:ResourceAliases": [f"alias/{name}" for name in names]} if names else {}


def key_or_alias_arn(request: Request, region: str, account: str) -> str | None:
    """Using a key by an alias is evaluated for the key: "you cannot use an alias as the resource".
    MiniStack evaluates the alias's ARN, and `*` when an alias is created, moved or deleted.
    """
    if alias := request.json.get("AliasName"):
        return f"arn:aws:kms:{region}:{account}:{alias}"
    key = request.json.get("KeyId", "")
    return key_arn(key) if "alias/" in key else None


async def need_the_key_of_an_alias(request: Request, inner: Handler) -> Answer:
    """Creating or moving an alias also needs the permission for the key. MiniStack evaluates one resource
    per request.
    """
    target = request.json.get("TargetKeyId")
    denial = None
    if request.action in ("CreateAlias", "UpdateAlias") and target and (arn := key_arn(target)):
        denial = iam.denial(request, f"kms:{request.action}", arn)
    return denial or await inner(request)
