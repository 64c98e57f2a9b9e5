"""Functions from images: which images are accepted."""

from __future__ import annotations

import json
import re
from typing import Any

from emulator.corrections import iam, shared_images
from emulator.refusals.row import Asked, Facts, Row

_IMAGE = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z\d-]+)\.amazonaws\.com/"
    r"(?P<repository>[^:@]+)(@(?P<digest>sha256:[\da-f]{64})|:(?P<tag>.+))"
)
_INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)


def _uri(asked: Asked) -> str | None:
    code = asked.members.get("Code") if asked.action == "CreateFunction" else asked.members
    return (code or {}).get("ImageUri")


def _function(asked: Asked) -> str:
    """The name, which is in the body of a request to create a function."""
    from ministack.services import lambda_svc

    given = asked.members.get("FunctionName", "")
    name, _ = lambda_svc._resolve_request_scoped_name_and_qualifier(given)
    return str(name)


def _image(asked: Asked) -> dict[str, Any] | None:
    """The image in the registry of its account."""
    from ministack.services import ecr

    parts = _IMAGE.fullmatch(_uri(asked) or "")
    if parts is None:
        return None
    images = ecr._images.get_scoped(parts["account"], parts["region"], parts["repository"]) or []
    for image in images:
        if parts["digest"] == image["imageDigest"] or parts["tag"] in (image.get("imageTags") or []):
            return image
    return None


def _no_image(asked: Asked) -> Facts | None:
    uri = _uri(asked)
    return {"uri": uri} if uri and not _IMAGE.fullmatch(uri) else None


def _elsewhere(asked: Asked) -> Facts | None:
    uri = _uri(asked)
    parts = _IMAGE.fullmatch(uri or "")
    return {"uri": uri} if parts and parts["region"] != asked.region else None


def _not_shared(asked: Asked) -> Facts | None:
    """The repository must allow the function and the principal that creates it. That principal also needs
    the permission.
    """
    parts = _IMAGE.fullmatch(_uri(asked) or "")
    if parts is None or parts["account"] == asked.account:
        return None
    repository = (parts["account"], parts["region"], parts["repository"])
    function = f"arn:aws:lambda:{asked.region}:{asked.account}:function:{_function(asked)}"
    arn = f"arn:aws:ecr:{parts['region']}:{parts['account']}:repository/{parts['repository']}"
    admitted = all(
        shared_images.admits_function(*repository, action, function)
        and shared_images.admits_caller(*repository, action)
        and iam.denial(asked.request, action, arn) is None
        for action in shared_images.PULL
    )
    return None if admitted else {}


def _absent(asked: Asked) -> Facts | None:
    uri = _uri(asked)
    return {"uri": uri} if _IMAGE.fullmatch(uri or "") and _image(asked) is None else None


def _index(asked: Asked) -> Facts | None:
    image = _image(asked)
    if image is None:
        return None
    try:
        manifest = json.loads(image.get("imageManifest") or "{}")
    except ValueError:
        manifest = {}
    kinds = (image.get("imageManifestMediaType"), manifest.get("mediaType"))
    several = "manifests" in manifest or any(kind in _INDEXES for kind in kinds)
    return {"uri": _uri(asked)} if several else None


def _settings_of_an_archive(asked: Asked) -> Facts | None:
    of_image = asked.members.get("PackageType") == "Image"
    return {} if of_image and any(asked.members.get(name) for name in _OF_AN_ARCHIVE) else None


_OF_AN_ARCHIVE = ("Handler", "Runtime", "Layers")
_ACTIONS = ("CreateFunction", "UpdateFunctionCode")
_CREATE = "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html"

ROWS = (
    Row(
        name="function-image-with-a-handler",
        service="lambda",
        actions=("CreateFunction",),
        when="the package is an image and the request has a handler, a runtime or layers",
        code="InvalidParameterValueException",
        message="Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.",
        source="https://github.com/pulumi/pulumi-aws/issues/5439",
        refuses=_settings_of_an_archive,
    ),
    Row(
        name="function-image-not-of-ecr",
        service="lambda",
        actions=_ACTIONS,
        when="the image is not in ECR",
        code="InvalidParameterValueException",
        message="Source image {uri} is not valid. Provide a valid source image.",
        source="https://github.com/ministryofjustice/modernisation-platform/issues/2419",
        refuses=_no_image,
    ),
    Row(
        name="function-image-elsewhere",
        service="lambda",
        actions=_ACTIONS,
        when="the image is in another region",
        code="InvalidParameterValueException",
        message="Source image {uri} is not valid. Provide a valid source image.",
        source=f"{_CREATE} requires the function's region; the message is that for an image outside ECR",
        refuses=_elsewhere,
    ),
    Row(
        name="function-image-not-shared",
        service="lambda",
        actions=_ACTIONS,
        when="the image is in another account, and its repository does not allow both Lambda (for this function) and the "
        "principal to pull it, or the principal does not have the permission",
        code="AccessDeniedException",
        status=403,
        message="Lambda does not have permission to access the ECR image. Check the ECR permissions.",
        source=f"{_CREATE}#configuration-images-xaccount-permissions; the message: "
        "https://github.com/aws-samples/bedrock-access-gateway/issues/127",
        refuses=_not_shared,
    ),
    Row(
        name="function-image-absent",
        service="lambda",
        actions=_ACTIONS,
        when="the image does not exist in the repository",
        code="InvalidParameterValueException",
        message="Source image {uri} does not exist. Provide a valid source image.",
        source=_CREATE,
        refuses=_absent,
    ),
    Row(
        name="function-image-index",
        service="lambda",
        actions=_ACTIONS,
        when="the image is an index",
        code="InvalidParameterValueException",
        message="The image manifest, config or layer media type for the source image {uri} is not supported.",
        source="https://github.com/aws/aws-lambda-roadmap/issues/82",
        refuses=_index,
    ),
)
