"""One line of JSON for what the platform does not log itself. Never a value, a header or a body."""

import json
import time
from collections.abc import Mapping
from typing import Literal

Level = Literal["INFO", "WARNING", "ERROR"]


def log(level: Level, message: str, **fields: object) -> None:
    timestamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    print(json.dumps({"timestamp": timestamp, "level": level, "message": message} | fields), flush=True)


def redact(text: str, secrets: Mapping[str, str]) -> str:
    """The text with every secret in it replaced by its name. Longest first: one may hold another."""
    for name, value in sorted(secrets.items(), key=lambda item: -len(item[1])):
        text = text.replace(value, f"[{name}]")
    return text
