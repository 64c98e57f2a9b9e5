"""Sends a request to its function, and returns the function's response."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from typing import Any

from emulator import runner
from emulator.corrections import alias_weights
from emulator.runner.trace import new_trace
from emulator.runner.version import Invocation, Outcome, Version
from emulator.serving import permission
from emulator.serving.exchange import Answer, Exchange, message
from emulator.serving.response import Malformed, http_response

LARGEST_EVENT = 6 * 1024 * 1024
"""The maximum size of Lambda, in bytes.
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""
_UNREADABLE = (
    "The response from the Lambda function doesn't match the format that API Gateway expects. "
    "Check your function's response and try again."
)

_going_on: set[asyncio.Future[Outcome]] = set()


async def call(
    integration: dict[str, Any],
    event: dict[str, Any],
    exchange: Exchange,
    source_arn: str,
    account: str,
    region: str,
) -> Answer:
    """Invoke the integration's function with the event. Always returns a response for the client.

    Errors are only described in the access log.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
    """
    found = function_of(integration.get("integrationUri", ""), account, region)
    if found is None or not permission.may_invoke(found[0], found[2], source_arn):
        exchange.integration_status = 403
        exchange.integration_error = permission.DENIED
        return message(500, "Internal Server Error")
    record, config, arn = found
    payload = json.dumps(event, ensure_ascii=False).encode()
    if len(payload) > LARGEST_EVENT:
        exchange.integration_error = (
            f"Request must be smaller than {LARGEST_EVENT} bytes for the InvokeFunction operation"
        )
        exchange.integration_status = 413
        return message(413, "Request Entity Too Large")
    exchange.function_request_id = str(uuid.uuid4())
    limit = float(integration.get("timeoutInMillis") or 30000) / 1000
    began = time.monotonic()
    # The function continues when the gateway has stopped waiting.
    invoking = asyncio.ensure_future(_invoke(record, config, arn, payload, event, exchange))
    _going_on.add(invoking)
    invoking.add_done_callback(_going_on.discard)
    try:
        outcome = await asyncio.wait_for(asyncio.shield(invoking), limit)
    except asyncio.TimeoutError:
        exchange.integration_error = "Endpoint request timed out"
        return message(503, "Service Unavailable")
    finally:
        exchange.integration_seconds = time.monotonic() - began
    return _response(outcome, exchange)


def _response(outcome: Outcome, exchange: Exchange) -> Answer:
    exchange.integration_status = 429 if outcome.throttled else 200
    if outcome.throttled:
        exchange.integration_error = "Rate Exceeded."
        return message(503, "Service Unavailable")
    if outcome.failed:
        exchange.integration_error = (
            f"The Lambda function returned the following error: {_error_message(outcome.payload)}. "
            "Check your Lambda function code and try again."
        )
        return message(500, "Internal Server Error")
    try:
        answer = http_response(outcome.payload)
    except Malformed:
        exchange.integration_error = _UNREADABLE
        return message(500, "Internal Server Error")
    exchange.function_status = answer[0]
    return answer


def _error_message(payload: bytes) -> str:
    try:
        return str(json.loads(payload).get("errorMessage", ""))
    except (ValueError, AttributeError):
        return ""


def function_of(uri: str, account: str, region: str) -> tuple[dict[str, Any], dict[str, Any], str] | None:
    """The function's record, the configuration of the requested version, and the invoked ARN."""
    from ministack.core.responses import request_scope
    from ministack.services import apigateway, lambda_svc

    reference = apigateway._extract_lambda_ref_from_integration_uri(uri)
    with request_scope(account, region):
        # The policy is stored with the function, also that of a version or alias.
        record, _, _ = lambda_svc._get_base_func_record_for_ref(reference)
        _, config, _ = lambda_svc._get_func_record_for_ref(reference)
    if record is None or config is None:
        return None
    if drawn := alias_weights.draw(record, lambda_svc._resolve_name_and_qualifier(reference)[1]):
        config = drawn[1]["config"]
    return record, config, reference if reference.startswith("arn:") else config["FunctionArn"]


async def _invoke(
    record: dict[str, Any],
    config: dict[str, Any],
    arn: str,
    payload: bytes,
    event: dict[str, Any],
    exchange: Exchange,
) -> Outcome:
    if config.get("PackageType") == "Image":
        version = Version.of(config)
        trace = new_trace(version.traced, exchange.root)
        invocation = Invocation(exchange.function_request_id or "", payload, arn, trace)
        return await runner.functions().invoke(version, invocation)
    return await runner.invoke_other({**record, "config": {**config, "FunctionArn": arn}}, event)
