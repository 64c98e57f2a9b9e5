"""One JSON line for what the platform does not log itself. Never a value, a header or a body."""

import json
import os
import time
from typing import Literal

Level = Literal["INFO", "WARN", "ERROR"]
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
"""Lambda's levels. It drops lines below the function's level, and treats any other word as INFO."""


def log(level: Level, message: str, **fields: object) -> None:
    """Writes a line at a level that the function's log accepts, because none of our lines may be missing."""
    now = time.time()
    timestamp = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(now))}.{int(now % 1 * 1000):03}Z"
    line = {"timestamp": timestamp, "level": _passing(level), "message": message}
    print(json.dumps(line | fields), flush=True)


def _passing(level: Level) -> str:
    least = os.environ.get("AWS_LAMBDA_LOG_LEVEL")
    return max(level, least, key=LEVELS.index) if least in LEVELS else level
