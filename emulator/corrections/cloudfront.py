"""CloudFront: response headers policies without empty blocks."""

from __future__ import annotations

import re
from types import ModuleType

from emulator import wire
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

_EMPTY_BLOCK = re.compile(
    rb"<(CustomHeadersConfig|RemoveHeadersConfig)>\s*<Quantity>0</Quantity>\s*(<Items ?/>\s*)?</\1>"
)


def install(app: ModuleType, settings: Settings) -> None:
    wire.wrap(app, "cloudfront", drop_empty_header_blocks)


async def drop_empty_header_blocks(request: Request, inner: Handler) -> Answer:
    """A policy without custom or removed headers has no such block. MiniStack returns both, with Quantity 0.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ResponseHeadersPolicyConfig.html
    """
    status, headers, body = await inner(request)
    if "/response-headers-policy" in request.path:
        body = _EMPTY_BLOCK.sub(b"", body)
        headers = {name: value for name, value in headers.items() if name.lower() != "content-length"}
    return status, headers, body
