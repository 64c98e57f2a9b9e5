"""Walks of functions, their images, aliases and concurrency."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from emulator.tests.cloud import ACCOUNT, REGION, Cloud, wait_until_active
from emulator.tests.walks import Call, walk
from emulator.tests.walks_names import make_function

ROLE = f"arn:aws:iam::{ACCOUNT}:role/kairos-function"
OTHER = "us-east-1"


def _function(cloud: Cloud, versions: int = 1) -> Any:
    """A client, and the function `kairos` with as many versions; the alias `live` leads to the first."""
    cloud.keys_of_role("kairos-function")
    make_function(cloud, "kairos", Publish=True)
    client = cloud.client("lambda")
    wait_until_active(client, "kairos")
    for number in range(2, versions + 1):
        client.update_function_configuration(FunctionName="kairos", Description=f"version {number}")
        wait_until_active(client, "kairos")
        client.publish_version(FunctionName="kairos")
    client.create_alias(FunctionName="kairos", Name="live", FunctionVersion="1")
    return client


@walk("function-update-in-progress")
def update_in_progress(cloud: Cloud) -> Iterator[Call]:
    client = _function(cloud)
    client.update_function_configuration(FunctionName="kairos", Description="first")
    yield lambda: client.publish_version(FunctionName="kairos")
    wait_until_active(client, "kairos")
    yield lambda: client.publish_version(FunctionName="kairos")


@walk("function-being-created")
def being_created(cloud: Cloud) -> Iterator[Call]:
    cloud.keys_of_role("kairos-function")
    make_function(cloud, "kairos")
    client = cloud.client("lambda")
    yield lambda: client.update_function_configuration(FunctionName="kairos", Timeout=5)
    wait_until_active(client, "kairos")
    yield lambda: client.update_function_configuration(FunctionName="kairos", Timeout=5)


@walk("function-version-of-an-alias")
def version_of_an_alias(cloud: Cloud) -> Iterator[Call]:
    client = _function(cloud, versions=2)
    yield lambda: client.delete_function(FunctionName="kairos", Qualifier="1")
    client.update_alias(FunctionName="kairos", Name="live", FunctionVersion="2")
    yield lambda: client.delete_function(FunctionName="kairos", Qualifier="1")


@walk("function-latest")
def latest(cloud: Cloud) -> Iterator[Call]:
    client = _function(cloud)
    yield lambda: client.delete_function(FunctionName="kairos", Qualifier="$LATEST")
    yield lambda: client.delete_function(FunctionName="kairos")


@walk("function-environment-too-large")
def environment_too_large(cloud: Cloud) -> Iterator[Call]:
    client = _function(cloud)
    frame = len(json.dumps({"A": ""}, separators=(",", ":")))

    def put(size: int) -> Call:
        variables = {"A": "x" * (size - frame)}
        return lambda: client.update_function_configuration(
            FunctionName="kairos", Environment={"Variables": variables}
        )

    yield put(4097)
    yield put(4096)


def _setting(row: str, member: str, wrong: int, right: int) -> None:
    @walk(row)
    def setting(cloud: Cloud) -> Iterator[Call]:
        client = _function(cloud)
        yield lambda: client.update_function_configuration(FunctionName="kairos", **{member: wrong})
        yield lambda: client.update_function_configuration(FunctionName="kairos", **{member: right})


_setting("function-memory-out-of-range", "MemorySize", 10241, 10240)
_setting("function-timeout-out-of-range", "Timeout", 901, 900)


def _of_image(cloud: Cloud, uri: str) -> Call:
    if not cloud.client("iam").list_roles()["Roles"]:
        cloud.keys_of_role("kairos-function")
    return lambda: cloud.client("lambda").create_function(
        FunctionName="kairos", Role=ROLE, PackageType="Image", Code={"ImageUri": uri}
    )


@walk("function-image-not-of-ecr")
def image_not_of_ecr(cloud: Cloud) -> Iterator[Call]:
    yield _of_image(cloud, "docker.io/library/python:3.12")
    yield _of_image(cloud, cloud.image("src-1"))


@walk("function-image-elsewhere")
def image_elsewhere(cloud: Cloud) -> Iterator[Call]:
    uri = cloud.image("src-1")
    yield _of_image(cloud, uri.replace(REGION, OTHER))
    yield _of_image(cloud, uri)


@walk("function-image-absent")
def image_absent(cloud: Cloud) -> Iterator[Call]:
    uri = cloud.image("src-1")
    tagged = f"{uri.partition('@')[0]}:src-2"
    yield _of_image(cloud, tagged)
    cloud.image("src-2")
    yield _of_image(cloud, tagged)


@walk("function-image-index")
def image_index(cloud: Cloud) -> Iterator[Call]:
    single = cloud.image("src-1")
    put = cloud.client("ecr").put_image(
        repositoryName="kairos",
        imageTag="src-2",
        imageManifest=json.dumps({"schemaVersion": 2, "manifests": []}),
        imageManifestMediaType="application/vnd.oci.image.index.v1+json",
    )["image"]
    yield _of_image(cloud, f"{single.partition('@')[0]}@{put['imageId']['imageDigest']}")
    yield _of_image(cloud, single)


def _alias(
    client: Any, version: str = "1", weights: dict[str, float] | None = None, name: str = "next"
) -> Call:
    return lambda: client.create_alias(
        FunctionName="kairos",
        Name=name,
        FunctionVersion=version,
        RoutingConfig={"AdditionalVersionWeights": weights or {}},
    )


def _weights(row: str, wrong: dict[str, float], right: dict[str, float], version: str = "1") -> None:
    @walk(row)
    def weights(cloud: Cloud) -> Iterator[Call]:
        client = _function(cloud, versions=3)
        yield _alias(client, version, wrong)
        yield _alias(client, version, right)


_weights("alias-weight-out-of-range", {"2": 1.1}, {"2": 1.0})
_weights("alias-several-weights", {"2": 0.1, "3": 0.1}, {"3": 0.1})
_weights("alias-weights-of-latest", {"2": 0.1}, {}, version="$LATEST")
_weights("alias-weight-of-its-own-version", {"1": 0.1}, {"2": 0.1})
_weights("alias-version-absent", {"4": 0.1}, {"3": 0.1})


@walk("alias-exists")
def alias_exists(cloud: Cloud) -> Iterator[Call]:
    client = _function(cloud)
    yield _alias(client, name="live")
    client.delete_alias(FunctionName="kairos", Name="live")
    yield _alias(client, name="live")


@walk("alias-changed-meanwhile")
def alias_changed_meanwhile(cloud: Cloud) -> Iterator[Call]:
    client = _function(cloud, versions=2)
    seen = client.get_alias(FunctionName="kairos", Name="live")["RevisionId"]
    now = client.update_alias(FunctionName="kairos", Name="live", Description="meanwhile")["RevisionId"]

    def move(revision: str) -> Call:
        return lambda: client.update_alias(
            FunctionName="kairos", Name="live", FunctionVersion="2", RevisionId=revision
        )

    yield move(seen)
    yield move(now)


def _reserve(client: Any, count: int) -> Call:
    return lambda: client.put_function_concurrency(FunctionName="kairos", ReservedConcurrentExecutions=count)


def _provision(client: Any, count: int = 1, qualifier: str = "live") -> Call:
    return lambda: client.put_provisioned_concurrency_config(
        FunctionName="kairos", Qualifier=qualifier, ProvisionedConcurrentExecutions=count
    )


@walk("concurrency-too-little-left")
def too_little_left(cloud: Cloud) -> Iterator[Call]:
    client = _function(cloud)
    yield _reserve(client, 901)
    yield _reserve(client, 900)


@walk("concurrency-less-than-provisioned")
def less_than_provisioned(cloud: Cloud) -> Iterator[Call]:
    client = _function(cloud)
    _provision(client, 2)()
    yield _reserve(client, 1)
    yield _reserve(client, 2)


@walk("provisioned-unpublished")
def unpublished(cloud: Cloud) -> Iterator[Call]:
    client = _function(cloud)
    _alias(client, "$LATEST")()
    yield _provision(client, qualifier="next")
    yield _provision(client)


@walk("provisioned-weighted")
def weighted(cloud: Cloud) -> Iterator[Call]:
    client = _function(cloud, versions=2)

    def weigh(weights: dict[str, float]) -> None:
        client.update_alias(
            FunctionName="kairos", Name="live", RoutingConfig={"AdditionalVersionWeights": weights}
        )

    weigh({"2": 0.1})
    yield _provision(client)
    weigh({})
    yield _provision(client)


@walk("alias-weighted-and-provisioned")
def weighted_and_provisioned(cloud: Cloud) -> Iterator[Call]:
    client = _function(cloud, versions=2)
    _provision(client)()

    def weigh() -> Any:
        weights = {"AdditionalVersionWeights": {"2": 0.1}}
        return client.update_alias(FunctionName="kairos", Name="live", RoutingConfig=weights)

    yield weigh
    client.delete_provisioned_concurrency_config(FunctionName="kairos", Qualifier="live")
    yield weigh


@walk("provisioned-more-than-reserved")
def more_than_reserved(cloud: Cloud) -> Iterator[Call]:
    client = _function(cloud)
    _reserve(client, 2)()
    yield _provision(client, 3)
    yield _provision(client, 2)


@walk("provisioned-more-than-unreserved")
def more_than_unreserved(cloud: Cloud) -> Iterator[Call]:
    client = _function(cloud)
    yield _provision(client, 901)
    yield _provision(client, 900)


@walk("provisioned-version-twice")
def version_twice(cloud: Cloud) -> Iterator[Call]:
    client = _function(cloud)
    _alias(client)()
    _provision(client)()
    yield _provision(client, qualifier="next")
    client.delete_provisioned_concurrency_config(FunctionName="kairos", Qualifier="live")
    yield _provision(client, qualifier="next")
