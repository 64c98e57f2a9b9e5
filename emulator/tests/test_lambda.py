from __future__ import annotations

from typing import Any

import pytest

from emulator.tests.cloud import ACCOUNT, REGION, Cloud

REPOSITORY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/kairos"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:kairos"
FIRST, SECOND = "1" * 64, "2" * 64


@pytest.fixture
def client(cloud: Cloud) -> Any:
    """A client, and the image function `kairos` with its version 1."""
    cloud.keys_of_role("kairos-function")
    client = cloud.client("lambda")
    client.create_function(
        FunctionName="kairos",
        Role=f"arn:aws:iam::{ACCOUNT}:role/kairos-function",
        PackageType="Image",
        Code={"ImageUri": f"{REPOSITORY}@sha256:{FIRST}"},
        Publish=True,
    )
    return client


def _versions(client: Any) -> dict[str, dict[str, str]]:
    found = client.list_versions_by_function(FunctionName="kairos")["Versions"]
    return {version["Version"]: version for version in found}


def test_the_version_of_a_new_function_has_its_number_in_its_arn(client: Any) -> None:
    assert _versions(client)["1"]["FunctionArn"] == f"{FUNCTION}:1"


def test_the_unpublished_function_has_no_number(client: Any) -> None:
    assert client.get_function_configuration(FunctionName="kairos")["FunctionArn"] == FUNCTION
    assert client.list_functions()["Functions"][0]["FunctionArn"] == FUNCTION


def test_among_its_versions_it_is_the_latest(client: Any) -> None:
    assert _versions(client)["$LATEST"]["FunctionArn"] == f"{FUNCTION}:$LATEST"


def test_a_published_version_has_its_number_once(client: Any) -> None:
    client.update_function_code(FunctionName="kairos", ImageUri=f"{REPOSITORY}@sha256:{SECOND}")
    client.publish_version(FunctionName="kairos")
    assert _versions(client)["2"]["FunctionArn"] == f"{FUNCTION}:2"


def test_new_code_that_is_published_has_its_number(client: Any) -> None:
    answer = client.update_function_code(
        FunctionName="kairos", ImageUri=f"{REPOSITORY}@sha256:{SECOND}", Publish=True
    )
    assert answer["FunctionArn"] == f"{FUNCTION}:2"


def test_each_version_has_the_checksum_of_its_image(client: Any) -> None:
    client.update_function_code(FunctionName="kairos", ImageUri=f"{REPOSITORY}@sha256:{SECOND}", Publish=True)
    sums = {number: version["CodeSha256"] for number, version in _versions(client).items()}
    assert sums == {"$LATEST": SECOND, "1": FIRST, "2": SECOND}


def test_a_function_by_its_alias_keeps_the_alias_in_its_arn(client: Any) -> None:
    client.create_alias(FunctionName="kairos", Name="live", FunctionVersion="1")
    found = client.get_function(FunctionName="kairos", Qualifier="live")["Configuration"]
    assert (found["FunctionArn"], found["Version"]) == (f"{FUNCTION}:live", "1")


def test_a_configuration_does_not_name_the_image(client: Any) -> None:
    assert "ImageUri" not in client.get_function_configuration(FunctionName="kairos")
    assert client.get_function(FunctionName="kairos")["Code"]["ImageUri"].endswith(FIRST)
