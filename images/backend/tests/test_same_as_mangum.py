"""What the kept lifespan answers is byte for byte what plain Mangum answers: 500 generated events each."""

import base64
import json
import random
import string
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from applications import Application, event
from fastapi import FastAPI
from mangum import Mangum

from start_up.lifespan import KeptLifespan

EVENTS = 500
METHODS = ("GET", "GET", "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
TYPES = ("application/json", "text/plain; charset=utf-8", "application/octet-stream", "image/png", "")
TEXT = string.ascii_letters + string.digits + " /%&=+?#ü€😀\"'\\\n\t"


def text(source: random.Random, length: int = 20) -> str:
    return "".join(source.choices(TEXT, k=source.randint(0, length)))


def generated(source: random.Random, paths: tuple[str, ...]) -> dict[str, Any]:
    """An event as an HTTP API might send it, or now and then one that no adapter knows."""
    if source.random() < 0.02:
        return {"not": "an event", "text": text(source)}
    body: str | None = None
    encoded = False
    if source.random() < 0.5:
        content = (
            source.randbytes(source.randint(0, 300)) if source.random() < 0.5 else text(source, 200).encode()
        )
        encoded = source.random() < 0.7
        body = base64.b64encode(content).decode() if encoded else content.decode("utf-8", "replace")
    cookie_names = "".join(
        f"&cookie={quote(text(source, 5)).replace('%', '')}" for _ in range(source.randint(0, 3))
    )
    return event(
        source.choice(METHODS),
        source.choice(paths),
        query=f"size={source.randint(0, 300)}&text={quote(text(source))}{cookie_names}",
        headers={
            "content-type": source.choice(TYPES),
            "origin": source.choice(("https://findkairos.com", "https://elsewhere.example")),
            f"x-{source.randint(0, 9)}": quote(text(source)),
        },
        body=body,
        encoded=encoded,
        cookies=[f"c{number}={quote(text(source, 8))}" for number in range(source.randint(0, 3))] or None,
    )


def outcome(handler: Callable[[Any, Any], Any], given: dict[str, Any]) -> str:
    try:
        return json.dumps(handler(json.loads(json.dumps(given)), None))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def example() -> tuple[FastAPI, tuple[str, ...]]:
    from kairos.main import app

    api = "/api/v1"
    return app, (
        f"{api}/",
        api,
        "/",
        "/docs",
        f"{api}/openapi.json",
        f"{api}/auth/token",
        f"{api}/users/me",
        f"{api}/journeys",
        f"{api}/journeys/{'0' * 24}/markers",
        f"{api}/probe/echo",
        f"{api}/probe/bytes",
        f"{api}/probe/cookies",
        f"{api}/probe/error",
        f"{api}/probe/request",
        f"{api}/nowhere",
    )


def own() -> tuple[FastAPI, tuple[str, ...]]:
    return Application().app, ("/state-not-there", "/echo", "/raise", "/echo/", "/ä")


@pytest.mark.parametrize("make", [example, own])
@pytest.mark.filterwarnings("ignore::UserWarning:fastapi")
def test_answers_as_plain_mangum(make: Callable[[], tuple[FastAPI, tuple[str, ...]]]) -> None:
    app, paths = make()
    plain, kept = Mangum(app), KeptLifespan(Mangum(app), start_limit=5, pause_limit=240)
    source = random.Random(20261124)
    statuses = set()
    for number in range(EVENTS):
        given = generated(source, paths)
        expected = outcome(plain, given)
        assert outcome(kept, given) == expected, f"event {number}: {given}"
        statuses.add(expected[:18])
    assert len(statuses) > 3, "the events must reach more than errors"
