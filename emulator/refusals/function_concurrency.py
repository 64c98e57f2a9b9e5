"""Concurrency of functions: reservations and provisioned concurrency, compared with the account's quota."""

from __future__ import annotations

from typing import Any

from emulator.refusals.functions import function, named, quota
from emulator.refusals.row import Asked, Facts, Row

_LEAST_UNRESERVED = 100
"""The concurrency that must remain unreserved. An account with a smaller quota cannot reserve any.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
"""


def _least_unreserved() -> int:
    return min(_LEAST_UNRESERVED, quota())


def _reserved_elsewhere(name: str) -> int:
    from ministack.services import lambda_svc

    others = (known for key, known in lambda_svc._functions.items() if key != name)
    return sum(known.get("concurrency") or 0 for known in others)


def _provisioned(known: dict[str, Any], without: str = "") -> int:
    configured = known.get("provisioned_concurrency") or {}
    return sum(
        one["RequestedProvisionedConcurrentExecutions"] for key, one in configured.items() if key != without
    )


def _too_little_left(asked: Asked) -> Facts | None:
    asked_for = asked.members.get("ReservedConcurrentExecutions", 0)
    left = quota() - _reserved_elsewhere(named(asked)[0]) - asked_for
    return {"least": _least_unreserved()} if asked_for and left < _least_unreserved() else None


def _less_than_provisioned(asked: Asked) -> Facts | None:
    known = function(asked)
    asked_for = asked.members.get("ReservedConcurrentExecutions", 0)
    provisioned = _provisioned(known) if known else 0
    return {"reserved": asked_for, "provisioned": provisioned} if asked_for < provisioned else None


def _unpublished(asked: Asked) -> Facts | None:
    known = function(asked)
    qualifier = named(asked)[1]
    alias = ((known or {}).get("aliases") or {}).get(qualifier) or {}
    return {} if "$LATEST" in (qualifier, alias.get("FunctionVersion")) else None


def _weighted(asked: Asked) -> Facts | None:
    alias = ((function(asked) or {}).get("aliases") or {}).get(named(asked)[1]) or {}
    return {} if (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") else None


def _more_than_reserved(asked: Asked) -> Facts | None:
    known = function(asked)
    reserved = known.get("concurrency") if known else None
    if reserved is None:
        return None
    wanted = asked.members["ProvisionedConcurrentExecutions"]
    return {} if wanted + _provisioned(known, without=named(asked)[1]) > reserved else None


def _more_than_unreserved(asked: Asked) -> Facts | None:
    known = function(asked)
    if known is None or known.get("concurrency") is not None:
        return None
    left = quota() - _reserved_elsewhere(named(asked)[0]) - _least_unreserved()
    wanted = asked.members["ProvisionedConcurrentExecutions"] + _provisioned(known, without=named(asked)[1])
    return {"least": _least_unreserved()} if wanted > left else None


def _version_provisioned(asked: Asked) -> Facts | None:
    known = function(asked) or {}
    aliases = known.get("aliases") or {}

    def version(qualifier: str) -> str:
        return (aliases.get(qualifier) or {}).get("FunctionVersion", qualifier)

    qualifier = named(asked)[1]
    others = [key for key in known.get("provisioned_concurrency") or {} if key != qualifier]
    return {} if version(qualifier) in map(version, others) else None


_PUT = "https://docs.aws.amazon.com/lambda/latest/api/API_PutProvisionedConcurrencyConfig.html"
_RESERVE = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"
_SEEN = "https://github.com/localstack/localstack, tests/aws/services/lambda_: recorded from AWS"

ROWS = (
    Row(
        name="concurrency-too-little-left",
        service="lambda",
        actions=("PutFunctionConcurrency",),
        when="less than 100 would stay unreserved, or the account's quota is below 100",
        code="InvalidParameterValueException",
        message="Specified ReservedConcurrentExecutions for function decreases account's "
        "UnreservedConcurrentExecution below its minimum value of [{least}].",
        source=_RESERVE,
        refuses=_too_little_left,
    ),
    Row(
        name="concurrency-less-than-provisioned",
        service="lambda",
        actions=("PutFunctionConcurrency",),
        when="the function has more provisioned concurrency than this",
        code="InvalidParameterValueException",
        message=" ReservedConcurrentExecutions  {reserved} should not be lower than function's total provisioned "
        "concurrency [{provisioned}].",
        source=_SEEN,
        refuses=_less_than_provisioned,
    ),
    Row(
        name="provisioned-unpublished",
        service="lambda",
        actions=("PutProvisionedConcurrencyConfig",),
        when="the qualifier is $LATEST, or an alias of it",
        code="InvalidParameterValueException",
        message="Provisioned Concurrency Configs cannot be applied to unpublished function versions.",
        source=_PUT,
        refuses=_unpublished,
    ),
    Row(
        name="provisioned-weighted",
        service="lambda",
        actions=("PutProvisionedConcurrencyConfig",),
        when="the alias has a weight",
        code="InvalidParameterValueException",
        message="Alias with weights can not be used with Provisioned Concurrency",
        source="https://github.com/hashicorp/terraform/issues/24957",
        refuses=_weighted,
    ),
    Row(
        name="provisioned-more-than-reserved",
        service="lambda",
        actions=("PutProvisionedConcurrencyConfig",),
        when="it is more than the function's reserved concurrency",
        code="InvalidParameterValueException",
        message="Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for "
        "function",
        source=_SEEN,
        refuses=_more_than_reserved,
    ),
    Row(
        name="provisioned-more-than-unreserved",
        service="lambda",
        actions=("PutProvisionedConcurrencyConfig",),
        when="the function has no reserved concurrency, and less than 100 of the account would stay unreserved",
        code="InvalidParameterValueException",
        message="Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below "
        "its minimum value of [{least}].",
        source=_PUT,
        refuses=_more_than_unreserved,
    ),
    Row(
        name="provisioned-version-twice",
        service="lambda",
        actions=("PutProvisionedConcurrencyConfig",),
        when="the version has provisioned concurrency already, by another alias or by its number",
        code="ResourceConflictException",
        status=409,
        message="Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
        source=_SEEN,
        refuses=_version_provisioned,
    ),
)
