"""ECR: missing images, image sizes, missing scans, logins, the address of the registry."""

from __future__ import annotations

import base64
import json
from types import ModuleType
from typing import Any

from emulator import wire
from emulator.corrections.iam import decide_on
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request


def install(app: ModuleType, settings: Settings) -> None:
    registry = settings.account
    decide_on("ecr", described_repository)
    decide_on("ecr", tagged_repository)

    async def miss_absent_images(request: Request, inner: Handler) -> Answer:
        """Describing a missing image is an error. MiniStack leaves it out of the response.

        https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
        """
        if request.action == "DescribeImages":
            for image in request.json.get("imageIds") or []:
                answer = await inner(request.ask("DescribeImages", {**request.json, "imageIds": [image]}))
                if not wire.succeeded(answer):
                    return answer
                if not wire.members_of(answer)["imageDetails"]:
                    return wire.error(
                        "ImageNotFoundException",
                        f"The image with imageId {{imageDigest:'{image.get('imageDigest', 'null')}', "
                        f"imageTag:'{image.get('imageTag', 'null')}'}} does not exist within the repository "
                        f"with name '{request.json['repositoryName']}' in the registry with id '{registry}'",
                    )
        return await inner(request)

    async def weigh_images(request: Request, inner: Handler) -> Answer:
        """The size of an image is that of its layers and its configuration. MiniStack returns that of its
        manifest.

        https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageDetail.html
        """
        answer = await inner(request)
        if request.action != "DescribeImages" or not wire.succeeded(answer):
            return answer
        found = wire.members_of(answer)
        asked = {
            "repositoryName": request.json["repositoryName"],
            "imageIds": [{"imageDigest": image["imageDigest"]} for image in found["imageDetails"]],
        }
        read = wire.members_of(await inner(request.ask("BatchGetImage", asked)))["images"]
        sizes = {image["imageId"]["imageDigest"]: _size(json.loads(image["imageManifest"])) for image in read}
        details = [
            {**image, "imageSizeInBytes": sizes.get(image["imageDigest"], image["imageSizeInBytes"])}
            for image in found["imageDetails"]
        ]
        return wire.with_members(answer, {**found, "imageDetails": details})

    async def download_from_here(request: Request, inner: Handler) -> Answer:
        """The URL of a layer can be opened. MiniStack names the registry's public host.

        https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetDownloadUrlForLayer.html
        """
        answer = await inner(request)
        if request.action != "GetDownloadUrlForLayer" or not wire.succeeded(answer):
            return answer
        found = wire.members_of(answer)
        path = found["downloadUrl"].partition(".amazonaws.com")[2]
        return wire.with_members(answer, {**found, "downloadUrl": f"http://127.0.0.1:{settings.port}{path}"})

    async def log_in_here(request: Request, inner: Handler) -> Answer:
        """A login is for this registry, and its password has the format of AWS's.

        AWS's password is the Base64 of a JSON object, so it begins with `ey`, which the docker provider
        checks:
        https://github.com/kreuzwerker/terraform-provider-docker/blob/v3.6.2/internal/provider/authentication_helpers.go
        https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_AuthorizationData.html
        """
        answer = await inner(request)
        if request.action != "GetAuthorizationToken" or not wire.succeeded(answer):
            return answer
        found = wire.members_of(answer)
        data = [
            {
                **each,
                "authorizationToken": _token(int(each["expiresAt"])),
                "proxyEndpoint": f"http://127.0.0.1:{settings.port}",
            }
            for each in found["authorizationData"]
        ]
        return wire.with_members(answer, {**found, "authorizationData": data})

    async def scan_nothing(request: Request, inner: Handler) -> Answer:
        """Images are not scanned here. MiniStack does not support the call.

        https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
        """
        if request.action != "DescribeImageScanFindings":
            return await inner(request)
        image = request.json.get("imageId") or {}
        asked = {"repositoryName": request.json.get("repositoryName", ""), "imageIds": [image]}
        answer = await miss_absent_images(request.ask("DescribeImages", asked), inner)
        if not wire.succeeded(answer):
            return answer
        return wire.error(
            "ScanNotFoundException",
            "Image scan does not exist for the image with "
            f"'{{imageDigest:'{image.get('imageDigest', 'null')}', "
            f"imageTag:'{image.get('imageTag', 'null')}'}}' "
            f"in the repository with name '{asked['repositoryName']}' in the registry with id '{registry}'",
        )

    wire.wrap(app, "ecr", weigh_images)
    wire.wrap(app, "ecr", download_from_here)
    wire.wrap(app, "ecr", log_in_here)
    wire.wrap(app, "ecr", miss_absent_images)
    wire.wrap(app, "ecr", scan_nothing)


def _size(manifest: dict[str, Any]) -> int:
    """In bytes, as the layers are stored."""
    parts = [manifest.get("config") or {}, *(manifest.get("layers") or [])]
    return sum(int(part.get("size", 0)) for part in parts)


def _token(expires: int) -> str:
    """`expires` is in seconds since 1970. The password gives access to nothing: this registry needs no
    login.
    """
    password = {
        "payload": "local",
        "datakey": "local",
        "version": "2",
        "type": "DATA_KEY",
        "expiration": expires,
    }
    encoded = base64.b64encode(json.dumps(password, separators=(",", ":")).encode()).decode()
    return base64.b64encode(f"AWS:{encoded}".encode()).decode()


def described_repository(request: Request, region: str, account: str) -> str | None:
    """Describing repositories names a list of them. MiniStack evaluates `*`.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
    """
    if request.action != "DescribeRepositories":
        return None
    names = request.json.get("repositoryNames") or ["*"]
    # AWS evaluates each of several names. Here `*` replaces them, which only a permission for all allows.
    name = names[0] if len(names) == 1 else "*"
    return f"arn:aws:ecr:{region}:{account}:repository/{name}"


def tagged_repository(request: Request, region: str, account: str) -> str | None:
    """A tag is evaluated as the repository that has it. MiniStack evaluates `*`.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
    """
    if request.action not in ("ListTagsForResource", "TagResource", "UntagResource"):
        return None
    return request.json.get("resourceArn")
