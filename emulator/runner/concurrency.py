"""Units of concurrency: image functions take theirs where MiniStack counts those of zip functions.

So the account's quota is one, of all functions together.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from emulator.runner.version import Version


@dataclass(frozen=True)
class Full:
    """No unit is left."""

    reserved: bool
    """Of what is reserved for the function, or of the account's quota."""


def reserved(version: Version) -> int | None:
    """What is reserved for the function, of all its versions together; None when nothing is."""
    from ministack.services import lambda_svc

    return lambda_svc._reserved_concurrency(_record(version), {})


def take(version: Version) -> str | Full:
    """A unit for one invocation, to be given back when it has ended."""
    from ministack.services import lambda_svc

    config = {"FunctionName": version.function, "FunctionArn": version.arn}
    unit, limit = lambda_svc._acquire_execution_slot(_record(version), config)
    return unit or Full(reserved=limit == "function")


def give_back(unit: str) -> None:
    from ministack.services import lambda_svc

    lambda_svc._release_execution_slot(unit)


def _record(version: Version) -> dict[str, Any]:
    from ministack.services import lambda_svc

    return lambda_svc._functions.get_scoped(version.account, version.region, version.function) or {}
