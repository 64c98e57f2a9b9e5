"""The operation of a request in a REST protocol, read from the service's own model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from emulator.models import service_model
from emulator.wire import Request

# MiniStack's name -> botocore's. In the other protocols the request names the operation.
_MODELS = {"apigateway": "apigatewayv2", "lambda": "lambda", "cloudfront": "cloudfront", "route53": "route53"}


@dataclass(frozen=True)
class _Route:
    name: str
    path: re.Pattern[str]
    keys: frozenset[str]
    """Parameters that the URL must have."""


@cache
def _routes(service: str) -> Mapping[str, tuple[_Route, ...]]:
    """Method -> routes, most specific first."""
    model = service_model(_MODELS[service])
    found: dict[str, list[_Route]] = {}
    for name in model.operation_names:
        http = model.operation_model(name).http
        uri, _, query = http["requestUri"].partition("?")
        parts = re.split(r"\{(\w+)(\+?)\}", uri.rstrip("/"))
        pattern = re.escape(parts[0])
        for label, greedy, literal in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            pattern += f"(?P<{label}>{'.+' if greedy else '[^/]+'}){re.escape(literal)}"
        keys = frozenset(part.partition("=")[0] for part in query.split("&") if part)
        found.setdefault(http["method"], []).append(_Route(name, re.compile(pattern + "/?"), keys))
    return {
        method: tuple(sorted(routes, key=lambda route: (-len(route.keys), route.path.pattern.count("(?P"))))
        for method, routes in found.items()
    }


def operation(service: str, request: Request) -> tuple[str, Mapping[str, str]]:
    """The operation's name and the values in its path; an empty name if the request is not in the model."""
    if service not in _MODELS:
        return request.action, {}
    for route in _routes(service).get(request.method, ()):
        match = route.path.fullmatch(request.path)
        if match and route.keys <= request.query.keys():
            return route.name, {label: unquote(text) for label, text in match.groupdict().items()}
    return "", {}
