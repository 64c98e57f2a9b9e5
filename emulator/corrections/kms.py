"""KMS: IAM decides on the key that an alias names.

https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from emulator.settings import Settings


def install(app: ModuleType, settings: Settings) -> None:
    from ministack.core import iam_actions

    authorize_the_key_behind_an_alias(iam_actions)


def key_arn(name: str) -> str | None:
    """The ARN of the key that an id, an ARN or an alias names; None when there is none."""
    from ministack.services import kms

    key = kms._resolve_key(name)
    return key["Arn"] if key else None


def authorize_the_key_behind_an_alias(iam_actions: ModuleType) -> None:
    """Policies name keys: "you cannot use an alias as the resource". MiniStack checks the alias's ARN."""
    extract = iam_actions.extract_resource_arn

    def extract_resource_arn(service: str, *rest: Any) -> str:
        arn = extract(service, *rest)
        if service == "kms" and ":alias/" in arn:
            return key_arn(arn) or arn
        return arn

    iam_actions.extract_resource_arn = extract_resource_arn
