"""A stage's throttling: a token bucket of `burst` tokens that fills by `rate` a second.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

Limits = tuple[float, float]
"""Rate in requests per second, and burst in requests."""


class Buckets:
    """The buckets of all stages and routes. The clock, in seconds, is a parameter for tests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, ...], tuple[Limits, float, float]] = {}

    def admit(self, key: tuple[str, ...], limits: Limits) -> bool:
        """Take a token. Returns whether there was one. Changed limits refill the bucket."""
        rate, burst = limits
        now = self._clock()
        known, tokens, then = self._buckets.get(key, (limits, burst, now))
        if known != limits:
            tokens, then = burst, now
        tokens = min(burst, tokens + (now - then) * rate)
        admitted = tokens >= 1
        self._buckets[key] = (limits, tokens - 1 if admitted else tokens, now)
        return admitted

    def clear(self) -> None:
        self._buckets.clear()


def limits_of(stage: dict[str, Any], route_key: str) -> tuple[str, Limits] | None:
    """The limits for a route and their owner: its own, otherwise the stage's (empty), otherwise none.

    Settings without limits have both at 0 and allow no request, as on AWS.
    """
    own = (stage.get("routeSettings") or {}).get(route_key)
    settings = own or stage.get("defaultRouteSettings") or {}
    rate, burst = settings.get("throttlingRateLimit"), settings.get("throttlingBurstLimit")
    if rate is None and burst is None:
        return None
    return route_key if own else "", (float(rate or 0), float(burst or 0))
