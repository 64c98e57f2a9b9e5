"""A stage's access log: one line per request, in the configured format, in the configured log group.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from typing import Any

from emulator.runner.logs import write_events
from emulator.serving.event import request_time
from emulator.serving.exchange import Answer, Exchange, ViewerRequest

_VARIABLE = re.compile(r"\$context\.([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)")


def write(account: str, stage: dict[str, Any], values: dict[str, str]) -> None:
    """Write the line for a request, if the stage has a log."""
    settings = stage.get("accessLogSettings") or {}
    destination, layout = settings.get("destinationArn", ""), settings.get("format", "")
    parts = destination.split(":")
    if len(parts) < 7 or parts[2] != "logs" or not layout:
        return
    line = format_line(layout, values)
    stream = hashlib.sha256(f"{values['apiId']} {values['stage']}".encode()).hexdigest()[:32]
    write_events(account, parts[3], parts[6], stream, [(time.time(), line)])


def format_line(layout: str, values: dict[str, str]) -> str:
    """The format with its variables replaced. A variable without a value becomes `-`."""

    def value(match: re.Match[str]) -> str:
        # In a JSON format the value is between quotation marks.
        return json.dumps(values.get(match[1]) or "-", ensure_ascii=False)[1:-1]

    return _VARIABLE.sub(value, layout)


def values_of(
    request: ViewerRequest,
    exchange: Exchange,
    answer: Answer,
    *,
    api_id: str,
    account: str,
    stage: str,
    path: str,
) -> dict[str, str]:
    """The values of the variables."""
    status, _, body = answer
    error = _error_of(body) if exchange.function_status is None and status >= 400 else None
    latency = None if exchange.integration_seconds is None else round(exchange.integration_seconds * 1000)
    found: dict[str, Any] = {
        "accountId": account,
        "apiId": api_id,
        "authorizer.error": exchange.authorizer_error,
        "awsEndpointRequestId": exchange.function_request_id,
        "dataProcessed": len(request.body) + len(body),
        "domainName": exchange.domain,
        "domainPrefix": exchange.domain.partition(".")[0],
        "error.message": error,
        "error.messageString": json.dumps(error) if error else None,
        "extendedRequestId": exchange.request_id,
        "httpMethod": request.method,
        "identity.sourceIp": exchange.source_ip,
        "identity.userAgent": request.headers.get("user-agent"),
        "integration.error": exchange.integration_error,
        "integration.integrationStatus": exchange.integration_status,
        "integration.latency": latency,
        "integration.requestId": exchange.function_request_id,
        "integration.status": exchange.function_status,
        "integrationErrorMessage": exchange.integration_error,
        "integrationLatency": latency,
        "integrationStatus": exchange.integration_status,
        "path": path,
        "protocol": "HTTP/1.1",
        "requestId": exchange.request_id,
        "requestTime": request_time(exchange.moment),
        "requestTimeEpoch": int(exchange.moment * 1000),
        "responseLatency": round((time.monotonic() - exchange.began) * 1000),
        "responseLength": len(body),
        "routeKey": exchange.route_key,
        "stage": stage,
        "status": status,
    }
    return {name: str(value) for name, value in found.items() if value is not None}


def _error_of(body: bytes) -> str | None:
    try:
        return json.loads(body).get("message")
    except (ValueError, AttributeError):
        return None
