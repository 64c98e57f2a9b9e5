"""KMS: existing aliases, and keys that are scheduled for deletion."""

from __future__ import annotations

from emulator.refusals.row import Asked, Facts, Row


def _pending_deletion(asked: Asked) -> Facts | None:
    from ministack.services import kms

    named = asked.members.get("TargetKeyId") or asked.members.get("KeyId") or ""
    key = kms._resolve_key(named)
    return {"arn": key["Arn"]} if key and key["KeyState"] == "PendingDeletion" else None


ROWS = (
    Row(
        name="kms-alias-taken",
        service="kms",
        actions=("CreateAlias",),
        when="a key has the alias",
        code="AlreadyExistsException",
        message="An alias with the name {arn} already exists",
        source="https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html",
    ),
    Row(
        name="kms-key-pending-deletion",
        service="kms",
        actions=(
            "CreateAlias",
            "UpdateAlias",
            "EnableKeyRotation",
            "EnableKey",
            "ScheduleKeyDeletion",
            "Encrypt",
            "Decrypt",
            "GenerateDataKey",
        ),
        when="the key is scheduled for deletion",
        code="KMSInvalidStateException",
        message="{arn} is pending deletion.",
        source="https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html",
        refuses=_pending_deletion,
    ),
)
