"""API Gateway v2: addresses in AWS's form, and authorizers without members nobody set."""

from __future__ import annotations

import json
import re
from types import ModuleType
from typing import Any

from emulator import wire
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

_API = re.compile(r"/v2/apis(/[^/]+)?")
_AUTHORIZER = re.compile(r"/v2/apis/[^/]+/authorizers(/[^/]+)?")


def install(app: ModuleType, settings: Settings) -> None:
    from ministack.core.responses import get_region

    async def address_apis_as_aws(request: Request, inner: Handler) -> Answer:
        """`apiEndpoint` is `https://<id>.execute-api.<region>.amazonaws.com`; MiniStack names its own host
        and port, and a CloudFront origin made of that would not be AWS's.

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

    wire.wrap(app, "apigateway", address_apis_as_aws)
    wire.wrap(app, "apigateway", drop_empty_jwt_configuration)


async def drop_empty_jwt_configuration(request: Request, inner: Handler) -> Answer:
    """A REQUEST authorizer has no `jwtConfiguration`; MiniStack answers an empty one.

    https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers-authorizerid.html
    """
    answer = await inner(request)
    if not _AUTHORIZER.fullmatch(request.path):
        return answer

    def correct(authorizer: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in authorizer.items() if name != "jwtConfiguration" or value}

    return _each(answer, "authorizerId", correct)


def _each(answer: Answer, identity: str, correct: Any) -> Answer:
    """Correct the one resource of an answer, or each of its `items`."""
    if not wire.succeeded(answer) or not answer[2]:
        return answer
    found = json.loads(answer[2])
    if identity in found:
        return wire.with_members(answer, correct(found))
    if "items" in found:
        return wire.with_members(answer, {**found, "items": [correct(item) for item in found["items"]]})
    return answer
