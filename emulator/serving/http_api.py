"""HTTP APIs as API Gateway serves them. MiniStack stores them, matches routes and calls authorizers.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs

from emulator.serving import access_log, integration, metrics, paths, permission
from emulator.serving.event import cookies_of, event_headers, proxy_event
from emulator.serving.exchange import Answer, Exchange, ViewerRequest, current, message
from emulator.serving.throttle import Buckets, limits_of

logger = logging.getLogger("emulator.http_api")

LARGEST_BODY = 10 * 1024 * 1024
"""Bytes. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"""
LARGEST_HEAD = 10240
"""Bytes of the request line and the header values together; the same page."""
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

_buckets = Buckets()


@dataclass(frozen=True)
class Api:
    """An API in its account and region."""

    account: str
    region: str
    identity: str

    @property
    def domain(self) -> str:
        return f"{self.identity}.execute-api.{self.region}.amazonaws.com"

    @property
    def execution_arn(self) -> str:
        return f"arn:aws:execute-api:{self.region}:{self.account}:{self.identity}"


@dataclass(frozen=True)
class Reached:
    """The target of a request within an API."""

    name: str
    """The name of the stage."""
    stage: dict[str, Any]
    path: str
    """Below the stage, decoded."""

    @property
    def whole_path(self) -> str:
        """As in the event and the log: with the stage as prefix unless it is `$default`."""
        return self.path if self.name == "$default" else f"/{self.name}{self.path}"


def find_api(identity: str) -> Api | None:
    from ministack.services import apigateway

    scope = apigateway.find_api_scope(identity)
    return Api(scope[0], scope[1], identity) if scope else None


async def serve(
    api: Api, request: ViewerRequest, domain: str | None = None, stage: str | None = None
) -> Answer:
    """Answer a request to an API, log and count it.

    `domain` is the requested host, by default the API's own; `stage` is the one that a domain maps to.
    """
    from ministack.core.responses import request_scope

    exchange = Exchange(domain or api.domain, request.source_ip, cookies=cookies_of(request))
    path = paths.decoded(request.path)
    if path is None:
        # The stage is not known yet, so no log has it.
        answer = message(400, "Bad Request")
        answer[1]["apigw-requestid"] = exchange.request_id
        return answer
    with request_scope(api.account, api.region):
        reached = _reach(api, path or "/", stage)
        token = current.set(exchange)
        try:
            answer = await _answer(api, reached, request, exchange)
        except Exception:
            logger.exception("an API cannot answer %s", request.method)
            answer = message(500, "Internal Server Error")
        finally:
            current.reset(token)
        answer[1]["apigw-requestid"] = exchange.request_id
        if reached is not None:
            _record(api, reached, request, exchange, answer)
        return answer


def _record(api: Api, reached: Reached, request: ViewerRequest, exchange: Exchange, answer: Answer) -> None:
    values = access_log.values_of(
        request,
        exchange,
        answer,
        api_id=api.identity,
        account=api.account,
        stage=reached.name,
        path=reached.whole_path,
    )
    access_log.write(api.account, reached.stage, values)
    settings = reached.stage.get("defaultRouteSettings") or {}
    detailed = bool(settings.get("detailedMetricsEnabled"))
    metrics.api_request(api.account, api.region, values, exchange, request.method if detailed else None)


def _reach(api: Api, path: str, stage: str | None) -> Reached | None:
    """The stage in the first segment, which is then not part of the path; otherwise `$default`."""
    from ministack.services import apigateway

    stages = apigateway._stages.get(api.identity, {})
    if stage is not None:
        return Reached(stage, stages[stage], path) if stage in stages else None
    first, slash, rest = path.lstrip("/").partition("/")
    if first in stages and first != "$default":
        return Reached(first, stages[first], "/" + rest if slash else "/")
    return Reached("$default", stages["$default"], path) if "$default" in stages else None


async def _answer(api: Api, reached: Reached | None, request: ViewerRequest, exchange: Exchange) -> Answer:
    from ministack.services import apigateway

    if reached is None:
        return message(404, "Not Found")
    head = len(request.path) + len(request.query) + sum(len(value) for value in request.headers.values())
    if head > LARGEST_HEAD:
        return message(431, "Request Header Fields Too Large")
    if len(request.body) > LARGEST_BODY:
        return message(413, "Request Entity Too Large")
    cors = apigateway._apis[api.identity].get("corsConfiguration")
    origin = request.headers.get("origin", "")
    if cors and request.method == "OPTIONS":
        # "API Gateway automatically sends a response to preflight OPTIONS requests, even if there isn't an
        # OPTIONS route": https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
        return apigateway._cors_preflight_response(cors, origin)
    route = None
    if request.method in _METHODS:
        route = apigateway._match_route(api.identity, request.method, "/" + reached.path.lstrip("/"))
    if route is None:
        return message(404, "Not Found")
    exchange.route_key = route.get("routeKey", "$default")
    if found := limits_of(reached.stage, exchange.route_key):
        owner, limits = found
        if not _buckets.admit((api.account, api.region, api.identity, reached.name, owner), limits):
            return message(429, "Too Many Requests")
    answer = await _through_route(api, reached, route, request, exchange)
    if cors:
        # "API Gateway ignores CORS headers returned from your backend": the configured ones replace them.
        kept = {n: v for n, v in answer[1].items() if not n.lower().startswith("access-control-")}
        return answer[0], {**kept, **apigateway._cors_response_headers(cors, origin)}, answer[2]
    return answer


async def _through_route(
    api: Api, reached: Reached, route: dict[str, Any], request: ViewerRequest, exchange: Exchange
) -> Answer:
    from ministack.services import apigateway

    route_key = exchange.route_key or "$default"
    found = apigateway._integrations.get(api.identity, {}).get(route.get("target", "").rpartition("/")[2])
    kind = (route.get("authorizationType") or "NONE").upper()
    if found is None:
        return message(500, "Internal Server Error")
    if found.get("integrationType") != "AWS_PROXY" or kind not in ("NONE", "CUSTOM"):
        return await _left_to_ministack(api, reached, request)
    template = route_key.partition(" ")[2]
    below = "/" + reached.path.lstrip("/")
    parameters = apigateway._extract_path_params(template, below) if template else {}
    variables = apigateway._get_stage_variables(api.identity, reached.name)
    authorizer = None
    if kind == "CUSTOM":
        # An identity source can be a cookie, which is in a separate list in the event.
        headers = {**event_headers(request, exchange), "cookie": request.headers.get("cookie", "")}
        refusal, context = await apigateway._authorize_request_v2(
            *(api.identity, reached.name, route, request.method, reached.whole_path, template or below),
            *(headers, parse_qs(request.query, keep_blank_values=True)),
            *(parameters, variables, api.account, api.region, request.query),
        )
        if refusal is not None:
            return refusal
        authorizer = {"lambda": context}
    event = proxy_event(
        request,
        exchange,
        api_id=api.identity,
        account=api.account,
        stage=reached.name,
        path=reached.whole_path,
        route_key=route_key,
        path_parameters=dict(parameters or {}),
        stage_variables=variables,
        authorizer=authorizer,
    )
    source = permission.route_arn(api.execution_arn, reached.name, request.method, route_key)
    return await integration.call(found, event, exchange, source, api.account, api.region)


async def _left_to_ministack(api: Api, reached: Reached, request: ViewerRequest) -> Answer:
    """Not used by this project: HTTP integrations, JWT and IAM authorization."""
    from ministack.services import apigateway

    return await apigateway._handle_execute_in_scope(
        *(api.identity, reached.name, reached.path, request.method, request.headers, request.body),
        *(parse_qs(request.query, keep_blank_values=True), api.account, api.region, request.query),
    )


def install(app: ModuleType) -> None:
    from ministack.services import apigateway

    ask_authorizer, reset = apigateway._invoke_request_authorizer_lambda, apigateway.reset

    async def invoke_authorizer(
        authorizer: dict[str, Any], event: dict[str, Any], account: str, region: str
    ) -> dict[str, Any] | None:
        """An authorizer gets the same request as the function, and needs the permission to be invoked.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
        """
        exchange = current.get()
        if exchange is None:
            return await ask_authorizer(authorizer, event, account, region)
        source = f"arn:aws:execute-api:{region}:{account}:{event['requestContext']['apiId']}"
        found = integration.function_of(authorizer.get("authorizerUri", ""), account, region)
        source_arn = f"{source}/authorizers/{authorizer['authorizerId']}"
        if found is None or not permission.may_invoke(found[0], found[2], source_arn):
            exchange.authorizer_error = permission.DENIED
            return None
        _complete(event, exchange)
        answer = await ask_authorizer(authorizer, event, account, region)
        if answer is None:
            exchange.authorizer_error = "The authorizer's function failed or answered no object."
        return answer

    def reset_api_gateway() -> None:
        reset()
        _buckets.clear()

    apigateway._invoke_request_authorizer_lambda = invoke_authorizer
    apigateway.reset = reset_api_gateway


def _complete(event: dict[str, Any], exchange: Exchange) -> None:
    """Correct the members of an authorizer's event that MiniStack leaves out or invents."""
    context = event["requestContext"]
    if event.get("version") != "2.0":
        return
    context |= {
        "domainName": exchange.domain,
        "domainPrefix": exchange.domain.partition(".")[0],
        "requestId": exchange.request_id,
        "time": access_log.request_time(exchange.moment),
        "timeEpoch": int(exchange.moment * 1000),
    }
    context["http"] |= {"sourceIp": exchange.source_ip}
    event["headers"] = {name: value for name, value in event["headers"].items() if name != "cookie"}
    if exchange.cookies:
        event["cookies"] = exchange.cookies
