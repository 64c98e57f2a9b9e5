from __future__ import annotations

from typing import Any

import pytest

from emulator.tests.cloud import REGION, Cloud


@pytest.fixture
def api(cloud: Cloud) -> dict[str, Any]:
    return cloud.client("apigatewayv2").create_api(Name="kairos", ProtocolType="HTTP")


def test_a_new_api_has_an_address_like_on_aws(api: dict[str, Any]) -> None:
    assert api["ApiEndpoint"] == f"https://{api['ApiId']}.execute-api.{REGION}.amazonaws.com"


def test_the_address_is_the_same_however_it_is_read(cloud: Cloud, api: dict[str, Any]) -> None:
    client = cloud.client("apigatewayv2")
    updated = client.update_api(ApiId=api["ApiId"], Name="renamed")
    listed = client.get_apis()["Items"][0]
    read = client.get_api(ApiId=api["ApiId"])
    assert {found["ApiEndpoint"] for found in (updated, listed, read)} == {api["ApiEndpoint"]}


def test_a_websocket_api_has_a_websocket_address(cloud: Cloud) -> None:
    made = cloud.client("apigatewayv2").create_api(
        Name="ws", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    )
    assert made["ApiEndpoint"].startswith("wss://")


def test_the_address_is_of_the_region_that_was_asked(cloud: Cloud) -> None:
    client = cloud.client("apigatewayv2", region="us-east-1")
    assert ".us-east-1." in client.create_api(Name="kairos", ProtocolType="HTTP")["ApiEndpoint"]


def test_a_request_authorizer_has_no_jwt_configuration(cloud: Cloud, api: dict[str, Any]) -> None:
    client = cloud.client("apigatewayv2")
    made = client.create_authorizer(
        ApiId=api["ApiId"],
        Name="origin",
        AuthorizerType="REQUEST",
        AuthorizerUri="arn:aws:apigateway:eu-west-2:lambda:path/2015-03-31/functions/x/invocations",
        IdentitySource=["$request.header.x-origin-verify"],
    )
    read = client.get_authorizer(ApiId=api["ApiId"], AuthorizerId=made["AuthorizerId"])
    listed = client.get_authorizers(ApiId=api["ApiId"])["Items"][0]
    assert not any("JwtConfiguration" in found for found in (made, read, listed))


def test_a_jwt_authorizer_keeps_its_configuration(cloud: Cloud, api: dict[str, Any]) -> None:
    jwt = {"Audience": ["kairos"], "Issuer": "https://issuer.example"}
    made = cloud.client("apigatewayv2").create_authorizer(
        ApiId=api["ApiId"],
        Name="jwt",
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration=jwt,
    )
    assert made["JwtConfiguration"] == jwt


def test_tags_that_are_added_later_are_returned(cloud: Cloud, api: dict[str, Any]) -> None:
    client = cloud.client("apigatewayv2")
    client.create_stage(ApiId=api["ApiId"], StageName="$default")
    arn = f"arn:aws:apigateway:{REGION}::/apis/{api['ApiId']}"
    for resource in (arn, f"{arn}/stages/$default"):
        client.tag_resource(ResourceArn=resource, Tags={"project": "kairos", "gone": "soon"})
        client.untag_resource(ResourceArn=resource, TagKeys=["gone"])
    read = client.get_api(ApiId=api["ApiId"]), client.get_stage(ApiId=api["ApiId"], StageName="$default")
    assert [found["Tags"] for found in read] == [{"project": "kairos"}, {"project": "kairos"}]
