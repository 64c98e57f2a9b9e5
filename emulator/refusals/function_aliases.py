"""Aliases of functions: their versions and their weights."""

from __future__ import annotations

from typing import Any

from emulator.refusals.functions import arn, function
from emulator.refusals.row import Asked, Facts, Row


def _alias(asked: Asked) -> dict[str, Any]:
    """The alias after the request."""
    kept = ((function(asked) or {}).get("aliases") or {}).get(asked.labels.get("Name"), {})
    return {**kept, **{name: value for name, value in asked.members.items() if value is not None}}


def _weights(alias: dict[str, Any]) -> dict[str, float]:
    return (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}


def _absent_version(asked: Asked) -> Facts | None:
    known = function(asked)
    if known is None:
        return None
    alias = _alias(asked)
    for number in (alias.get("FunctionVersion"), *_weights(alias)):
        if number and number != "$LATEST" and number not in known["versions"]:
            return {"arn": f"{arn(asked)}:{number}"}
    return None


def _several_weights(asked: Asked) -> Facts | None:
    return {} if len(_weights(_alias(asked))) > 1 else None


def _weight_of_its_own(asked: Asked) -> Facts | None:
    alias = _alias(asked)
    number = alias.get("FunctionVersion")
    return {"number": number} if number in _weights(alias) else None


def _weights_of_latest(asked: Asked) -> Facts | None:
    alias = _alias(asked)
    return {} if alias.get("FunctionVersion") == "$LATEST" and _weights(alias) else None


def _wrong_weight(asked: Asked) -> Facts | None:
    weights = _weights(_alias(asked))
    wrong = any(number == "$LATEST" or not 0 <= weight <= 1 for number, weight in weights.items())
    text = ", ".join(f"{number}={weight}" for number, weight in weights.items())
    return {"weights": f"{{{text}}}"} if wrong else None


_ACTIONS = ("CreateAlias", "UpdateAlias")
_CREATE = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html"
_ROUTING = "https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html"

ROWS = (
    Row(
        name="alias-weight-out-of-range",
        service="lambda",
        actions=_ACTIONS,
        when="a weight is not from 0 to 1, or is for $LATEST",
        code="ValidationException",
        message="1 validation error detected: Value '{weights}' at 'routingConfig.additionalVersionWeights' failed to "
        "satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, "
        "Member must have value greater than or equal to 0.0]",
        source=_CREATE,
        refuses=_wrong_weight,
    ),
    Row(
        name="alias-several-weights",
        service="lambda",
        actions=_ACTIONS,
        when="more than one version has a weight",
        code="InvalidParameterValueException",
        message="Number of items in AdditionalVersionWeights cannot be greater than 1",
        source=_CREATE,
        refuses=_several_weights,
    ),
    Row(
        name="alias-weights-of-latest",
        service="lambda",
        actions=_ACTIONS,
        when="the alias has $LATEST as its version and also a weight",
        code="InvalidParameterValueException",
        message="$LATEST is not supported for an alias pointing to more than 1 version",
        source=_ROUTING,
        refuses=_weights_of_latest,
    ),
    Row(
        name="alias-weight-of-its-own-version",
        service="lambda",
        actions=_ACTIONS,
        when="the weight is for the alias's own version",
        code="InvalidParameterValueException",
        message="Invalid function version {number}. Function version {number} is already included in routing "
        "configuration.",
        source=_ROUTING,
        refuses=_weight_of_its_own,
    ),
    Row(
        name="alias-version-absent",
        service="lambda",
        actions=_ACTIONS,
        when="a version of the alias does not exist",
        code="ResourceNotFoundException",
        status=404,
        message="Function not found: {arn}",
        source=_CREATE,
        refuses=_absent_version,
    ),
    Row(
        name="alias-exists",
        service="lambda",
        actions=("CreateAlias",),
        when="the function has an alias with this name",
        code="ResourceConflictException",
        status=409,
        message="Alias already exists: {arn}",
        source=_CREATE,
    ),
    Row(
        name="alias-changed-meanwhile",
        service="lambda",
        actions=("UpdateAlias",),
        when="the alias has another revision than the one in the request",
        code="PreconditionFailedException",
        status=412,
        message="The RevisionId provided does not match the latest RevisionId for the Lambda function or alias.",
        source="https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html",
    ),
)
