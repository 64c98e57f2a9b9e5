"""The path of a request as an HTTP API hands it on."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def decoded(sent: str) -> str | None:
    """The path as event and log show it, or None for one that the gateway answers with 400.

    Escapes are decoded twice, and a question mark that the first decoding brings ends the path: so it was
    captured from a live API (`/a%3Fb` is `/a`, `/a%252Fb` is `/a/b`, `/a%25b` is refused).
    https://github.com/hotsock/voker/blob/main/vokerhttp/testdata/ingress-paths.json
    """
    once = unquote_to_bytes(sent.encode("latin-1", "replace")).partition(b"?")[0]
    if _BROKEN_ESCAPE.search(once):
        return None
    return unquote_to_bytes(once).decode("utf-8", "replace")
