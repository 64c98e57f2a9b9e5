"""Trace ids in X-Ray's format. https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html"""

from __future__ import annotations

import secrets
import time


def new_root() -> str:
    return f"1-{int(time.time()):08x}-{secrets.token_hex(12)}"


def new_trace(sampled: bool, root: str | None = None) -> str:
    """The value of X-Amzn-Trace-Id that a function gets."""
    return f"Root={root or new_root()};Parent={secrets.token_hex(8)};Sampled={int(sampled)}"
