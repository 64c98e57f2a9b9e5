"""Wraps the backend's handler: the lifespan, the errors and the header of the edge."""

from collections.abc import Callable
from typing import Any

from start_up.configuration import Configuration
from start_up.guard import Handler, guarded
from start_up.lifespan import KeptLifespan, adapter_of, guarded_adapter, unsupported
from start_up.log import log
from start_up.origin import without_header


def serve(handler: Handler, configuration: Configuration, ready: Callable[[float | None], None]) -> Handler:
    """The handler that the runtime calls.

    `ready` is called when the lifespan has started, with its duration in seconds. It is called at once, with
    nothing, if Mangum opens the lifespan or there is none.
    """
    return guarded(without_header(_with_lifespan(handler, configuration, ready), configuration.origin_header))


def _with_lifespan(
    handler: Handler, configuration: Configuration, ready: Callable[[float | None], None]
) -> Handler:
    adapter = adapter_of(handler)
    if adapter is not None and _may_keep(adapter, configuration):
        return KeptLifespan(
            adapter,
            start_limit=configuration.start_limit,
            pause_limit=configuration.pause_limit,
            opened=ready,
        )
    ready(None)
    return handler if adapter is None else guarded_adapter(adapter)


def _may_keep(adapter: Any, configuration: Configuration) -> bool:
    if configuration.lifespan != "environment":
        return False
    lacking = unsupported(adapter)
    if lacking is not None:
        message = f"this Mangum has no {lacking}: the lifespan is opened in every invocation"
        log("WARN", message, step="lifespan")
    return lacking is None
