"""Removes the header of the edge from an event, before the backend could log or repeat it."""

from typing import Any

from start_up.guard import Handler

HEADER_MAPS = ("headers", "multiValueHeaders")


def without_header(handler: Handler, name: str | None) -> Handler:
    """The handler, called with events without the header; the same handler if there is no name."""
    if name is None:
        return handler
    unwanted = name.lower()

    def call(event: Any, context: Any) -> Any:
        if isinstance(event, dict):
            maps = [key for key in HEADER_MAPS if isinstance(event.get(key), dict)]
            event = event | {key: _drop(event[key], unwanted) for key in maps}
        return handler(event, context)

    return call


def _drop(headers: dict[str, Any], unwanted: str) -> dict[str, Any]:
    return {name: value for name, value in headers.items() if name.lower() != unwanted}
