"""Images that another account of the cloud looks at and runs."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

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
)

REPOSITORY = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/kairos"
BY_TAG: Any = {"repositoryName": "kairos", "imageIds": [{"imageTag": "src-1"}]}


@pytest.fixture
def uri(cloud: Cloud) -> str:
    return cloud.image("src-1")


def share(cloud: Cloud, *statements: Statement) -> None:
    cloud.client("ecr").set_repository_policy(repositoryName="kairos", policyText=policy(*statements))


def refusal_of(client: Any, **more: Any) -> str:
    with pytest.raises(ClientError) as refused:
        client.describe_images(**BY_TAG, **more)
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
    return str(refused.value.response["Error"]["Message"])


def test_another_account_looks_at_what_is_shared_with_it(cloud: Cloud, uri: str) -> None:
    client = cloud.client("ecr", keys=OTHER_KEYS)
    share(cloud, *pulled_by(OTHER_ACCOUNT))
    (found,) = client.describe_images(registryId=ACCOUNT, **BY_TAG)["imageDetails"]
    assert (found["registryId"], found["imageDigest"]) == (ACCOUNT, uri.partition("@")[2])
    answer = client.describe_repositories(registryId=ACCOUNT, repositoryNames=["kairos"])
    assert [found["repositoryUri"] for found in answer["repositories"]] == [uri.partition("@")[0]]


def test_another_account_is_shown_nothing_that_is_not_shared(cloud: Cloud, uri: str) -> None:
    client = cloud.client("ecr", keys=OTHER_KEYS)
    words = "because no resource-based policy allows the ecr:DescribeImages action"
    assert refusal_of(client, registryId=ACCOUNT).endswith(f"on resource: {REPOSITORY} {words}")
    share(cloud, *pulled_by("444455556666"))
    assert words in refusal_of(client, registryId=ACCOUNT)


def test_another_account_has_a_registry_of_its_own(cloud: Cloud, uri: str) -> None:
    share(cloud, *pulled_by(OTHER_ACCOUNT))
    with pytest.raises(ClientError, match="RepositoryNotFoundException"):
        cloud.client("ecr", keys=OTHER_KEYS).describe_images(**BY_TAG)


def test_the_own_registry_may_be_named_too(cloud: Cloud, uri: str) -> None:
    assert cloud.client("ecr").describe_images(registryId=ACCOUNT, **BY_TAG)["imageDetails"]


def test_a_shared_repository_is_changed_by_its_own_account_alone(cloud: Cloud, uri: str) -> None:
    share(cloud, *pulled_by(OTHER_ACCOUNT))
    put: Any = {"repositoryName": "kairos", "imageTag": "src-2", "imageManifest": '{"schemaVersion": 2}'}
    with pytest.raises(ClientError, match="AccessDeniedException"):
        cloud.client("ecr", keys=OTHER_KEYS).put_image(registryId=ACCOUNT, **put)


def role_keys(cloud: Cloud, *rights: Statement) -> dict[str, str]:
    """The keys of a role of the other account."""
    iam = cloud.client("iam", keys=OTHER_KEYS)
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root", "Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    arn = iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName="deploy", PolicyName="rights", PolicyDocument=policy(*rights))
    session = cloud.client("sts", keys=OTHER_KEYS).assume_role(RoleArn=arn, RoleSessionName="a-test")
    found = session["Credentials"]
    return {
        "aws_access_key_id": found["AccessKeyId"],
        "aws_secret_access_key": found["SecretAccessKey"],
        "aws_session_token": found["SessionToken"],
    }


def test_a_role_needs_the_right_on_the_repository_of_the_other_account(cloud: Cloud, uri: str) -> None:
    share(cloud, *pulled_by(OTHER_ACCOUNT))
    keys = role_keys(cloud, allow("ecr:DescribeImages", REPOSITORY))
    assert cloud.client("ecr", keys=keys).describe_images(registryId=ACCOUNT, **BY_TAG)["imageDetails"]


def test_a_right_on_a_repository_of_its_own_account_is_none_on_the_other(cloud: Cloud, uri: str) -> None:
    share(cloud, *pulled_by(OTHER_ACCOUNT))
    own = REPOSITORY.replace(ACCOUNT, OTHER_ACCOUNT)
    client = cloud.client("ecr", keys=role_keys(cloud, allow("ecr:DescribeImages", own)))
    assert "no identity-based policy allows" in refusal_of(client, registryId=ACCOUNT)


@pytest.mark.parametrize("may_pull", [True, False])
def test_who_makes_a_function_of_a_shared_image_needs_the_right_to_pull(
    cloud: Cloud, uri: str, may_pull: bool
) -> None:
    share(cloud, *pulled_by(OTHER_ACCOUNT))
    pull = [allow(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], REPOSITORY)] if may_pull else []
    functions = allow(["lambda:*", "iam:PassRole"], "*")
    keys = role_keys(cloud, functions, *pull)
    client = cloud.client("lambda", keys=keys)

    def make() -> Any:
        return client.create_function(
            FunctionName="kairos",
            Role=f"arn:aws:iam::{OTHER_ACCOUNT}:role/deploy",
            PackageType="Image",
            Code={"ImageUri": uri},
        )

    if may_pull:
        assert make()["FunctionArn"].split(":")[4] == OTHER_ACCOUNT
    else:
        with pytest.raises(ClientError, match="Lambda does not have permission to access the ECR image"):
            make()
