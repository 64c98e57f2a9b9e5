"""Viewer requests: the responses of HTTP APIs and distributions when they are used, not configured."""

from __future__ import annotations

import logging
import re
from types import ModuleType
from typing import Any
from urllib.parse import quote, unquote, urlencode

from emulator.serving import distribution, firewall, http_api, metrics
from emulator.serving.exchange import Answer, ViewerRequest
from emulator.settings import Settings

logger = logging.getLogger("emulator.serving")

_AWS_HOST = re.compile(r"(?P<id>[a-z0-9]+)\.execute-api\.(?P<rest>[^:]+)(:\d+)?")
_BY_PATH = "/_aws/execute-api/"


def install(app: ModuleType, settings: Settings) -> None:
    http_api.install(app)
    distribution.install(app)
    firewall.install(app)
    metrics.install(app)
    _serve_apis_by_host(app)
    _serve_distributions_by_host(app)


def _serve_apis_by_host(app: ModuleType) -> None:
    """On the cloud's own port an API answers at its AWS name and at a custom domain. MiniStack only
    supports `<id>.execute-api.localhost` and a path of its own.
    """
    handle, parse = app._handle_execute_api_request, app._parse_execute_api_url

    async def handle_execute_api_request(
        host: str,
        path: str,
        method: str,
        headers: dict[str, str],
        body: bytes,
        query_params: dict[str, list[str]],
        raw_path: str | None = None,
        raw_query_string: str | None = None,
    ) -> Answer | None:
        sent = raw_path if raw_path is not None else quote(path)
        found = _addressed(app, host, path, sent)
        if found is None or "/@connections/" in path:
            return await handle(
                *(host, path, method, headers, body, query_params),
                **{"raw_path": raw_path, "raw_query_string": raw_query_string},
            )
        api, domain, below, stage = found
        query = raw_query_string if raw_query_string is not None else urlencode(query_params, doseq=True)
        request = ViewerRequest(method, below, query, headers, body, _client_address())
        return await http_api.serve(api, request, domain, stage)

    def parse_execute_api_url(host: str, path: str) -> Any:
        match = _AWS_HOST.fullmatch(host)
        if match and http_api.find_api(match["id"]):
            return match["id"], "$default", path
        return parse(host, path)

    app._handle_execute_api_request = handle_execute_api_request
    app._parse_execute_api_url = parse_execute_api_url


def _addressed(
    app: ModuleType, host: str, path: str, sent: str
) -> tuple[http_api.Api, str | None, str, str | None] | None:
    """The API, the custom domain if the request used one, the path as sent, and the mapped stage."""
    match = _AWS_HOST.fullmatch(host.lower())
    if match and (api := http_api.find_api(match["id"])):
        return api, None, sent, None
    if path.startswith(_BY_PATH):
        identity, _, below = sent.removeprefix(_BY_PATH).partition("/")
        api = http_api.find_api(identity)
        return (api, None, "/" + below, None) if api else None
    mapped = app._resolve_custom_domain_request(host, path)
    if mapped and (api := http_api.find_api(mapped[0])):
        below = mapped[2] if unquote(sent) != path or mapped[2] != path else sent
        return api, host.partition(":")[0], below, mapped[1] or None
    return None


def _serve_distributions_by_host(app: ModuleType) -> None:
    """A distribution also answers at its aliases. MiniStack treats those as buckets."""

    def parse_host(host: str) -> str | None:
        found = distribution.find_distribution(host)
        return found["DomainName"].partition(".")[0] if found else None

    async def handle(
        host: str,
        path: str,
        raw_path: str,
        raw_query_string: str,
        method: str,
        headers: dict[str, str],
        body: bytes,
        query_params: dict[str, list[str]],
        client_ip: str,
    ) -> Answer | None:
        found = distribution.find_distribution(host)
        if found is None:
            return None
        request = ViewerRequest(method, raw_path, raw_query_string, headers, body, client_ip)
        return await distribution.serve(found, request)

    app._parse_cloudfront_dataplane_host = parse_host
    app._handle_cloudfront_dataplane_request = handle


def _client_address() -> str:
    from ministack.core.responses import get_request_client_ip

    return get_request_client_ip() or "127.0.0.1"
