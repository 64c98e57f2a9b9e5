"""Walks of functions, their images, aliases and concurrency."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from botocore import xform_name

from emulator.tests.cloud import (
    ACCOUNT,
    OTHER_ACCOUNT,
    OTHER_KEYS,
    REGION,
    Cloud,
    allow,
    policy,
    pulled_by,
    wait_until_active,
)
from emulator.tests.walks import Call, walk, walks
from emulator.tests.walks_names import archive, make_function

ROLE = f"arn:aws:iam::{ACCOUNT}:role/kairos-function"
OTHER = "us-east-1"
STATE_CHANGE = 0.5
"""How long MiniStack needs to create or update a function, in seconds."""


def _function(cloud: Cloud, versions: int = 1) -> Any:
    """A client, and the function `kairos` with this number of versions. The alias `live` has version 1."""
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


def _change(client: Any, action: str) -> Call:
    """Change or invoke the function `kairos`."""
    more: dict[str, dict[str, Any]] = {
        "UpdateFunctionCode": {"ZipFile": archive()},
        "UpdateFunctionConfiguration": {"Timeout": 5},
    }
    return lambda: getattr(client, xform_name(action))(FunctionName="kairos", **more.get(action, {}))


def _meanwhile(begin: Call, act: Call, undo: Call) -> Call:
    """Send a request while an operation is in progress. If the operation has ended already, it is started
    again.
    """

    def call() -> None:
        while True:
            begun = time.monotonic()
            begin()
            act()
            if time.monotonic() - begun < STATE_CHANGE:
                return
            undo()

    return call


@walks("function-update-in-progress")
def update_in_progress(cloud: Cloud, action: str) -> Iterator[Call]:
    client = _function(cloud)
    yield _meanwhile(
        lambda: client.update_function_configuration(FunctionName="kairos", Description="first"),
        _change(client, action),
        lambda: wait_until_active(client, "kairos"),
    )
    wait_until_active(client, "kairos")
    yield _change(client, action)


@walks("function-being-created")
def being_created(cloud: Cloud, action: str) -> Iterator[Call]:
    cloud.keys_of_role("kairos-function")
    # Creating the function takes a moment, and the SDK would retry an invocation during that time.
    client = cloud.client("lambda", retries=False)
    yield _meanwhile(
        lambda: make_function(cloud, "kairos"),
        _change(client, action),
        lambda: client.delete_function(FunctionName="kairos"),
    )
    wait_until_active(client, "kairos")
    yield _change(client, action)


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


def _put(cloud: Cloud, action: str) -> Callable[..., Call]:
    """Create or change the function `kairos` with these settings."""
    if action == "UpdateFunctionConfiguration":
        client = _function(cloud)
        return lambda **more: lambda: client.update_function_configuration(FunctionName="kairos", **more)
    cloud.keys_of_role("kairos-function")
    return lambda **more: lambda: make_function(cloud, "kairos", **more)


@walks("function-variable-reserved")
def variable_reserved(cloud: Cloud, action: str) -> Iterator[Call]:
    put = _put(cloud, action)
    yield put(Environment={"Variables": {"MAIL_PORT": "25", "AWS_REGION": "eu-west-2"}})
    yield put(Environment={"Variables": {"MAIL_PORT": "25", "AWS_ENDPOINT_URL": "http://127.0.0.1"}})


@walks("function-role-of-another-service")
def role_of_another_service(cloud: Cloud, action: str) -> Iterator[Call]:
    client, put = cloud.client("iam"), _put(cloud, action)

    def trust(service: str) -> str:
        principal = {"Service": f"{service}.amazonaws.com"}
        return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})

    client.create_role(RoleName="edge", AssumeRolePolicyDocument=trust("edgelambda"))
    role = f"arn:aws:iam::{ACCOUNT}:role/edge"
    yield put(Role=role)
    client.update_assume_role_policy(RoleName="edge", PolicyDocument=trust("lambda"))
    yield put(Role=role)


@walks("function-role-may-not-trace")
def role_may_not_trace(cloud: Cloud, action: str) -> Iterator[Call]:
    put = _put(cloud, action)
    yield put(TracingConfig={"Mode": "Active"})
    traces = policy(allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"))
    cloud.client("iam").put_role_policy(
        RoleName="kairos-function", PolicyName="traces", PolicyDocument=traces
    )
    yield put(TracingConfig={"Mode": "Active"})


@walks("function-environment-too-large")
def environment_too_large(cloud: Cloud, action: str) -> Iterator[Call]:
    put = _put(cloud, action)
    frame = len(json.dumps({"A": ""}, separators=(",", ":")))

    def variables(size: int) -> dict[str, Any]:
        return {"Variables": {"A": "x" * (size - frame)}}

    yield put(Environment=variables(4097))
    yield put(Environment=variables(4096))


def _setting(row: str, member: str, wrong: int, right: int) -> None:
    @walks(row)
    def setting(cloud: Cloud, action: str) -> Iterator[Call]:
        put = _put(cloud, action)
        yield put(**{member: wrong})
        yield put(**{member: right})


_setting("function-memory-too-large", "MemorySize", 10241, 10240)
_setting("function-timeout-out-of-range", "Timeout", 901, 900)


def _of_image(cloud: Cloud, action: str) -> Callable[[str], Call]:
    """Create the function `kairos` with this image, or change its image."""
    client = cloud.client("lambda")
    cloud.keys_of_role("kairos-function")

    def make(uri: str) -> Any:
        return client.create_function(
            FunctionName="kairos", Role=ROLE, PackageType="Image", Code={"ImageUri": uri}
        )

    if action == "CreateFunction":
        return lambda uri: lambda: make(uri)
    make(cloud.image("src-0"))
    wait_until_active(client, "kairos")
    return lambda uri: lambda: client.update_function_code(FunctionName="kairos", ImageUri=uri)


@walk("function-image-with-a-handler")
def image_with_a_handler(cloud: Cloud) -> Iterator[Call]:
    cloud.keys_of_role("kairos-function")
    code = {"ImageUri": cloud.image("src-1")}

    def make(**more: str) -> Call:
        return lambda: cloud.client("lambda").create_function(
            FunctionName="kairos", Role=ROLE, PackageType="Image", Code=code, **more
        )

    yield make(Handler="kairos.main.handler")
    yield make()


@walks("function-image-not-of-ecr")
def image_not_of_ecr(cloud: Cloud, action: str) -> Iterator[Call]:
    lead_to = _of_image(cloud, action)
    yield lead_to("docker.io/library/python:3.12")
    yield lead_to(cloud.image("src-1"))


@walks("function-image-elsewhere")
def image_elsewhere(cloud: Cloud, action: str) -> Iterator[Call]:
    lead_to, uri = _of_image(cloud, action), cloud.image("src-1")
    yield lead_to(uri.replace(REGION, OTHER))
    yield lead_to(uri)


@walks("function-image-not-shared")
def image_not_shared(cloud: Cloud, action: str) -> Iterator[Call]:
    uri = cloud.image("src-1")
    client = cloud.client("lambda", keys=OTHER_KEYS)
    role = cloud.client("iam", keys=OTHER_KEYS).create_role(
        RoleName="kairos-function",
        AssumeRolePolicyDocument=policy(
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ),
    )["Role"]["Arn"]

    def share(*statements: dict[str, Any]) -> None:
        cloud.client("ecr").set_repository_policy(repositoryName="kairos", policyText=policy(*statements))

    def make(code: dict[str, Any]) -> Any:
        return client.create_function(
            FunctionName="kairos", Role=role, PackageType="Image", Code=code, Publish=True
        )

    if action == "UpdateFunctionCode":
        share(*pulled_by(OTHER_ACCOUNT))
        make({"ImageUri": uri})
        wait_until_active(client, "kairos")

    def lead_to() -> Any:
        if action == "CreateFunction":
            return make({"ImageUri": uri})
        return client.update_function_code(FunctionName="kairos", ImageUri=uri)

    function, makers = pulled_by(OTHER_ACCOUNT)
    share(function)
    yield lead_to
    share(function, makers)
    yield lead_to


@walks("function-image-absent")
def image_absent(cloud: Cloud, action: str) -> Iterator[Call]:
    lead_to, uri = _of_image(cloud, action), cloud.image("src-1")
    tagged = f"{uri.partition('@')[0]}:src-2"
    yield lead_to(tagged)
    cloud.image("src-2")
    yield lead_to(tagged)


@walks("function-image-index")
def image_index(cloud: Cloud, action: str) -> Iterator[Call]:
    lead_to, single = _of_image(cloud, action), cloud.image("src-1")
    put = cloud.client("ecr").put_image(
        repositoryName="kairos",
        imageTag="src-2",
        imageManifest=json.dumps({"schemaVersion": 2, "manifests": []}),
        imageManifestMediaType="application/vnd.oci.image.index.v1+json",
    )["image"]
    yield lead_to(f"{single.partition('@')[0]}@{put['imageId']['imageDigest']}")
    yield lead_to(single)


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
    @walks(row)
    def weights(cloud: Cloud, action: str) -> Iterator[Call]:
        client = _function(cloud, versions=3)

        def put(shares: dict[str, float]) -> Call:
            if action == "CreateAlias":
                return _alias(client, version, shares)
            routing = {"AdditionalVersionWeights": shares}
            return lambda: client.update_alias(
                FunctionName="kairos", Name="live", FunctionVersion=version, RoutingConfig=routing
            )

        yield put(wrong)
        yield put(right)


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
