"""The header that only the edge knows is removed from every map of an event, and nothing else is."""

from typing import Any

import pytest

from start_up.origin import without_header


def echo(event: Any, context: Any) -> Any:
    return event


@pytest.mark.parametrize("name", ["X-Origin-Verify", "x-origin-verify", "X-ORIGIN-VERIFY"])
@pytest.mark.parametrize("place", ["headers", "multiValueHeaders"])
def test_removes_the_header_from_each_map(place: str, name: str) -> None:
    given = {place: {name: ["proof"], "x-kept": ["1"]}, "body": "proof"}
    before = repr(given)
    assert without_header(echo, "X-Origin-Verify")(given, None) == {place: {"x-kept": ["1"]}, "body": "proof"}
    assert repr(given) == before, "the event itself stays as it was"


@pytest.mark.parametrize("given", [None, [], {"headers": None}, {"headers": [1]}, {}])
def test_passes_on_an_event_without_headers(given: Any) -> None:
    assert without_header(echo, "x-origin-verify")(given, None) == given


def test_passes_on_the_context() -> None:
    assert without_header(lambda event, context: context, "x-origin-verify")({}, "context") == "context"


def test_returns_the_same_handler_without_a_header_name() -> None:
    assert without_header(echo, None) is echo
