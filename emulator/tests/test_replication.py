"""Images that ECR copies into the registry of another account and region."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import ACCOUNT, OTHER_ACCOUNT, OTHER_KEYS, Cloud, Statement, policy

FAR = "eu-central-1"
COPY = f"arn:aws:ecr:{FAR}:{OTHER_ACCOUNT}:repository/kairos"


def far(cloud: Cloud) -> Any:
    return cloud.client("ecr", region=FAR, keys=OTHER_KEYS)


def replicate(cloud: Cloud, repository: str = "kairos") -> None:
    rule = {
        "destinations": [{"region": FAR, "registryId": OTHER_ACCOUNT}],
        "repositoryFilters": [{"filter": repository, "filterType": "PREFIX_MATCH"}],
    }
    cloud.client("ecr").put_replication_configuration(replicationConfiguration={"rules": [rule]})


def copied_from(account: str, resource: str = COPY) -> Statement:
    return {
        "Sid": "Copies",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": "ecr:ReplicateImage",
        "Resource": resource,
    }


def receive(cloud: Cloud, *statements: Statement) -> None:
    client = far(cloud)
    client.create_repository(repositoryName="kairos", imageTagMutability="IMMUTABLE")
    client.put_registry_policy(policyText=policy(*statements))


def copies(cloud: Cloud) -> list[tuple[str, list[str]]]:
    found = far(cloud).describe_images(repositoryName="kairos")["imageDetails"]
    return [(image["imageDigest"], image["imageTags"]) for image in found]


def statuses(cloud: Cloud, tag: str) -> list[str]:
    answer = cloud.client("ecr").describe_image_replication_status(
        repositoryName="kairos", imageId={"imageTag": tag}
    )
    return [each["status"] for each in answer["replicationStatuses"]]


def test_a_pushed_image_is_copied_with_its_digest_and_tag(cloud: Cloud) -> None:
    receive(cloud, copied_from(ACCOUNT))
    replicate(cloud)
    digest = cloud.image("src-1").partition("@")[2]
    assert copies(cloud) == [(digest, ["src-1"])]
    assert statuses(cloud, "src-1") == ["COMPLETE"]


def test_an_image_that_was_pushed_before_the_rule_is_not_copied(cloud: Cloud) -> None:
    receive(cloud, copied_from(ACCOUNT))
    cloud.image("src-1")
    replicate(cloud)
    assert (copies(cloud), statuses(cloud, "src-1")) == ([], [])


@pytest.mark.parametrize(
    "statement",
    [
        copied_from("444455556666"),
        copied_from(ACCOUNT, COPY.replace("/kairos", "/other")),
        {**copied_from(ACCOUNT), "Action": "ecr:CreateRepository"},
    ],
    ids=["another account", "another repository", "another action"],
)
def test_a_registry_whose_policy_does_not_allow_it_gets_no_copy(cloud: Cloud, statement: Statement) -> None:
    receive(cloud, statement)
    replicate(cloud)
    cloud.image("src-1")
    assert (copies(cloud), statuses(cloud, "src-1")) == ([], ["FAILED"])


def test_a_copy_fails_without_a_repository_and_the_push_succeeds(cloud: Cloud) -> None:
    far(cloud).put_registry_policy(policyText=policy(copied_from(ACCOUNT)))
    replicate(cloud)
    cloud.image("src-1")
    assert statuses(cloud, "src-1") == ["FAILED"]


def test_a_rule_for_another_repository_copies_nothing(cloud: Cloud) -> None:
    receive(cloud, copied_from(ACCOUNT))
    replicate(cloud, "other")
    cloud.image("src-1")
    assert copies(cloud) == []


def test_the_rules_of_a_registry_are_described_and_removed(cloud: Cloud) -> None:
    client = cloud.client("ecr")
    assert client.describe_registry()["replicationConfiguration"] == {"rules": []}
    replicate(cloud)
    (rule,) = client.describe_registry()["replicationConfiguration"]["rules"]
    assert rule["destinations"] == [{"region": FAR, "registryId": OTHER_ACCOUNT}]
    assert far(cloud).describe_registry()["replicationConfiguration"] == {"rules": []}
    client.put_replication_configuration(replicationConfiguration={"rules": []})
    assert client.describe_registry()["replicationConfiguration"] == {"rules": []}


def test_the_policy_of_a_registry_is_read_and_deleted(cloud: Cloud) -> None:
    client = far(cloud)
    text = policy(copied_from(ACCOUNT))
    client.put_registry_policy(policyText=text)
    assert client.get_registry_policy()["policyText"] == text
    client.delete_registry_policy()
    for call in (client.get_registry_policy, client.delete_registry_policy):
        with pytest.raises(ClientError, match="RegistryPolicyNotFoundException"):
            call()
