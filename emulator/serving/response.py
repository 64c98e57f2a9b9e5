"""Converts a function's response to that for the client: payload format 2.0.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from emulator.serving.exchange import Answer, Headers

# The gateway sets these headers itself.
_FRAMING = ("connection", "content-length", "keep-alive", "transfer-encoding", "upgrade")

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""https://www.rfc-editor.org/rfc/rfc9110#name-tokens"""


class Malformed(Exception):
    """The gateway cannot make a response of what the function returned."""


def http_response(payload: bytes) -> Answer:
    """The response for what the function returned. Raises Malformed."""
    try:
        found = json.loads(payload)
    except ValueError:
        raise Malformed("the answer is not JSON") from None
    if not isinstance(found, dict) or "statusCode" not in found:
        # "If your Lambda function returns valid JSON and doesn't return a statusCode": it is the body.
        body = (
            found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        )
        return 200, {"Content-Type": "application/json"}, _encoded(body)
    headers = _headers(found.get("headers"))
    if not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "text/plain;charset=UTF-8"
    cookies = found.get("cookies") or []
    if not isinstance(cookies, list) or not all(isinstance(cookie, str) for cookie in cookies):
        raise Malformed("cookies is not a list of strings")
    if cookies:
        earlier = [headers.pop(name) for name in list(headers) if name.lower() == "set-cookie"]
        headers["Set-Cookie"] = [*cookies, *(str(value) for value in earlier)]
    status, body = _status(found["statusCode"]), _body(found)
    # https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1
    return status, headers, b"" if status in (204, 304) else body


def _status(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 200 <= value <= 599:
        # An interim status cannot be the final response.
        raise Malformed("statusCode is not a status")
    return value


def _headers(found: Any) -> Headers:
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Malformed("headers is not an object")
    headers: Headers = {}
    for name, value in found.items():
        if isinstance(value, (dict, list)) or value is None:
            raise Malformed(f"the header {name} is not a string")
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if not _TOKEN.fullmatch(name):
            raise Malformed("a header name is invalid")
        if any(ord(character) < 32 or ord(character) == 127 for character in text):
            raise Malformed("a header holds a control character")
        if name.lower() not in _FRAMING:
            headers[name] = text
    return headers


def _body(found: dict[str, Any]) -> bytes:
    body = found.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise Malformed("body is not a string")
    if found.get("isBase64Encoded") is not True:
        return _encoded(body)
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("body is not Base64") from None


def _encoded(text: str) -> bytes:
    """JSON can contain half of a surrogate pair."""
    return text.encode("utf-8", "surrogatepass")
