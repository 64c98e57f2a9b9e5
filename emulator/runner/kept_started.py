"""Provisioned concurrency: one environment is started instead of all, and shows whether they can start.

https://docs.aws.amazon.com/lambda/latest/api/API_GetProvisionedConcurrencyConfig.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

from emulator import wire
from emulator.runner.background import in_background
from emulator.runner.pool import Runner
from emulator.runner.version import Outcome, Version
from emulator.wire import Answer, Handler, Request

_PATH = re.compile(r"/functions/([^/]+)/provisioned-concurrency/?$")


def install(app: ModuleType, runner: Callable[[], Runner]) -> None:
    """MiniStack reports that they are ready without starting any."""

    async def start_what_is_kept(request: Request, inner: Handler) -> Answer:
        answer = await inner(request)
        found = _PATH.search(request.path)
        if request.method != "PUT" or found is None or not wire.succeeded(answer):
            return answer
        from ministack.services import lambda_svc

        name, of_name = lambda_svc._resolve_request_scoped_name_and_qualifier(found[1])
        qualifier = request.form.get("Qualifier") or of_name
        function = lambda_svc._functions[name]
        version = _version(function, qualifier)
        if version["PackageType"] != "Image":
            return answer
        kept = function["provisioned_concurrency"][qualifier]
        kept |= {
            "Status": "IN_PROGRESS",
            "AllocatedProvisionedConcurrentExecutions": 0,
            "AvailableProvisionedConcurrentExecutions": 0,
        }
        in_background(_start(runner(), Version.of(version), kept))
        status, headers, _ = answer
        return status, headers, json.dumps(kept).encode()

    wire.wrap(app, "lambda", start_what_is_kept)


def _version(function: dict[str, Any], qualifier: str) -> dict[str, Any]:
    number = (function["aliases"].get(qualifier) or {}).get("FunctionVersion", qualifier)
    found: dict[str, Any] = function["versions"][number]["config"]
    return found


async def _start(runner: Runner, version: Version, kept: dict[str, Any]) -> None:
    failure = await runner.start(version)
    if isinstance(failure, Outcome):
        # This reason was seen in https://github.com/gradientedge/cdk-utils/pull/1110.
        kept |= {"Status": "FAILED", "StatusReason": "FUNCTION_ERROR_INIT_FAILURE"}
        return
    requested = kept["RequestedProvisionedConcurrentExecutions"]
    kept |= {
        "Status": "READY",
        "AllocatedProvisionedConcurrentExecutions": requested,
        "AvailableProvisionedConcurrentExecutions": requested,
    }
