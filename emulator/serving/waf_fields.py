"""Which part of a request a WAF statement looks at, and what is done to it first.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-fields-list.html
https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-transformation.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import posixpath
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from emulator.serving.exchange import ViewerRequest


class Unknown(Exception):
    """Something that is not evaluated here."""


class Oversize(Exception):
    """The component is longer than WAF reads, and the statement says what that means."""

    def __init__(self, matches: bool) -> None:
        super().__init__()
        self.matches = matches


def field_values(request: ViewerRequest, field: dict[str, Any], body_limit: int) -> list[bytes]:
    """What of the request is inspected: none, one or several values. `body_limit` is in bytes.

    Raises Oversize, and Unknown for a component that is not known here.
    """
    kind, settings = next(iter(field.items()))
    match kind:
        case "UriPath":
            return [request.path.encode()]
        case "QueryString":
            return [request.query.encode()]
        case "Method":
            return [request.method.encode()]
        case "Body":
            return [_bounded(request.body, body_limit, settings or {})]
        case "SingleHeader":
            value = request.headers.get(settings["Name"].lower())
            return [] if value is None else [value.encode("latin-1", "replace")]
        case "SingleQueryArgument":
            wanted = settings["Name"].lower()
            return [value.encode() for name, value in _arguments(request) if name.lower() == wanted]
        case "AllQueryArguments":
            return [part.encode() for pair in _arguments(request) for part in pair]
        case "Headers":
            return _several(request.headers.items(), settings, "IncludedHeaders", "ExcludedHeaders")
        case "Cookies":
            parts = (part.strip().partition("=") for part in request.headers.get("cookie", "").split(";"))
            pairs = [(name, value) for name, _, value in parts if name]
            return _several(pairs, settings, "IncludedCookies", "ExcludedCookies")
    raise Unknown(kind)


def _arguments(request: ViewerRequest) -> list[tuple[str, str]]:
    """Undecoded: a text transformation decodes."""
    pairs = (part.partition("=") for part in request.query.split("&") if part)
    return [(name, value) for name, _, value in pairs]


def _bounded(body: bytes, limit: int, settings: dict[str, Any]) -> bytes:
    if len(body) > limit:
        handling = settings.get("OversizeHandling", "CONTINUE")
        if handling != "CONTINUE":
            raise Oversize(handling == "MATCH")
    return body[:limit]


def _several(pairs: Any, settings: dict[str, Any], included: str, excluded: str) -> list[bytes]:
    pattern = settings.get("MatchPattern") or {}
    wanted = {name.lower() for name in pattern.get(included, [])}
    unwanted = {name.lower() for name in pattern.get(excluded, [])}
    scope = settings.get("MatchScope", "ALL")
    values = []
    for name, value in pairs:
        if ("All" in pattern or name.lower() in wanted or unwanted) and name.lower() not in unwanted:
            values += [name] if scope in ("KEY", "ALL") else []
            values += [value] if scope in ("VALUE", "ALL") else []
    return [value.encode("latin-1", "replace") for value in values]


def transformed(value: bytes, transformations: list[dict[str, Any]]) -> bytes:
    """The value after its transformations, in the order of their priority. Raises Unknown."""
    for transformation in sorted(transformations, key=lambda entry: entry["Priority"]):
        change = _TRANSFORMATIONS.get(transformation["Type"])
        if change is None:
            raise Unknown(transformation["Type"])
        value = change(value)
    return value


def _url_decode(value: bytes) -> bytes:
    return unquote_to_bytes(value.replace(b"+", b" "))


def _base64_decode(value: bytes) -> bytes:
    try:
        return base64.b64decode(value + b"=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return value


def _hex_decode(value: bytes) -> bytes:
    try:
        return bytes.fromhex(value.decode("ascii"))
    except ValueError:
        return value


def _command_line(value: bytes) -> bytes:
    value = re.sub(rb'[\\"\'^]', b"", value)
    value = re.sub(rb"\s+(?=[/(])", b"", value)
    value = re.sub(rb"[,;]", b" ", value)
    return re.sub(rb"\s+", b" ", value).lower()


def _compress_white_space(value: bytes) -> bytes:
    return re.sub(rb"[\t\n\v\f\r \xa0]+", b" ", value)


def _html_decode(value: bytes) -> bytes:
    return html.unescape(value.decode("latin-1")).encode("utf-8", "replace")


def _normalize_path(value: bytes) -> bytes:
    text = value.decode("latin-1")
    normal = posixpath.normpath(re.sub("/+", "/", text)) if text else text
    return (normal + "/" if text.endswith("/") and not normal.endswith("/") else normal).encode("latin-1")


def _replace_comments(value: bytes) -> bytes:
    return re.sub(rb"/\*.*?(\*/|$)", b" ", value, flags=re.DOTALL)


_TRANSFORMATIONS: dict[str, Callable[[bytes], bytes]] = {
    "NONE": lambda value: value,
    "LOWERCASE": bytes.lower,
    "URL_DECODE": _url_decode,
    "BASE64_DECODE": _base64_decode,
    "HEX_DECODE": _hex_decode,
    "CMD_LINE": _command_line,
    "COMPRESS_WHITE_SPACE": _compress_white_space,
    "HTML_ENTITY_DECODE": _html_decode,
    "MD5": lambda value: hashlib.md5(value).digest(),
    "NORMALIZE_PATH": _normalize_path,
    "NORMALIZE_PATH_WIN": lambda value: _normalize_path(value.replace(b"\\", b"/")),
    "REMOVE_NULLS": lambda value: value.replace(b"\0", b""),
    "REPLACE_NULLS": lambda value: value.replace(b"\0", b" "),
    "REPLACE_COMMENTS": _replace_comments,
}
