from __future__ import annotations

import hashlib
from typing import Any
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import ACCOUNT, Cloud

MANIFEST = '{"schemaVersion": 2}'
ABSENT = f"sha256:{'0' * 64}"


@pytest.fixture
def ecr(cloud: Cloud) -> Any:
    """A client, and the repository `kairos` with the image `src-1` in it."""
    client = cloud.client("ecr")
    client.create_repository(repositoryName="kairos")
    client.put_image(repositoryName="kairos", imageTag="src-1", imageManifest=MANIFEST)
    return client


def test_an_image_is_described_by_its_tag(ecr: Any) -> None:
    (found,) = ecr.describe_images(repositoryName="kairos", imageIds=[{"imageTag": "src-1"}])["imageDetails"]
    assert found["imageTags"] == ["src-1"]


def test_an_absent_tag_is_named(ecr: Any) -> None:
    with pytest.raises(ClientError) as refusal:
        ecr.describe_images(repositoryName="kairos", imageIds=[{"imageTag": "src-2"}])
    assert refusal.value.response["Error"] == {
        "Code": "ImageNotFoundException",
        "Message": "The image with imageId {imageDigest:'null', imageTag:'src-2'} does not exist within the "
        f"repository with name 'kairos' in the registry with id '{ACCOUNT}'",
    }


def test_an_absent_digest_is_named(ecr: Any) -> None:
    with pytest.raises(ClientError, match=rf"imageDigest:'{ABSENT}', imageTag:'null'"):
        ecr.describe_images(repositoryName="kairos", imageIds=[{"imageDigest": ABSENT}])


def test_one_absent_image_of_two_is_an_error(ecr: Any) -> None:
    with pytest.raises(ClientError, match="imageTag:'src-2'"):
        ecr.describe_images(repositoryName="kairos", imageIds=[{"imageTag": "src-1"}, {"imageTag": "src-2"}])


def test_no_image_was_ever_scanned(ecr: Any) -> None:
    with pytest.raises(ClientError) as refusal:
        ecr.describe_image_scan_findings(repositoryName="kairos", imageId={"imageTag": "src-1"})
    assert refusal.value.response["Error"]["Code"] == "ScanNotFoundException"


def test_the_scan_of_an_absent_image_is_an_absent_image(ecr: Any) -> None:
    with pytest.raises(ClientError, match="ImageNotFoundException"):
        ecr.describe_image_scan_findings(repositoryName="kairos", imageId={"imageTag": "src-2"})


def test_all_images_of_an_empty_repository_are_none(cloud: Cloud) -> None:
    client = cloud.client("ecr")
    client.create_repository(repositoryName="empty")
    assert client.describe_images(repositoryName="empty")["imageDetails"] == []


def test_an_absent_repository_is_not_an_absent_image(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match="RepositoryNotFoundException"):
        cloud.client("ecr").describe_images(repositoryName="absent", imageIds=[{"imageTag": "src-1"}])


def test_a_layer_is_downloaded_from_the_address_that_is_named(cloud: Cloud, ecr: Any) -> None:
    content = b'{"os": "linux"}'
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    upload = f"{cloud.url}/v2/kairos/blobs/uploads/?digest={digest}"
    assert urlopen(Request(upload, data=content, method="POST")).status == 201
    named = ecr.get_download_url_for_layer(repositoryName="kairos", layerDigest=digest)
    assert urlopen(named["downloadUrl"]).read() == content
