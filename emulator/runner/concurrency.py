"""Concurrency: image functions are counted together with MiniStack's zip functions.

So all functions share the account's quota.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from emulator.runner.version import Version


@dataclass(frozen=True)
class Full:
    """The limit is reached."""

    reserved: bool
    """Of the function's reserved concurrency, or of the account's quota."""


def reserved(version: Version) -> int | None:
    """The function's reserved concurrency, for all its versions together; None without a reservation."""
    from ministack.services import lambda_svc

    return lambda_svc._reserved_concurrency(_record(version), {})


def take(version: Version) -> str | Full:
    """One unit of concurrency for an invocation, released when it has ended."""
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
