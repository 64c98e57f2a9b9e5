"""HTTP APIs: what a route or a mapping refers to cannot be deleted."""

from __future__ import annotations

from typing import Any

from emulator.corrections.apigateway import being_written
from emulator.refusals.row import Asked, Facts, Row


def _routes(asked: Asked) -> list[dict[str, Any]]:
    from ministack.services import apigateway

    return list(apigateway._routes.get(asked.labels["apiId"], {}).values())


def _authorizer_of_a_route(asked: Asked) -> Facts | None:
    from ministack.services import apigateway

    identity = asked.labels["authorizerId"]
    known = apigateway._authorizers.get(asked.labels["apiId"], {}).get(identity, {})
    used = [route["routeKey"] for route in _routes(asked) if route.get("authorizerId") == identity]
    return {"name": known.get("name", ""), "route": used[0]} if used else None


def _integration_of_a_route(asked: Asked) -> Facts | None:
    target = f"integrations/{asked.labels['integrationId']}"
    used = [route["routeId"] for route in _routes(asked) if route.get("target") == target]
    return {"routes": ", ".join(used)} if used else None


def _mappings() -> list[tuple[str, dict[str, Any]]]:
    """Every API mapping, with its domain name."""
    from ministack.services import apigateway_v1

    return [
        (domain, mapping)
        for domain, mappings in apigateway_v1._base_path_mappings.items()
        for mapping in mappings.values()
    ]


def _mapped_api(asked: Asked) -> Facts | None:
    api = asked.labels["apiId"]
    return {"api": api} if any(mapping["restApiId"] == api for _, mapping in _mappings()) else None


def _mapped_stage(asked: Asked) -> Facts | None:
    api, stage = asked.labels["apiId"], asked.labels["stageName"]
    domains = [
        domain for domain, mapping in _mappings() if (mapping["restApiId"], mapping["stage"]) == (api, stage)
    ]
    return {"stage": stage, "domains": ", ".join(domains)} if domains else None


def _absent_authorizer(asked: Asked) -> Facts | None:
    from ministack.services import apigateway

    identity = asked.members.get("authorizerId")
    known = apigateway._authorizers.get(asked.labels["apiId"], {})
    return {} if identity and identity not in known else None


def _same_route(asked: Asked) -> Facts | None:
    key = asked.members.get("routeKey")
    return {"key": key} if key in [route["routeKey"] for route in _routes(asked)] else None


def _same_stage(asked: Asked) -> Facts | None:
    from ministack.services import apigateway

    known = apigateway._stages.get(asked.labels["apiId"], {})
    return {} if asked.members.get("stageName") in known else None


def _written(asked: Asked) -> Facts | None:
    return {} if asked.labels["apiId"] in being_written else None


ROWS = (
    Row(
        name="api-being-written",
        service="apigateway",
        actions=tuple(
            f"{verb}{part}"
            for part in ("Route", "Integration", "Authorizer", "Stage")
            for verb in ("Create", "Update", "Delete")
        ),
        when="another part of the API is being changed",
        code="ConflictException",
        status=409,
        message="Unable to complete operation due to concurrent modification. Please try again later.",
        source="https://github.com/hashicorp/terraform-provider-aws/issues/18018",
        refuses=_written,
    ),
    Row(
        name="api-route-exists",
        service="apigateway",
        actions=("CreateRoute",),
        when="the API has a route with this key",
        code="ConflictException",
        status=409,
        message="Route with key {key} already exists for this API",
        source="https://github.com/anomalyco/sst/issues/5031",
        refuses=_same_route,
    ),
    Row(
        name="api-stage-exists",
        service="apigateway",
        actions=("CreateStage",),
        when="the API has a stage with this name",
        code="ConflictException",
        status=409,
        message="Stage already exists",
        source="https://github.com/hashicorp/terraform-provider-aws/issues/24852, the message is that of REST APIs in "
        "https://github.com/hashicorp/terraform-provider-aws/issues/30256",
        refuses=_same_stage,
    ),
    Row(
        name="api-authorizer-of-a-route",
        service="apigateway",
        actions=("DeleteAuthorizer",),
        when="a route uses the authorizer",
        code="ConflictException",
        status=409,
        message="Cannot delete authorizer '{name}', is referenced in route: {route}",
        source="https://github.com/hashicorp/terraform-provider-aws/issues/14812",
        refuses=_authorizer_of_a_route,
    ),
    Row(
        name="api-integration-of-a-route",
        service="apigateway",
        actions=("DeleteIntegration",),
        when="a route uses the integration",
        code="ConflictException",
        status=409,
        message="Cannot delete Integration because it is referenced by the following Routes with Ids: [{routes}]",
        source="https://github.com/milliHQ/terraform-aws-next-js/issues/247",
        refuses=_integration_of_a_route,
    ),
    Row(
        name="api-mapped",
        service="apigateway",
        actions=("DeleteApi",),
        when="a domain name has a mapping to the API",
        code="BadRequestException",
        message="Deleting API {api} failed. Please remove all API mappings for the API from your custom domain names.",
        source="https://github.com/gruntwork-io/cloud-nuke/issues/370",
        refuses=_mapped_api,
    ),
    Row(
        name="api-stage-mapped",
        service="apigateway",
        actions=("DeleteStage",),
        when="a domain name has a mapping to the stage",
        code="BadRequestException",
        message="Deleting stage {stage} failed. Please remove all base path mappings related to the stage in your "
        "domains: {domains}",
        source="https://github.com/hashicorp/terraform-provider-aws/issues/41651",
        refuses=_mapped_stage,
    ),
    Row(
        name="api-route-without-its-authorizer",
        service="apigateway",
        actions=("CreateRoute", "UpdateRoute"),
        when="the authorizer does not exist in the API",
        code="BadRequestException",
        message="Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS "
        "requires a valid authorizer.",
        source="https://github.com/hashicorp/terraform-provider-aws/issues/17497",
        refuses=_absent_authorizer,
    ),
    Row(
        name="api-mapping-key-taken",
        service="apigateway",
        actions=("CreateApiMapping",),
        when="the domain name has a mapping with this key",
        code="ConflictException",
        status=409,
        message="ApiMapping key already exists for this domain name",
        source="https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1151",
    ),
)
