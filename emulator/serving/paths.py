"""The path of a request as an HTTP API passes it on."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def decoded(sent: str) -> str | None:
    """The path in the event and the log, or None for a path that the gateway answers with 400.

    Escapes are decoded twice, and a question mark from the first decoding ends the path. This was recorded
    from a real API (`/a%3Fb` is `/a`, `/a%252Fb` is `/a/b`, `/a%25b` is refused).
    https://github.com/hotsock/voker/blob/main/vokerhttp/testdata/ingress-paths.json
    """
    once = unquote_to_bytes(sent.encode("latin-1", "replace")).partition(b"?")[0]
    if _BROKEN_ESCAPE.search(once):
        return None
    return unquote_to_bytes(once).decode("utf-8", "replace")
