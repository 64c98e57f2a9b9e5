"""The event that an HTTP API sends to a function: payload format 2.0.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import base64
import time
from typing import Any
from urllib.parse import parse_qsl

from emulator.serving.exchange import Exchange, ViewerRequest

# Connection headers end at the gateway, which has read the whole body.
_HOP_BY_HOP = (
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "expect",
)
_TEXT = ("application/json", "application/xml", "application/javascript")


def event_headers(request: ViewerRequest, exchange: Exchange) -> dict[str, str]:
    """The headers for a function, without the cookies, which are in a separate list."""
    headers = {name: value for name, value in request.headers.items() if name not in (*_HOP_BY_HOP, "cookie")}
    headers["host"] = exchange.domain
    headers["content-length"] = str(len(request.body))
    forwarded = [headers["x-forwarded-for"]] if headers.get("x-forwarded-for") else []
    headers["x-forwarded-for"] = ", ".join([*forwarded, exchange.source_ip])
    headers["x-forwarded-port"] = "443"
    headers["x-forwarded-proto"] = "https"
    headers["x-amzn-trace-id"] = _trace(headers.get("x-amzn-trace-id"), exchange)
    return dict(sorted(headers.items()))


def _trace(sent: str | None, exchange: Exchange) -> str:
    """A root that the client sent is kept. Otherwise the gateway creates one."""
    return f"Self={exchange.root};{sent}" if sent and "Root=" in sent else f"Root={exchange.root}"


def query_parameters(query: str) -> dict[str, str]:
    """The decoded values of each name, joined with commas."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, errors="replace"):
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def cookies_of(request: ViewerRequest) -> list[str]:
    return [part.strip() for part in request.headers.get("cookie", "").split(";") if part.strip()]


def is_text(content_type: str | None, encoding: str | None) -> bool:
    """Whether a body is sent as text. All others, also those without a type, are sent in Base64."""
    if encoding and encoding.lower() != "identity":
        return False
    kind = (content_type or "").partition(";")[0].strip().lower()
    return kind.startswith("text/") or kind in _TEXT


def proxy_event(
    request: ViewerRequest,
    exchange: Exchange,
    *,
    api_id: str,
    account: str,
    stage: str,
    path: str,
    route_key: str,
    path_parameters: dict[str, str] | None = None,
    stage_variables: dict[str, str] | None = None,
    authorizer: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The whole event. `path` is the decoded path of the request, with the stage as prefix unless it is
    `$default`.
    """
    headers = event_headers(request, exchange)
    context: dict[str, Any] = {
        "accountId": account,
        "apiId": api_id,
        "domainName": exchange.domain,
        "domainPrefix": exchange.domain.partition(".")[0],
        "http": {
            "method": request.method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": exchange.source_ip,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": exchange.request_id,
        "routeKey": route_key,
        "stage": stage,
        "time": request_time(exchange.moment),
        "timeEpoch": int(exchange.moment * 1000),
    }
    if authorizer is not None:
        context["authorizer"] = authorizer
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": context,
        "isBase64Encoded": False,
    }
    optional: dict[str, Any] = {
        "cookies": exchange.cookies,
        "queryStringParameters": query_parameters(request.query),
        "pathParameters": path_parameters,
        "stageVariables": stage_variables,
    }
    # A missing value has no member; none is null.
    event |= {name: value for name, value in optional.items() if value}
    if request.body:
        event |= _body(request)
    return event


def _body(request: ViewerRequest) -> dict[str, Any]:
    if is_text(request.headers.get("content-type"), request.headers.get("content-encoding")):
        return {"body": request.body.decode("utf-8", "replace"), "isBase64Encoded": False}
    return {"body": base64.b64encode(request.body).decode("ascii"), "isBase64Encoded": True}


def request_time(moment: float) -> str:
    """The time in the Common Log Format, as in `$context.requestTime`."""
    return time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(moment))
