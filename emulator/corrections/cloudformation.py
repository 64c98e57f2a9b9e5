"""CloudFormation: resource types and attributes of a template that MiniStack does not support."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

from emulator import trial, wire
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

Properties = dict[str, Any]
Made = tuple[str, dict[str, Any]]
"""The physical id, and the attributes for `Fn::GetAtt`."""


def install(app: ModuleType, settings: Settings) -> None:
    async def correct_when_asked(request: Request, inner: Handler) -> Answer:
        """MiniStack's CloudFormation imports every service that a template can name. That is a third of a
        start, and most clouds have no stack.
        """
        _correct()
        return await inner(request)

    wire.wrap(app, "cloudformation", correct_when_asked)


@cache
def _correct() -> None:
    for correction in (deploy_http_apis, address_apis_as_aws):
        if not trial.leaves_out_function(correction):
            correction()


def deploy_http_apis() -> None:
    """`AWS::ApiGatewayV2::Deployment`, which MiniStack reports as an unknown type.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-deployment.html
    """
    from ministack.services.cloudformation import provisioners

    provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Deployment"] = {
        "create": create_deployment,
        "update": update_deployment,
        "update_with_logical_id": True,
        "delete": delete_deployment,
    }


def create_deployment(logical_id: str, properties: Properties, stack: str) -> Made:
    """AWS cannot deploy an API without a route, which is why templates let the deployment depend on one.

    https://github.com/mach-composer/mach-composer-cli/issues/42
    """
    from ministack.services import apigateway

    api = properties.get("ApiId", "")
    if not apigateway._routes.get(api):
        raise ValueError("Unable to deploy API because no routes exist in this API")
    status, _, body = apigateway._create_deployment(api, {"description": properties.get("Description", "")})
    answer = json.loads(body)
    if status >= 400:
        raise ValueError(answer.get("message", "the deployment was refused"))
    deployment: str = answer["deploymentId"]
    _stage(properties, deployment)
    return deployment, {"DeploymentId": deployment}


def update_deployment(
    physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None
) -> Made:
    """Only another API replaces it."""
    from ministack.services import apigateway

    if new.get("ApiId") != old.get("ApiId"):
        return create_deployment(logical_id or physical_id, new, stack)
    kept = apigateway._deployments.get(new.get("ApiId", ""), {}).get(physical_id)
    if kept is not None:
        kept["description"] = new.get("Description", "")
    _stage(new, physical_id)
    return physical_id, {"DeploymentId": physical_id}


def delete_deployment(physical_id: str, properties: Properties) -> None:
    """It is kept as long as a stage uses it.

    Unsure: documented for REST APIs only, https://github.com/hashicorp/terraform/issues/25495
    """
    from ministack.services import apigateway

    api = properties.get("ApiId", "")
    for stage in (apigateway._stages.get(api) or {}).values():
        if stage.get("deploymentId") == physical_id and not stage.get("autoDeploy"):
            raise ValueError("Active stages pointing to this deployment must be moved or deleted")
    apigateway._delete_deployment(api, physical_id)


def _stage(properties: Properties, deployment: str) -> None:
    """`StageName` names an existing stage, which uses this deployment from now on."""
    from ministack.services import apigateway

    name = properties.get("StageName")
    if not name:
        return
    stage = apigateway._stages.get(properties.get("ApiId", ""), {}).get(name)
    if stage is None:
        raise ValueError(f"Unable to find Stage by name {name} within the provided Api")
    stage["deploymentId"] = deployment


def address_apis_as_aws() -> None:
    """`Fn::GetAtt` of `ApiEndpoint` is the address that the API itself returns.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-api.html
    """
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]
    for step in ("create", "update"):
        handlers[step] = _addressed(handlers[step])


def _addressed(step: Callable[..., Made]) -> Callable[..., Made]:
    from ministack.core.responses import get_region

    def addressed(*given: Any, **named: Any) -> Made:
        physical_id, attributes = step(*given, **named)
        host = f"{attributes['ApiId']}.execute-api.{get_region()}.amazonaws.com"
        scheme = "wss" if attributes["ApiEndpoint"].startswith("ws") else "https"
        return physical_id, {**attributes, "ApiEndpoint": f"{scheme}://{host}"}

    return addressed
