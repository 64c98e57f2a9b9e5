"""An alias with weights: a share of its invocations goes to the additional version.

https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from emulator.settings import Settings
from emulator.wire import Answer

_drawn: ContextVar[tuple[str, dict[str, Any]] | None] = ContextVar("drawn", default=None)
"""The additional version for the current invocation: its number and its record."""


def draw(
    record: Mapping[str, Any], qualifier: str | None, chance: Callable[[], float] = random.random
) -> tuple[str, dict[str, Any]] | None:
    """Choose the version for one invocation of the alias.

    `record` is the function as MiniStack stores it; `chance` returns a number from 0 to less than 1. Returns
    the additional version's number and record, or None for the version that the alias names.
    """
    alias = record.get("aliases", {}).get(qualifier) or {}
    weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    for number, weight in weights.items():
        if chance() < weight:
            return number, record["versions"][number]
    return None


def install(app: ModuleType, settings: Settings) -> None:
    """MiniStack stores the weights and sends every direct invocation to the version that the alias names."""
    from ministack.services import lambda_svc

    invoke = lambda_svc._invoke

    async def invoke_by_weight(
        name: str,
        event: Any,
        headers: Mapping[str, str],
        path_qualifier: str | None = None,
        query_params: Mapping[str, Any] | None = None,
    ) -> Answer:
        qualifier = path_qualifier or lambda_svc._qp_first(query_params or {}, "Qualifier") or None
        drawn = draw(lambda_svc._functions.get(name) or {}, qualifier)
        token = _drawn.set(drawn)
        try:
            status, answered, body = await invoke(name, event, headers, path_qualifier, query_params)
        finally:
            _drawn.reset(token)
        if drawn and "X-Amz-Executed-Version" in answered:
            answered = {**answered, "X-Amz-Executed-Version": drawn[0]}
        return status, answered, body

    def of_the_version_drawn(run: Callable[..., Any]) -> Callable[..., Any]:
        def run_drawn(record: dict[str, Any], event: Any) -> Any:
            return run(_as_drawn(record), event)

        return run_drawn

    lambda_svc._invoke = invoke_by_weight
    # What `_invoke` calls: with and without a response.
    for name in ("_execute_function_with_config_scope", "invoke_async_with_retry"):
        setattr(lambda_svc, name, of_the_version_drawn(getattr(lambda_svc, name)))


def _as_drawn(record: dict[str, Any]) -> dict[str, Any]:
    """The record of the chosen version, invoked by the ARN that the caller named."""
    drawn = _drawn.get()
    if drawn is None:
        return record
    config = {**drawn[1]["config"], "FunctionArn": record["config"]["FunctionArn"]}
    return {**drawn[1], "config": config}
