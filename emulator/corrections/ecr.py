"""ECR: the registry's scanning, and images that are not there."""

from __future__ import annotations

from types import ModuleType

from emulator import wire
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

_scanning = wire.store()
_BASIC = {"scanType": "BASIC", "rules": []}


def install(app: ModuleType, settings: Settings) -> None:
    registry = settings.account

    async def keep_scanning_configuration(request: Request, inner: Handler) -> Answer:
        """Put and get the registry's scanning, which MiniStack answers with `Unknown action`.

        https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryScanningConfiguration.html
        """
        match request.action:
            case "PutRegistryScanningConfiguration":
                _scanning["registry"] = {
                    "scanType": request.json.get("scanType", "BASIC"),
                    "rules": request.json.get("rules", []),
                }
                return wire.json_answer({"registryScanningConfiguration": _scanning["registry"]})
            case "GetRegistryScanningConfiguration":
                kept = _scanning.get("registry", _BASIC)
                return wire.json_answer({"registryId": registry, "scanningConfiguration": kept})
        return await inner(request)

    async def miss_absent_images(request: Request, inner: Handler) -> Answer:
        """Describing a named image that is not there is an error; MiniStack leaves it out of the answer.

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

    wire.wrap(app, "ecr", keep_scanning_configuration)
    wire.wrap(app, "ecr", miss_absent_images)
