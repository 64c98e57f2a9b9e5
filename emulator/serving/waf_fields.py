"""The component of a request that a WAF statement inspects, and its text transformations.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-fields-list.html
https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-transformation.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from emulator.serving.exchange import ViewerRequest


class Unknown(Exception):
    """Something that is not supported here."""


def name_or_path(field: dict[str, Any]) -> Callable[[ViewerRequest], bytes]:
    """A function that reads the inspected component. Raises Unknown for a component that is not supported."""
    kind = next(iter(field))
    match kind:
        case "UriPath":
            return lambda request: request.path.encode()
        case "Method":
            return lambda request: request.method.encode()
    raise Unknown(f"FieldToMatch.{kind}")


def longer(field: dict[str, Any]) -> Callable[[bytes, int], bool]:
    """A function that says whether a body is longer than WAF reads, in bytes, which here means that it
    matches.

    Raises Unknown for another component, and for a body whose rest is ignored.
    """
    kind, settings = next(iter(field.items()))
    if kind != "Body":
        raise Unknown(f"FieldToMatch.{kind}")
    handling = (settings or {}).get("OversizeHandling", "CONTINUE")
    if handling != "MATCH":
        raise Unknown(f"FieldToMatch.Body.OversizeHandling {handling}")
    return lambda body, limit: len(body) > limit


def transformation(listed: list[dict[str, Any]]) -> Callable[[bytes], bytes]:
    """All transformations, in order of priority. Raises Unknown."""
    changes = []
    for one in sorted(listed, key=lambda entry: entry["Priority"]):
        change = _TRANSFORMATIONS.get(one["Type"])
        if change is None:
            raise Unknown(f"TextTransformations {one['Type']}")
        changes.append(change)

    def whole(value: bytes) -> bytes:
        for change in changes:
            value = change(value)
        return value

    return whole


def _url_decode(value: bytes) -> bytes:
    return unquote_to_bytes(value.replace(b"+", b" "))


_TRANSFORMATIONS: dict[str, Callable[[bytes], bytes]] = {
    "NONE": lambda value: value,
    "LOWERCASE": bytes.lower,
    "URL_DECODE": _url_decode,
}
