"""API Gateway v2: addresses in AWS's format, authorizers without unset members, writes that take time."""

from __future__ import annotations

import asyncio
import json
import re
from types import ModuleType
from typing import Any
from urllib.parse import unquote

from emulator import wire
from emulator.corrections import iam
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

_API = re.compile(r"/v2/apis(/[^/]+)?")
_TAGS = re.compile(r"/v2/tags/(arn:[^/]+/apis/([^/]+)(?:/stages/([^/]+))?)")
_AUTHORIZER = re.compile(r"/v2/apis/[^/]+/authorizers(/[^/]+)?")
_PART = re.compile(r"/v2/apis/([^/]+)/.+")

WRITE = 0.01
"""Seconds that a write to a part of an API takes. AWS documents neither the time nor the number of
parallel writes.
"""
being_written: set[str] = set()
"""Ids of the APIs of which a part is being written. The table of refusals reads it."""


def install(app: ModuleType, settings: Settings) -> None:
    from ministack.core.responses import get_region

    async def address_apis_as_aws(request: Request, inner: Handler) -> Answer:
        """`apiEndpoint` is `https://<id>.execute-api.<region>.amazonaws.com`. MiniStack returns its own host
        and port, and a CloudFront origin made of that would differ from AWS.

        https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html
        """
        answer = await inner(request)
        if not _API.fullmatch(request.path):
            return answer

        def correct(api: dict[str, Any]) -> dict[str, Any]:
            scheme = "wss" if api.get("protocolType") == "WEBSOCKET" else "https"
            host = f"{api['apiId']}.execute-api.{get_region()}.amazonaws.com"
            return {**api, "apiEndpoint": f"{scheme}://{host}"}

        return _each(answer, "apiId", correct)

    iam.take_keys_from("apigateway", tags_of)
    iam.take_keys_from_the_request("apigateway", tags_in)
    wire.wrap(app, "apigateway", address_apis_as_aws)
    wire.wrap(app, "apigateway", drop_empty_jwt_configuration)
    wire.wrap(app, "apigateway", answer_later_tags)
    wire.wrap(app, "apigateway", take_time_to_write)


def tags_of(arn: str) -> dict[str, str]:
    """`aws:ResourceTag/…` of the API that a resource belongs to, whichever part of it the request names.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-iam-policy.html
    """
    from ministack.services import apigateway

    found = re.search(r"/apis/([^/]+)", unquote(arn))
    api = apigateway._apis.get(found[1]) if found else None
    return {f"aws:ResourceTag/{name}": value for name, value in (api or {}).get("tags", {}).items()}


def tags_in(action: str, request: Request) -> dict[str, str]:
    """`aws:RequestTag/…` of a resource to be created."""
    tags = request.json.get("tags", {}) if action == "apigateway:POST" else {}
    return {f"aws:RequestTag/{name}": value for name, value in tags.items()}


async def drop_empty_jwt_configuration(request: Request, inner: Handler) -> Answer:
    """A REQUEST authorizer has no `jwtConfiguration`. MiniStack returns an empty one.

    https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers-authorizerid.html
    """
    answer = await inner(request)
    if not _AUTHORIZER.fullmatch(request.path):
        return answer

    def correct(authorizer: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in authorizer.items() if name != "jwtConfiguration" or value}

    return _each(answer, "authorizerId", correct)


async def answer_later_tags(request: Request, inner: Handler) -> Answer:
    """`GetApi` and `GetStage` return the tags that `TagResource` set. MiniStack returns those from the
    creation.

    https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/tags-resource-arn.html
    """
    from ministack.services import apigateway

    answer = await inner(request)
    found = _TAGS.fullmatch(unquote(unquote(request.path)))
    if found is None or request.method not in ("POST", "DELETE") or not wire.succeeded(answer):
        return answer
    arn, api, stage = found.groups()
    tagged = apigateway._apis.get(api) if stage is None else apigateway._stages.get(api, {}).get(stage)
    if tagged is not None:
        tagged["tags"] = dict(apigateway._api_tags.get(arn, {}))
    return answer


async def take_time_to_write(request: Request, inner: Handler) -> Answer:
    """While a part of an API is written, AWS refuses another write to the same API.

    https://github.com/hashicorp/terraform-provider-aws/issues/18018
    """
    part = _PART.fullmatch(request.path)
    if part is None or request.method == "GET":
        return await inner(request)
    being_written.add(part[1])
    try:
        answer = await inner(request)
        await asyncio.sleep(WRITE)
        return answer
    finally:
        being_written.discard(part[1])


def _each(answer: Answer, identity: str, correct: Any) -> Answer:
    """Correct the single resource in a response, or each of its `items`."""
    if not wire.succeeded(answer) or not answer[2]:
        return answer
    found = json.loads(answer[2])
    if identity in found:
        return wire.with_members(answer, correct(found))
    if "items" in found:
        return wire.with_members(answer, {**found, "items": [correct(item) for item in found["items"]]})
    return answer
