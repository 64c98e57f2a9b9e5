from __future__ import annotations

import io
import threading
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError
from ministack.services import lambda_svc

from emulator.corrections import lambda_
from emulator.tests.cloud import (
    ACCOUNT,
    OTHER_ACCOUNT,
    OTHER_KEYS,
    REGION,
    Cloud,
    Statement,
    allow,
    policy,
    pulled_by,
    wait_until_active,
)

FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:kairos"
ABSENT = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/kairos@sha256:{'0' * 64}"


@pytest.fixture
def first(cloud: Cloud) -> str:
    """The URI of the first version's image."""
    return cloud.image("src-1")


@pytest.fixture
def second(cloud: Cloud) -> str:
    """The URI of another image."""
    return cloud.image("src-2")


@pytest.fixture
def client(cloud: Cloud, first: str) -> Any:
    """A client, and the image function `kairos` with version 1."""
    cloud.keys_of_role("kairos-function")
    client = cloud.client("lambda")
    client.create_function(
        FunctionName="kairos",
        Role=f"arn:aws:iam::{ACCOUNT}:role/kairos-function",
        PackageType="Image",
        Code={"ImageUri": first},
        Publish=True,
    )
    wait_until_active(client, "kairos")
    return client


def _versions(client: Any) -> dict[str, dict[str, str]]:
    found = client.list_versions_by_function(FunctionName="kairos")["Versions"]
    return {version["Version"]: version for version in found}


def test_the_version_of_a_new_function_has_its_number_in_its_arn(client: Any) -> None:
    assert _versions(client)["1"]["FunctionArn"] == f"{FUNCTION}:1"


def test_the_unpublished_function_has_no_number(client: Any) -> None:
    assert client.get_function_configuration(FunctionName="kairos")["FunctionArn"] == FUNCTION
    assert client.list_functions()["Functions"][0]["FunctionArn"] == FUNCTION


def test_the_list_of_versions_contains_latest(client: Any) -> None:
    assert _versions(client)["$LATEST"]["FunctionArn"] == f"{FUNCTION}:$LATEST"


def test_a_published_version_has_its_number_once(client: Any, second: str) -> None:
    client.update_function_code(FunctionName="kairos", ImageUri=second)
    wait_until_active(client, "kairos")
    client.publish_version(FunctionName="kairos")
    assert _versions(client)["2"]["FunctionArn"] == f"{FUNCTION}:2"


def test_new_code_that_is_published_has_its_number(client: Any, second: str) -> None:
    answer = client.update_function_code(FunctionName="kairos", ImageUri=second, Publish=True)
    assert answer["FunctionArn"] == f"{FUNCTION}:2"


def test_each_version_has_the_checksum_of_its_image(client: Any, first: str, second: str) -> None:
    client.update_function_code(FunctionName="kairos", ImageUri=second, Publish=True)
    sums = {number: version["CodeSha256"] for number, version in _versions(client).items()}
    old, new = (uri.rpartition("sha256:")[2] for uri in (first, second))
    assert sums == {"$LATEST": new, "1": old, "2": new}


def test_a_function_that_is_read_by_its_alias_has_it_in_its_arn(client: Any) -> None:
    client.create_alias(FunctionName="kairos", Name="live", FunctionVersion="1")
    found = client.get_function(FunctionName="kairos", Qualifier="live")["Configuration"]
    assert (found["FunctionArn"], found["Version"]) == (f"{FUNCTION}:live", "1")


def test_a_configuration_does_not_name_the_image(client: Any, first: str) -> None:
    assert "ImageUri" not in client.get_function_configuration(FunctionName="kairos")
    assert client.get_function(FunctionName="kairos")["Code"]["ImageUri"] == first


def test_a_new_function_is_pending_and_then_active(cloud: Cloud, first: str) -> None:
    cloud.keys_of_role("kairos-function")
    client = cloud.client("lambda")
    made = client.create_function(
        FunctionName="kairos", Role=ROLE, PackageType="Image", Code={"ImageUri": first}
    )
    assert (made["State"], made["StateReasonCode"]) == ("Pending", "Creating")
    assert "LastUpdateStatus" not in made
    wait_until_active(client, "kairos")
    assert "StateReason" not in client.get_function_configuration(FunctionName="kairos")


def test_a_function_that_is_updated_stays_active(client: Any) -> None:
    changed = client.update_function_configuration(FunctionName="kairos", Timeout=15)
    assert (changed["State"], changed["LastUpdateStatus"]) == ("Active", "InProgress")
    wait_until_active(client, "kairos")
    assert client.get_function_configuration(FunctionName="kairos")["Timeout"] == 15


def test_a_function_is_invoked_while_it_is_updated(client: Any) -> None:
    client.update_function_configuration(FunctionName="kairos", Timeout=15)
    assert client.invoke(FunctionName="kairos", InvocationType="DryRun")["StatusCode"] == 204


ROLE = f"arn:aws:iam::{ACCOUNT}:role/kairos-function"
MAKE = allow(["lambda:CreateFunction", "lambda:UpdateFunctionConfiguration"], FUNCTION)
PASS = allow("iam:PassRole", ROLE, StringEquals={"iam:PassedToService": "lambda.amazonaws.com"})


def _make_as(cloud: Cloud, *statements: Statement) -> dict[str, Any]:
    cloud.keys_of_role("kairos-function")
    image = cloud.image("src-1")
    return cloud.client("lambda", keys=cloud.keys_of_role("deployer", *statements)).create_function(
        FunctionName="kairos",
        Role=ROLE,
        PackageType="Image",
        Code={"ImageUri": image},
    )


def test_a_deployer_that_may_pass_the_role_creates_the_function(cloud: Cloud) -> None:
    assert _make_as(cloud, MAKE, PASS)["Role"] == ROLE


@pytest.mark.parametrize("service", [None, "ec2.amazonaws.com"])
def test_creating_a_function_needs_the_permission_to_pass_its_role(cloud: Cloud, service: str | None) -> None:
    wrong = allow("iam:PassRole", ROLE, StringEquals={"iam:PassedToService": service}) if service else MAKE
    with pytest.raises(ClientError, match=f"iam:PassRole on resource: {ROLE} because"):
        _make_as(cloud, MAKE, wrong)
    assert cloud.client("lambda").list_functions()["Functions"] == []


def test_changing_the_role_needs_the_permission_to_pass_it(client: Any, cloud: Cloud) -> None:
    cloud.keys_of_role("administrator", allow("*", "*"))
    deployer = cloud.client("lambda", keys=cloud.keys_of_role("deployer", MAKE, PASS))
    with pytest.raises(ClientError, match=r"iam:PassRole on resource: .*role/administrator"):
        deployer.update_function_configuration(
            FunctionName="kairos", Role=f"arn:aws:iam::{ACCOUNT}:role/administrator"
        )


def test_a_change_without_a_role_needs_no_permission_to_pass_one(client: Any, cloud: Cloud) -> None:
    deployer = cloud.client("lambda", keys=cloud.keys_of_role("deployer", MAKE))
    assert deployer.update_function_configuration(FunctionName="kairos", Timeout=15)["Timeout"] == 15


@pytest.mark.parametrize("absent", [ABSENT, ABSENT.replace("@sha256:" + "0" * 64, ":src-3")])
def test_a_function_is_not_created_without_its_image(client: Any, absent: str) -> None:
    with pytest.raises(ClientError, match=f"InvalidParameterValue.*Source image {absent} does not exist"):
        client.create_function(
            FunctionName="other", Role=ROLE, PackageType="Image", Code={"ImageUri": absent}
        )
    assert len(client.list_functions()["Functions"]) == 1


def test_a_function_keeps_its_image_if_the_new_one_does_not_exist(client: Any, first: str) -> None:
    with pytest.raises(ClientError, match="does not exist"):
        client.update_function_code(FunctionName="kairos", ImageUri=ABSENT)
    assert client.get_function(FunctionName="kairos")["Code"]["ImageUri"] == first


def test_a_function_is_created_by_tag(client: Any) -> None:
    tagged = ABSENT.replace("@sha256:" + "0" * 64, ":src-1")
    client.create_function(FunctionName="by-tag", Role=ROLE, PackageType="Image", Code={"ImageUri": tagged})
    assert client.get_function(FunctionName="by-tag")["Code"]["ImageUri"] == tagged


def test_an_image_of_another_account_keeps_its_uri(cloud: Cloud, client: Any, first: str) -> None:
    ecr = cloud.client("ecr", keys=OTHER_KEYS)
    ecr.create_repository(repositoryName="kairos")
    shared = policy(*pulled_by(ACCOUNT, "foreign"))
    ecr.set_repository_policy(repositoryName="kairos", policyText=shared)
    by_digest = {"imageDigest": first.partition("@")[2]}
    found = cloud.client("ecr").batch_get_image(repositoryName="kairos", imageIds=[by_digest])["images"][0]
    ecr.put_image(repositoryName="kairos", imageTag="src-1", imageManifest=found["imageManifest"])
    foreign = first.replace(ACCOUNT, OTHER_ACCOUNT)
    client.create_function(FunctionName="foreign", Role=ROLE, PackageType="Image", Code={"ImageUri": foreign})
    assert client.get_function(FunctionName="foreign")["Code"]["ImageUri"] == foreign


def test_a_function_of_a_zip_file_has_no_image(cloud: Cloud) -> None:
    cloud.keys_of_role("kairos-function")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("index.js", "exports.handler = async () => ({})")
    made = cloud.client("lambda").create_function(
        FunctionName="authorizer",
        Role=ROLE,
        Runtime="nodejs20.x",
        Handler="index.handler",
        Code={"ZipFile": archive.getvalue()},
    )
    assert made["PackageType"] == "Zip"
    assert made["CodeSha256"]


@pytest.mark.parametrize(
    ("action", "allowed", "denied"),
    [
        ("lambda:GetAlias", "get_alias", "update_alias"),
        ("lambda:UpdateAlias", "update_alias", "get_alias"),
    ],
)
def test_each_action_on_an_alias_is_evaluated_by_its_own_name(
    cloud: Cloud, client: Any, action: str, allowed: str, denied: str
) -> None:
    client.create_alias(FunctionName="kairos", Name="live", FunctionVersion="1")
    right = allow(action, f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:kairos")
    role = cloud.client("lambda", keys=cloud.keys_of_role("mover", right))
    assert getattr(role, allowed)(FunctionName="kairos", Name="live")["Name"] == "live"
    with pytest.raises(ClientError, match="not authorized to perform: lambda:"):
        getattr(role, denied)(FunctionName="kairos", Name="live")


@pytest.mark.parametrize(
    ("action", "ask"),
    [
        ("GetAlias", lambda it: it.get_alias(FunctionName="kairos", Name="live")),
        ("DeleteAlias", lambda it: it.delete_alias(FunctionName="kairos", Name="live")),
        ("UpdateAlias", lambda it: it.update_alias(FunctionName="kairos", Name="live")),
        ("DeleteFunctionConcurrency", lambda it: it.delete_function_concurrency(FunctionName="kairos")),
        (
            "GetProvisionedConcurrencyConfig",
            lambda it: it.get_provisioned_concurrency_config(FunctionName="kairos", Qualifier="live"),
        ),
        (
            "DeleteProvisionedConcurrencyConfig",
            lambda it: it.delete_provisioned_concurrency_config(FunctionName="kairos", Qualifier="live"),
        ),
    ],
)
def test_a_refusal_names_the_action_as_aws_does(cloud: Cloud, action: str, ask: Any) -> None:
    client = cloud.client("lambda", keys=cloud.keys_of_role("powerless"))
    with pytest.raises(ClientError, match=f"not authorized to perform: lambda:{action} on"):
        ask(client)


@pytest.mark.parametrize(
    ("now", "ended"), [("the same", ["kairos"]), ("another of its name", []), ("none", [])]
)
def test_only_the_changed_function_completes_its_update(
    monkeypatch: pytest.MonkeyPatch, now: str, ended: list[str]
) -> None:
    found: list[str] = []
    due: list[Any] = []
    functions: dict[str, object] = {"kairos": object()}
    monkeypatch.setattr(lambda_svc, "_functions", functions)
    monkeypatch.setattr(lambda_svc, "_schedule_state_transition", lambda name, delay: found.append(name))
    monkeypatch.setattr(threading.Timer, "start", lambda timer: due.append(timer.run))
    monkeypatch.setattr(threading.Event, "wait", lambda event, timeout: None)
    lambda_.end_changes_of_the_same_function()
    lambda_svc._schedule_state_transition("kairos", 0.5)
    if now != "the same":
        del functions["kairos"]
    if now == "another of its name":
        functions["kairos"] = object()
    due[0]()
    assert found == ended
