"""Systems Manager: values that are too small or too large, and names with too many levels."""

from __future__ import annotations

from emulator.refusals.row import Asked, Facts, Row

_LARGEST = {"Standard": 4096, "Advanced": 8192}
"""The maximum size of a value, in bytes. https://docs.aws.amazon.com/general/latest/gr/ssm.html"""
_DEEPEST = 15
_PUT = "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html"


def _empty(asked: Asked) -> Facts | None:
    """MiniStack stores an empty value, which overwrites a secret."""
    return {} if asked.members.get("Value") == "" else None


def _too_large(asked: Asked) -> Facts | None:
    tier = asked.members.get("Tier") or "Standard"
    largest = _LARGEST.get(tier, _LARGEST["Advanced"])
    size = len(str(asked.members.get("Value", "")).encode())
    return {"tier": tier, "largest": largest} if size > largest else None


def _too_deep(asked: Asked) -> Facts | None:
    return {} if str(asked.members.get("Name", "")).count("/") > _DEEPEST else None


ROWS = (
    Row(
        name="ssm-parameter-exists",
        service="ssm",
        actions=("PutParameter",),
        when="the parameter exists and the request does not overwrite it",
        code="ParameterAlreadyExists",
        message="The parameter already exists. To overwrite this value, set the overwrite option in the request to "
        "true.",
        source=_PUT,
    ),
    Row(
        name="ssm-value-empty",
        service="ssm",
        actions=("PutParameter",),
        when="the value is empty",
        code="ValidationException",
        message="1 validation error detected: Value '' at 'value' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1",
        source=_PUT,
        refuses=_empty,
    ),
    Row(
        name="ssm-value-too-large",
        service="ssm",
        actions=("PutParameter",),
        when="the value is larger than 4,096 bytes, or than 8,192 bytes in the advanced tier",
        code="ValidationException",
        message="{tier} tier parameters support a maximum parameter value of {largest} characters. To create a "
        "larger parameter value, upgrade the parameter to use the advanced-parameter tier.",
        source="https://github.com/hashicorp/terraform-provider-aws/issues/18521",
        refuses=_too_large,
    ),
    Row(
        name="ssm-name-too-deep",
        service="ssm",
        actions=("PutParameter",),
        when="the name has more than 15 levels",
        code="HierarchyLevelLimitExceededException",
        message="The hierarchy can have at most 15 levels.",
        source=f"{_PUT}, the message is not AWS's",
        refuses=_too_deep,
    ),
    Row(
        name="ssm-name-reserved",
        service="ssm",
        actions=("PutParameter",),
        when="the name begins with aws or ssm",
        code="ValidationException",
        message='Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).',
        source=_PUT,
    ),
)
