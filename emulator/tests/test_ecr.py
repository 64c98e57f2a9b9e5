from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import ACCOUNT, REGION, Cloud, allow

MANIFEST = '{"schemaVersion": 2}'
ABSENT = f"sha256:{'0' * 64}"


@pytest.fixture
def ecr(cloud: Cloud) -> Any:
    """A client, and the repository `kairos` with the image `src-1`."""
    client = cloud.client("ecr")
    client.create_repository(repositoryName="kairos")
    client.put_image(repositoryName="kairos", imageTag="src-1", imageManifest=MANIFEST)
    return client


def test_an_image_is_described_by_its_tag(ecr: Any) -> None:
    (found,) = ecr.describe_images(repositoryName="kairos", imageIds=[{"imageTag": "src-1"}])["imageDetails"]
    assert found["imageTags"] == ["src-1"]


def test_the_size_of_an_image_is_that_of_its_layers_and_configuration(ecr: Any) -> None:
    manifest = {"schemaVersion": 2, "config": {"size": 7}, "layers": [{"size": 1000}, {"size": 200}]}
    ecr.put_image(repositoryName="kairos", imageTag="src-2", imageManifest=json.dumps(manifest))
    found = ecr.describe_images(repositoryName="kairos")["imageDetails"]
    assert {image["imageTags"][0]: image["imageSizeInBytes"] for image in found} == {
        "src-1": 0,
        "src-2": 1207,
    }


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


def test_no_image_has_scan_findings(ecr: Any) -> None:
    with pytest.raises(ClientError) as refusal:
        ecr.describe_image_scan_findings(repositoryName="kairos", imageId={"imageTag": "src-1"})
    assert refusal.value.response["Error"]["Code"] == "ScanNotFoundException"


def test_the_scan_of_an_absent_image_is_an_error(ecr: Any) -> None:
    with pytest.raises(ClientError, match="ImageNotFoundException"):
        ecr.describe_image_scan_findings(repositoryName="kairos", imageId={"imageTag": "src-2"})


def test_an_empty_repository_has_no_images(cloud: Cloud) -> None:
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


def test_a_login_is_for_the_registry_here_and_has_the_form_of_aws(cloud: Cloud) -> None:
    (data,) = cloud.client("ecr").get_authorization_token()["authorizationData"]
    assert data["proxyEndpoint"] == cloud.url
    user, _, password = base64.b64decode(data["authorizationToken"]).decode().partition(":")
    assert (user, password[:2]) == ("AWS", "ey")
    assert json.loads(base64.b64decode(password))["type"] == "DATA_KEY"
    assert data["expiresAt"] - datetime.now(timezone.utc) > timedelta(hours=11)


def test_a_pushed_tag_is_kept(cloud: Cloud) -> None:
    cloud.client("ecr").create_repository(repositoryName="kept", imageTagMutability="IMMUTABLE")
    kind = "application/vnd.docker.distribution.manifest.v2+json"

    def push(content: str) -> int:
        config = {"mediaType": "application/vnd.docker.container.image.v1+json", "digest": content}
        manifest = {"schemaVersion": 2, "mediaType": kind, "config": config, "layers": []}
        request = Request(f"{cloud.url}/v2/kept/manifests/src-1", json.dumps(manifest).encode(), method="PUT")
        request.add_header("Content-Type", kind)
        return int(urlopen(request).status)

    assert push(f"sha256:{'1' * 64}") == 201
    with pytest.raises(HTTPError) as refusal:
        push(f"sha256:{'2' * 64}")
    assert refusal.value.code == 400
    (image,) = cloud.client("ecr").describe_images(repositoryName="kept")["imageDetails"]
    assert image["imageTags"] == ["src-1"]


def _describer(cloud: Cloud, repository: str) -> Any:
    right = allow("ecr:DescribeRepositories", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{repository}")
    return cloud.client("ecr", keys=cloud.keys_of_role("describer", right))


def test_a_permission_for_a_repository_lets_it_be_described(ecr: Any, cloud: Cloud) -> None:
    found = _describer(cloud, "kairos").describe_repositories(repositoryNames=["kairos"])
    assert [each["repositoryName"] for each in found["repositories"]] == ["kairos"]


@pytest.mark.parametrize("names", [{"repositoryNames": ["other"]}, {}])
def test_another_repository_and_all_of_them_are_denied(
    ecr: Any, cloud: Cloud, names: dict[str, list[str]]
) -> None:
    with pytest.raises(ClientError, match="ecr:DescribeRepositories on resource: arn:aws:ecr"):
        _describer(cloud, "kairos").describe_repositories(**names)


def test_a_permission_for_a_repository_lets_its_tags_be_listed(ecr: Any, cloud: Cloud) -> None:
    arns = [f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{name}" for name in ("kairos", "other")]
    rights = allow(["ecr:ListTagsForResource", "ecr:TagResource", "ecr:UntagResource"], arns[0])
    tagger = cloud.client("ecr", keys=cloud.keys_of_role("tagger", rights))
    tagger.tag_resource(resourceArn=arns[0], tags=[{"Key": "added", "Value": "one"}])
    assert {"Key": "added", "Value": "one"} in tagger.list_tags_for_resource(resourceArn=arns[0])["tags"]
    tagger.untag_resource(resourceArn=arns[0], tagKeys=["added"])
    with pytest.raises(ClientError, match="ecr:ListTagsForResource on resource: arn:aws:ecr"):
        tagger.list_tags_for_resource(resourceArn=arns[1])


def test_a_permission_for_all_repositories_lets_all_be_described(ecr: Any, cloud: Cloud) -> None:
    assert _describer(cloud, "*").describe_repositories()["repositories"]
