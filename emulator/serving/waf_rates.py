"""How many requests arrived within a window, by the aggregation key of a rate-based rule.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html
AWS estimates the rate and acts some seconds later; here it is exact.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

Key = tuple[str, ...]


class Rates:
    """The counts of all rules. The clock, in seconds, is a parameter for tests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[Key, deque[float]] = {}

    def exceeds(self, key: Key, limit: int, window: float) -> bool:
        """Count a request. Returns whether more than `limit` arrived within the last `window` seconds."""
        now = self._clock()
        seen = self._seen.setdefault(key, deque(maxlen=limit + 1))
        seen.append(now)
        while seen[0] <= now - window:
            seen.popleft()
        return len(seen) > limit

    def clear(self) -> None:
        self._seen.clear()
