"""S3: the error for a missing object."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

from emulator import wire
from emulator.corrections import iam
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request


def install(app: ModuleType, settings: Settings) -> None:
    wire.wrap(app, "s3", say_forbidden_to_who_may_not_list)


async def say_forbidden_to_who_may_not_list(request: Request, inner: Handler) -> Answer:
    """A caller that may not list a bucket does not learn that an object is missing. MiniStack tells every
    caller.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Permissions)
    """
    answer = await inner(request)
    bucket, _, key = request.path.lstrip("/").partition("/")
    if answer[0] != 404 or not key or request.method not in ("GET", "HEAD"):
        return answer
    there = await inner(replace(request, method="HEAD", path=f"/{bucket}", query={}))
    refused = iam.denial_of_own(request, "s3:ListBucket", f"arn:aws:s3:::{bucket}")
    if refused is None or not wire.succeeded(there):
        return answer
    status, headers, body = refused
    return status, headers, b"" if request.method == "HEAD" else body
