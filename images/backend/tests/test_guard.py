"""Exceptions of a backend: their type and place are reported, but never their message."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from start_up.failure import BackendError, StartUpError
from start_up.guard import ADVICE, GuardedLifespan, guarded

SECRET = "opensesame-of-the-backend"


def test_a_response_is_passed_on_with_the_arguments() -> None:
    assert guarded(lambda event, context: (event, context))("an event", "a context") == (
        "an event",
        "a context",
    )


def test_an_error_is_reported_by_type_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    def broken(event: Any, context: Any) -> None:
        raise OSError(SECRET)

    with pytest.raises(BackendError) as raised:
        guarded(broken)(None, None)
    assert str(raised.value) == f"the backend raised OSError; {ADVICE}"
    assert raised.value.__context__ is None, "the runtime prints the chain"
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["level"], line["step"]) == ("ERROR", "invocation")
    assert line["message"] == f"the backend raised OSError; {ADVICE}"
    assert line["trace"][0] == "OSError"
    assert line["trace"][-1].endswith(" broken")


def test_a_system_exit_is_reported_too() -> None:
    def leaving(event: Any, context: Any) -> None:
        raise SystemExit(SECRET)

    with pytest.raises(BackendError, match="SystemExit"):
        guarded(leaving)(None, None)


def test_an_error_of_the_start_itself_is_passed_on(capsys: pytest.CaptureFixture[str]) -> None:
    fault = StartUpError("said already")

    def refused(event: Any, context: Any) -> None:
        raise fault

    with pytest.raises(StartUpError) as raised:
        guarded(refused)(None, None)
    assert raised.value is fault
    assert capsys.readouterr().out == ""


class Server:
    """The server side of an application: what it received, and its responses."""

    def __init__(self, refuses: BaseException | None = None) -> None:
        self.refuses = refuses
        self.sent: list[dict[str, Any]] = []
        self.told: list[tuple[str, list[str]]] = []

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)
        if self.refuses is not None:
            raise self.refuses

    def run(self, application: Callable[..., Any], kind: str = "lifespan") -> None:
        guard = GuardedLifespan(application, lambda name, frames: self.told.append((name, frames)))
        asyncio.run(guard({"type": kind}, "receive", self.send))


async def failing(scope: Any, receive: Any, send: Any) -> None:
    raise OSError(SECRET)


def test_a_request_is_not_changed() -> None:
    seen: list[Any] = []

    async def application(*given: Any) -> None:
        seen.extend(given)
        raise OSError("as it is")

    server = Server()
    with pytest.raises(OSError, match="as it is"):
        server.run(application, "http")
    assert seen == [{"type": "http"}, "receive", server.send]
    assert server.told == []


def test_a_lifespan_gets_its_scope_and_what_it_receives() -> None:
    seen: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.extend((scope, receive))

    Server().run(application)
    assert seen == [{"type": "lifespan"}, "receive"]


def test_a_failing_lifespan_is_reported_and_not_raised() -> None:
    server = Server()
    server.run(failing)
    ((kind, frames),) = server.told
    assert kind == "OSError"
    assert frames[-1].endswith(" failing")


def test_a_message_is_passed_on_without_its_text() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "lifespan.startup.failed", "message": SECRET, "more": 1})

    server = Server()
    server.run(application)
    assert server.sent == [{"type": "lifespan.startup.failed", "more": 1}]
    assert server.told == []


def test_an_error_of_the_server_is_raised_to_it_again() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "lifespan.startup.complete"})

    fault = RuntimeError("no such message")
    server = Server(refuses=fault)
    with pytest.raises(RuntimeError) as raised:
        server.run(application)
    assert raised.value is fault
    assert server.told == []


def test_the_cause_of_an_error_of_the_server_is_reported() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        try:
            await failing(scope, receive, send)
        except OSError:
            await send({"type": "lifespan.startup.failed", "message": SECRET})

    fault = RuntimeError("no such message")
    server = Server(refuses=fault)
    with pytest.raises(RuntimeError) as raised:
        server.run(application)
    assert raised.value.__context__ is None
    assert [kind for kind, _ in server.told] == ["OSError"]


def test_another_error_belongs_to_the_application() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        try:
            await send({"type": "lifespan.startup.complete"})
        except RuntimeError:
            raise ValueError(SECRET) from None

    server = Server(refuses=RuntimeError("no such message"))
    server.run(application)
    assert [kind for kind, _ in server.told] == ["ValueError"]


def test_a_cancelled_lifespan_prints_nothing() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        raise asyncio.CancelledError

    server = Server()
    server.run(application)
    assert server.told == []


def test_a_refused_message_of_a_cancelled_lifespan_prints_nothing() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        try:
            raise asyncio.CancelledError
        except asyncio.CancelledError:
            await send({"type": "lifespan.shutdown.failed"})

    server = Server(refuses=RuntimeError("too late"))
    with pytest.raises(RuntimeError, match="too late"):
        server.run(application)
    assert server.told == []
