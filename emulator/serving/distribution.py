"""Distributions as CloudFront serves them. MiniStack applies behaviors, policies and functions.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Introduction.html
"""

from __future__ import annotations

import asyncio
import http.client
import logging
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, unquote

from emulator.serving import firewall, http_api
from emulator.serving.exchange import Answer, ViewerRequest

logger = logging.getLogger("emulator.distribution")

EDGE_ADDRESS = "130.176.0.1"
"""The address from which CloudFront calls the origin. It is in its published ranges, so it differs from the
viewer's.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html
"""
LARGEST_REQUEST = 32 * 1024
"""Bytes of headers and query; https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html"""
LONGEST_URL = 8192
"""Bytes; the same page."""

_API_HOST = re.compile(r"([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com")


@dataclass(frozen=True)
class _Config:
    aliases: tuple[str, ...]
    web_acl: str
    """The ARN of the web ACL; empty if there is none."""


@lru_cache(maxsize=64)
def _read(xml: str) -> _Config:
    """A distribution's configuration, which MiniStack stores as it was sent."""
    from ministack.services import cloudfront

    root = cloudfront._dist_config_el({"config_xml": xml})
    block = cloudfront._find(root, "Aliases")
    items = cloudfront._find(block, "Items") if block is not None else None
    aliases = tuple(item.text.lower() for item in items or [] if item.text)
    return _Config(aliases, cloudfront._text(root, "WebACLId") or "")


def domains_of(distribution: dict[str, Any]) -> list[str]:
    """The names of a distribution: its aliases first, then CloudFront's."""
    return [*_read(distribution["config_xml"]).aliases, distribution["DomainName"].lower()]


def find_distribution(host: str) -> dict[str, Any] | None:
    """The distribution with a name."""
    from ministack.services import cloudfront

    name = host.partition(":")[0].lower()
    return next((found for found in cloudfront._distributions.values() if name in domains_of(found)), None)


async def serve(distribution: dict[str, Any], request: ViewerRequest) -> Answer:
    """Answer a viewer's request. X-Forwarded-Proto says whether it was sent by HTTPS."""
    from ministack.services import cloudfront

    url = f"{request.path}?{request.query}" if request.query else request.path
    if len(url) > LONGEST_URL:
        return cloudfront._cf_error_response(414, "The request URI is too long.", cloudfront._ERROR_X_CACHE)
    if (
        len(url) + sum(len(name) + len(value) + 4 for name, value in request.headers.items())
        > LARGEST_REQUEST
    ):
        return cloudfront._cf_error_response(
            494, "The request headers are too large.", cloudfront._ERROR_X_CACHE
        )
    acl = _read(distribution["config_xml"]).web_acl
    if acl:
        # We set the mark of HTTPS, not the viewer.
        sent = {name: value for name, value in request.headers.items() if name != "x-forwarded-proto"}
        verdict = await firewall.judge(acl, distribution["Id"], replace(request, headers=sent))
        if verdict.response is not None:
            return _refused(verdict.response)
        request = replace(request, headers={**request.headers, **verdict.request.headers})
    return await cloudfront.handle_viewer_request(
        *(distribution, request.method, unquote(request.path), request.path, request.query),
        *(request.headers, request.body, parse_qs(request.query, keep_blank_values=True), request.source_ip),
    )


def _refused(response: Answer) -> Answer:
    """CloudFront passes the web ACL's response on, or sends its own page if that is a 403 without a body."""
    from ministack.services import cloudfront

    status, headers, body = response
    if not body and not headers:
        return cloudfront._cf_error_response(status, "Request blocked.", cloudfront._ERROR_X_CACHE)
    whole = cloudfront._add_cloudfront_headers({**headers}, cloudfront._ERROR_X_CACHE)
    return status, cloudfront._render_headers(whole, title_case=True), body


def install(app: ModuleType) -> None:
    from ministack.services import cloudfront

    fetch = cloudfront._fetch_from_origin

    async def fetch_from_origin(
        origin: dict[str, Any],
        method: str,
        uri: str,
        query: str,
        headers: dict[str, str],
        body: bytes,
        viewer_is_https: bool,
        client_ip: str,
        viewer_forwarded_for: str,
        arn: str,
    ) -> tuple[int, str, dict[str, Any], bytes]:
        """An origin that is an API of this cloud can be reached. MiniStack refuses all of amazonaws.com."""
        match = _API_HOST.fullmatch(origin["domain_name"].lower())
        api = http_api.find_api(match[1]) if match else None
        if match is None:
            return await fetch(
                *(
                    origin,
                    method,
                    uri,
                    query,
                    headers,
                    body,
                    viewer_is_https,
                    client_ip,
                    viewer_forwarded_for,
                    arn,
                )
            )
        _, _, use_https = cloudfront._origin_connect_target(origin, viewer_is_https)
        if api is None or api.domain != match[0] or not use_https:
            raise cloudfront.OriginUnreachable(f"{origin['domain_name']} does not answer")
        sent = cloudfront._origin_request_headers(origin, headers, client_ip, viewer_forwarded_for)
        lines = {name.lower(): str(value) for name, value in sent.items()}
        if lines.get("host", "").lower() != api.domain:
            # API Gateway has no API with the viewer's Host.
            return 403, "Forbidden", {"content-type": "application/json"}, b'{"message":"Forbidden"}'
        request = ViewerRequest(
            method, (origin.get("origin_path") or "") + uri, query, lines, body or b"", EDGE_ADDRESS
        )
        limit = origin.get("read_timeout", 30)
        try:
            status, answered, data = await asyncio.wait_for(http_api.serve(api, request), limit)
        except asyncio.TimeoutError:
            raise cloudfront.OriginTimeout(f"no answer within {limit} s") from None
        lowered = {name.lower(): value for name, value in answered.items()}
        return status, http.client.responses.get(status, ""), lowered, data

    cloudfront._fetch_from_origin = fetch_from_origin
