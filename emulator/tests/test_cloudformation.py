"""The template of the earlier deployment guide, from its first deploy to its deletion."""

from __future__ import annotations

import time
from typing import Any

import pytest

from emulator.tests.cloud import REGION, ROOT, START_LIMIT, Cloud

GUIDE = (ROOT / "__tests__" / "fixtures" / "deployment-guide.yaml").read_text()
NAME = "kairos-backend"


def _settled(client: Any, name: str = NAME) -> str:
    """The stack's status once nothing is in progress."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        status: str = client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        if not status.endswith("_IN_PROGRESS"):
            return status
        time.sleep(0.02)
    raise RuntimeError(f"the stack {name} does not come to rest within {START_LIMIT} seconds")


def _deploy(cloud: Cloud, template: str = GUIDE) -> Any:
    values = {
        "ImageUri": cloud.image("src-0001"),
        "MongoUsername": "kairos",
        "MongoPassword": "p" * 12,
        "MongoHost": "cluster0.mongodb.net",
        "MongoDbName": "kairos",
        "MailUsername": "resend",
        "ResendApiKey": "r" * 20,
        "SecretKey": "s" * 32,
    }
    client = cloud.client("cloudformation")
    client.create_stack(
        StackName=NAME,
        TemplateBody=template,
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
    )
    return client


def _api(client: Any) -> str:
    found = client.describe_stack_resource(StackName=NAME, LogicalResourceId="ApiGateway")
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


def test_the_template_of_the_guide_is_deployed(cloud: Cloud) -> None:
    client = _deploy(cloud)
    assert _settled(client) == "CREATE_COMPLETE"


def test_its_stage_serves_its_deployment(cloud: Cloud) -> None:
    client = _deploy(cloud)
    _settled(client)
    api = cloud.client("apigatewayv2")
    (deployment,) = api.get_deployments(ApiId=_api(client))["Items"]
    (stage,) = api.get_stages(ApiId=_api(client))["Items"]
    assert stage["DeploymentId"] == deployment["DeploymentId"]


def test_its_output_is_the_address_that_the_api_has(cloud: Cloud) -> None:
    client = _deploy(cloud)
    _settled(client)
    (output,) = client.describe_stacks(StackName=NAME)["Stacks"][0]["Outputs"]
    assert output["OutputValue"] == f"https://{_api(client)}.execute-api.{REGION}.amazonaws.com"


def test_an_api_without_a_route_is_not_deployed(cloud: Cloud) -> None:
    client = _deploy(cloud, GUIDE.replace("    DependsOn: ApiRoute\n", "    DependsOn: ApiGateway\n"))
    status = _settled(client)
    events = client.describe_stack_events(StackName=NAME)["StackEvents"]
    reasons = [event.get("ResourceStatusReason", "") for event in events]
    assert status == "ROLLBACK_COMPLETE"
    assert any("no routes exist" in reason for reason in reasons)


def test_nothing_is_left_when_the_stack_is_deleted(cloud: Cloud) -> None:
    client = _deploy(cloud)
    _settled(client)
    client.delete_stack(StackName=NAME)
    deadline = time.monotonic() + START_LIMIT
    while cloud.client("apigatewayv2").get_apis()["Items"] and time.monotonic() < deadline:
        time.sleep(0.02)
    assert cloud.client("apigatewayv2").get_apis()["Items"] == []
    assert cloud.client("lambda").list_functions()["Functions"] == []


@pytest.mark.parametrize("moved", [True, False])
def test_a_deployment_is_deleted_once_no_stage_serves_it(cloud: Cloud, moved: bool) -> None:
    kept = GUIDE.replace(
        "    Type: AWS::ApiGatewayV2::Stage\n",
        "    Type: AWS::ApiGatewayV2::Stage\n    DeletionPolicy: Retain\n",
    ).replace(
        "    Type: AWS::ApiGatewayV2::Api\n", "    Type: AWS::ApiGatewayV2::Api\n    DeletionPolicy: Retain\n"
    )
    client = _deploy(cloud, kept)
    _settled(client)
    api, stack = cloud.client("apigatewayv2"), client.describe_stacks(StackName=NAME)["Stacks"][0]["StackId"]
    if moved:
        api.update_stage(ApiId=_api(client), StageName="$default", AutoDeploy=True)
    client.delete_stack(StackName=NAME)
    assert _settled(client, stack) == ("DELETE_COMPLETE" if moved else "DELETE_FAILED")


def test_its_api_is_reached_as_soon_as_it_is_deployed(cloud: Cloud) -> None:
    client = _deploy(cloud)
    _settled(client)
    assert [address["id"] for address in cloud.status()["addresses"]] == [_api(client)]
