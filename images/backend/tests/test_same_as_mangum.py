"""The responses of the kept lifespan are byte for byte those of Mangum, for 500 generated events each."""

import asyncio
import base64
import json
import random
import string
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
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
    """An event like one of an HTTP API, or sometimes one that no adapter knows."""
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
def test_answers_like_plain_mangum(make: Callable[[], tuple[FastAPI, tuple[str, ...]]]) -> None:
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


class Dying:
    """An application whose lifespan fails where a script says so: at its start, or in a request."""

    def __init__(self, deaths: list[str]) -> None:
        self.deaths = list(deaths)
        self.open = False
        self.app = FastAPI(lifespan=self.lifespan)

        @self.app.get("/")
        async def query() -> str:
            if not self.open:
                raise RuntimeError("the connection is closed")
            if self.deaths.pop(0) == "later":
                self.died.set()
            return "answered"

    @asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        if self.deaths[0] == "start":
            self.deaths.pop(0)
            raise OSError("no database")
        self.died = asyncio.Event()
        self.open = True
        try:
            async with asyncio.TaskGroup() as group:
                watch = group.create_task(self.watch())
                yield
                watch.cancel()
        finally:
            self.open = False

    async def watch(self) -> None:
        await self.died.wait()
        raise OSError("the connection is lost")


class OneSecondLater:
    """The clocks of a client that comes a second after the previous one, so that a failed start is not
    remembered.
    """

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> tuple[float, float]:
        self.seconds += 1
        return self.seconds, self.seconds


def failed(handler: Callable[[Any, Any], Any]) -> bool:
    try:
        return bool(handler(event(), None)["statusCode"] >= 500)
    except Exception:
        return True


@pytest.mark.parametrize("seed", range(20))
def test_fails_no_more_requests_than_plain_mangum_if_lifespans_fail(seed: int) -> None:
    source = random.Random(seed)
    deaths = source.choices(["start", "later", "never"], [1, 1, 2], k=30)
    plain = Mangum(Dying([*deaths, "never"]).app)
    mine = KeptLifespan(
        Mangum(Dying([*deaths, "never"]).app), start_limit=5, pause_limit=240, now=OneSecondLater()
    )
    # Mangum starts the lifespan in each request, and each start may fail. A kept lifespan starts less often.
    theirs = sum(failed(plain) for _ in range(30))
    assert sum(failed(mine) for _ in range(30)) <= theirs
    assert theirs > 0
