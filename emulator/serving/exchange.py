"""A viewer's request, and the data that is collected while it is processed."""

from __future__ import annotations

import base64
import os
import time
from contextvars import ContextVar
from dataclasses import dataclass, field

from emulator.runner.trace import new_root

Headers = dict[str, str | list[str]]
"""The headers of a response. A name with several lines has a list."""
Answer = tuple[int, Headers, bytes]


@dataclass(frozen=True)
class ViewerRequest:
    """A request as AWS's edge receives it."""

    method: str
    path: str
    """As sent, with its escapes."""
    query: str
    """As sent, without the question mark."""
    headers: dict[str, str]
    """Names are in lower case. Lines with one name are joined with a comma, those of cookies with a
    semicolon.
    """
    body: bytes
    source_ip: str


@dataclass
class Exchange:
    """A request to an HTTP API: its ids in the event, the header and the log, and the values for the log."""

    domain: str
    """The requested host."""
    source_ip: str
    request_id: str = field(default_factory=lambda: base64.b64encode(os.urandom(11)).decode())
    root: str = field(default_factory=new_root)
    """The root of the trace."""
    moment: float = field(default_factory=time.time)
    """Seconds since 1970."""
    began: float = field(default_factory=time.monotonic)
    cookies: list[str] = field(default_factory=list)
    route_key: str | None = None
    integration_seconds: float | None = None
    integration_status: int | None = None
    """Lambda's status code, not that of the function."""
    function_status: int | None = None
    """The status code in the function's response."""
    function_request_id: str | None = None
    integration_error: str | None = None
    authorizer_error: str | None = None


current: ContextVar[Exchange | None] = ContextVar("exchange", default=None)
"""The request that is being processed."""


def message(status: int, text: str) -> Answer:
    """A response of the gateway itself."""
    return status, {"Content-Type": "application/json"}, f'{{"message":"{text}"}}'.encode()


def join_headers(lines: list[tuple[str, str]]) -> dict[str, str]:
    """One value for each name, without the white space around it, which does not belong to it.

    https://www.rfc-editor.org/rfc/rfc9110#section-5.5

    "Duplicate headers are combined with commas and included in the headers field."
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    joined: dict[str, str] = {}
    for name, line in lines:
        key, value = name.lower(), line.strip(" \t")
        separator = "; " if key == "cookie" else ","
        joined[key] = joined[key] + separator + value if key in joined else value
    return joined
