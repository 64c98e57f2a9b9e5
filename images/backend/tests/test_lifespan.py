"""The lifespan: opened once, retried, stopped, opened again after a pause, or left to Mangum."""

import asyncio
import json
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import mangum.exceptions
import mangum.protocols
import pytest
from applications import Application, event
from fastapi import FastAPI
from mangum import Mangum

from start_up.failure import StartUpError
from start_up.guard import guarded
from start_up.lifespan import KeptLifespan, LifespanError, adapter_of, guarded_adapter, unsupported

START_LIMIT = 0.1
PAUSE_LIMIT = 240.0


class Clocks:
    """The two clocks of the module, which a test moves. One of them may stand still."""

    def __init__(self) -> None:
        self.monotonic = 100.0
        self.wall = 1_795_521_600.0

    def __call__(self) -> tuple[float, float]:
        return self.monotonic, self.wall


def kept(app: Any, clocks: Clocks | None = None, **more: Any) -> KeptLifespan:
    return KeptLifespan(
        Mangum(app, **more), start_limit=START_LIMIT, pause_limit=PAUSE_LIMIT, now=clocks or Clocks()
    )


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    lines = capsys.readouterr().out.splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_opens_once_in_a_hundred_invocations() -> None:
    application = Application()
    handler = kept(application.app)
    assert application.opened == 0, "opened by the first invocation, not before"
    statuses = {handler(event(), None)["statusCode"] for _ in range(100)}
    assert (statuses, application.opened, application.closed) == ({200}, 1, 0)


def test_plain_mangum_opens_in_each_invocation() -> None:
    application = Application()
    handler = Mangum(application.app)
    for _ in range(10):
        handler(event(), None)
    assert application.opened == 10


def test_reports_how_long_each_opening_took() -> None:
    took: list[float] = []
    handler = KeptLifespan(
        Mangum(Application().app), start_limit=1, pause_limit=1, opened=took.append, now=Clocks()
    )
    handler(event(), None)
    handler(event(), None)
    assert len(took) == 1
    assert 0 < took[0] < 60


def test_gives_each_request_its_own_copy_of_the_state() -> None:
    handler = kept(Application().app)
    plain = Mangum(Application().app)(event(path="/state"), None)["body"]
    assert [handler(event(path="/state"), None)["body"] for _ in range(2)] == [plain, plain]


def test_stays_on_one_loop_even_if_it_is_replaced() -> None:
    handler = kept(Application().app)
    first = handler(event(path="/loop"), None)["body"]
    asyncio.set_event_loop(None)
    assert handler(event(path="/loop"), None)["body"] == first


class Fails:
    """A start that fails this number of times, and then works."""

    def __init__(self, times: int, error: Exception) -> None:
        self.left = times
        self.error = error

    async def __call__(self) -> None:
        if self.left > 0:
            self.left -= 1
            raise self.error


def test_fails_the_invocation_if_the_start_fails_and_retries_in_the_next() -> None:
    application, clocks = Application(start=Fails(2, OSError("no database"))), Clocks()
    handler = kept(application.app, clocks)
    for _ in range(2):
        with pytest.raises(LifespanError, match="failed to start: OSError"):
            handler(event(), None)
        clocks.wall += 1
    assert handler(event(), None)["statusCode"] == 200
    assert handler(event(), None)["statusCode"] == 200
    assert application.opened == 3


def test_a_burst_does_not_wait_for_a_failing_start() -> None:
    application, clocks = Application(start=Fails(1, OSError("no database"))), Clocks()
    handler = kept(application.app, clocks)
    for _ in range(20):
        with pytest.raises(LifespanError, match="failed to start: OSError"):
            handler(event(), None)
        clocks.monotonic += 0.049
    assert application.opened == 1
    clocks.monotonic += 0.1
    assert handler(event(), None)["statusCode"] == 200


def test_says_in_one_line_what_failed_and_where(capsys: pytest.CaptureFixture[str]) -> None:
    handler = kept(Application(start=Fails(1, OSError("no database"))).app)
    with pytest.raises(LifespanError):
        handler(event(), None)
    (line,) = logged(capsys)
    assert line["level"] == "ERROR"
    assert line["step"] == "lifespan start"
    assert line["message"] == "the application's lifespan failed to start: OSError"
    assert line["trace"][0] == "OSError"
    assert __file__ in line["trace"][-1]
    assert 0 <= line["milliseconds"] < 60_000


async def dies_with(message: str) -> None:
    raise OSError(message)


async def exits_with(message: str) -> None:
    sys.exit(message)


async def is_cancelled_with(message: str) -> None:
    raise asyncio.CancelledError(message)


SECRET = "cluster0.hidden.example"


@pytest.mark.parametrize(
    ("when", "death"),
    [
        ("start", dies_with),
        ("start", exits_with),
        ("start", is_cancelled_with),
        ("stop", dies_with),
        ("stop", exits_with),
        ("later", dies_with),
    ],
)
@pytest.mark.parametrize("mode", ["auto", "on"])
def test_repeats_no_message_of_a_failing_lifespan(
    when: str,
    death: Callable[[str], Awaitable[None]],
    mode: Any,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def die() -> None:
        await death(SECRET)

    clocks = Clocks()
    application = Mortal(die) if when == "later" else Application(**{when: die})
    caplog.set_level("DEBUG")
    handler = guarded(kept(application.app, clocks, lifespan=mode))
    said = []
    for _ in range(3):
        for path in ("/die", "/"):
            try:
                handler(event(path=path), None)
            except StartUpError as error:
                said += traceback.format_exception(error)
        clocks.wall += PAUSE_LIMIT + 1
    output = capsys.readouterr()
    everything = "".join([output.out, output.err, caplog.text, *said])
    assert "Error" in everything or "Exit" in everything, "a failure must be told"
    assert "hidden" not in everything


async def forever() -> None:
    await asyncio.Event().wait()


class Hangs:
    """Hangs the first time, and works after that."""

    def __init__(self) -> None:
        self.cancelled = False
        self.called = 0

    async def __call__(self) -> None:
        self.called += 1
        if self.called == 1:
            try:
                await forever()
            except asyncio.CancelledError:
                self.cancelled = True
                raise


def test_stops_a_start_that_hangs_and_retries(capsys: pytest.CaptureFixture[str]) -> None:
    hangs, clocks = Hangs(), Clocks()
    handler = kept(Application(start=hangs).app, clocks)
    with pytest.raises(LifespanError, match=r"did not start within 0\.1 s"):
        handler(event(), None)
    assert hangs.cancelled, "what it waits for must not go on in the next invocation"
    (line,) = logged(capsys)
    assert line["step"] == "lifespan start"
    assert line["milliseconds"] >= START_LIMIT * 1000 - 1
    clocks.wall += 1
    assert handler(event(), None)["statusCode"] == 200


@pytest.mark.parametrize("how", ["hangs", "fails"])
def test_a_failed_start_leaves_nothing_running(how: str) -> None:
    children: list[asyncio.Task[None]] = []

    async def grandchild() -> None:
        children.append(asyncio.create_task(forever()))
        await forever()

    async def begin() -> None:
        children.append(asyncio.create_task(grandchild()))
        await asyncio.sleep(0)
        if how == "fails":
            raise OSError
        await forever()

    handler = kept(Application(start=begin).app)
    with pytest.raises(LifespanError):
        handler(event(), None)
    assert [child.cancelled() for child in children] == [True] * 2


def test_a_failed_start_does_not_cancel_other_tasks() -> None:
    loop = asyncio.get_event_loop_policy().get_event_loop()
    others = loop.create_task(forever())
    with pytest.raises(LifespanError):
        kept(Application(start=forever).app)(event(), None)
    assert not others.done()


class Mortal(Application):
    """Its lifespan fails with the error of a task, as with a broken connection, if a request causes it."""

    def __init__(self, die: Callable[[], Awaitable[None]], later: float = 0) -> None:
        super().__init__()
        died = asyncio.Event()

        async def watch() -> None:
            await died.wait()
            died.clear()
            await die()

        @asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, object]]:
            self.opened += 1
            self.connected = True
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(watch())
                    yield {"connection": self.opened}
            finally:
                self.connected = False

        self.app.router.lifespan_context = lifespan

        @self.app.get("/die")
        async def strike() -> int:
            assert self.connected
            died.set()
            return self.opened

        @self.app.get("/query")
        async def query() -> int:
            assert self.connected
            return self.opened


def test_opens_a_lifespan_again_after_it_failed(capsys: pytest.CaptureFixture[str]) -> None:
    async def die() -> None:
        raise OSError("the connection is lost")

    handler = kept(Mortal(die).app)
    answers = [
        handler(event(path=path), None) for path in ("/query", "/die", "/query", "/query", "/die", "/query")
    ]
    assert [answer["statusCode"] for answer in answers] == [200] * 6
    assert [answer["body"] for answer in answers] == ["1", "1", "2", "2", "2", "3"]
    lines = logged(capsys)
    assert [line["level"] for line in lines] == ["WARN"], "the same is told once"
    assert any(frame.startswith("  OSError") for frame in lines[0]["trace"])
    assert lines[0]["message"].startswith("the application's lifespan has ended with ")
    assert lines[0]["step"] == "lifespan"


def test_opens_again_on_a_new_loop_if_the_application_closed_its_loop() -> None:
    application = Application()

    handler = kept(application.app)
    handler(event(), None)
    loop = handler._loop
    loop.run_until_complete(handler._cycle.shutdown())
    loop.close()
    assert [handler(event(), None)["statusCode"] for _ in range(2)] == [200, 200]
    assert application.opened == 2


def test_uses_a_new_loop_if_the_import_closed_the_current_one() -> None:
    asyncio.get_event_loop_policy().get_event_loop().close()
    assert kept(Application().app)(event(), None)["statusCode"] == 200


@pytest.mark.parametrize("clock", ["monotonic", "wall"])
def test_opens_again_after_a_long_pause_on_either_clock(clock: str) -> None:
    application, clocks = Application(), Clocks()
    handler = kept(application.app, clocks)
    handler(event(), None)
    setattr(clocks, clock, getattr(clocks, clock) + PAUSE_LIMIT + 1)
    assert json.loads(handler(event(), None)["body"]) == {"opened": 2}
    assert application.closed == 1


def test_stays_open_over_a_short_pause() -> None:
    application, clocks = Application(), Clocks()
    handler = kept(application.app, clocks)
    for _ in range(10):
        handler(event(), None)
        clocks.monotonic += PAUSE_LIMIT
        clocks.wall += PAUSE_LIMIT
    assert (application.opened, application.closed) == (1, 0)


async def resets() -> None:
    raise OSError("reset")


@pytest.mark.parametrize(("stop", "reason"), [(forever, "took too long"), (resets, "OSError")])
def test_answers_even_if_the_old_lifespan_does_not_close(
    stop: Any, reason: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("start_up.lifespan.CLOSE_LIMIT", 0.05)
    clocks = Clocks()
    handler = kept(Application(stop=stop).app, clocks)
    handler(event(), None)
    clocks.wall += PAUSE_LIMIT + 1
    assert handler(event(), None)["statusCode"] == 200
    (line,) = logged(capsys)
    assert (line["level"], line["step"]) == ("WARN", "lifespan close")
    assert line["message"] == f"the application's lifespan did not close: {reason}"
    assert [frame for frame in line["trace"] if frame.endswith(f" {stop.__name__}")] == [
        frame for frame in line["trace"][-1:] if reason == "OSError"
    ]


def test_does_not_wait_for_a_lifespan_that_ignores_its_cancellation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("start_up.lifespan.CLOSE_LIMIT", 0.05)
    clocks, over = Clocks(), False

    async def stubborn() -> None:
        while not over:
            try:
                await forever()
            except asyncio.CancelledError:
                continue

    async def begin() -> None:
        asyncio.get_running_loop().create_task(stubborn())

    application = Application(start=begin)
    handler = kept(application.app, clocks)
    for _ in range(2):
        assert handler(event(), None)["statusCode"] == 200
        clocks.wall += PAUSE_LIMIT + 1
    assert application.opened == 2
    over = True


async def bare(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """An application without a lifespan."""
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def test_serves_an_application_without_a_lifespan(capsys: pytest.CaptureFixture[str]) -> None:
    assert kept(bare)(event(), None)["statusCode"] == 204
    (line,) = logged(capsys)
    assert line["message"].startswith(
        "the application has no lifespan, or it ended at once with AssertionError"
    )


async def answers_everything(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answers a lifespan event like a request."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize("mode", ["auto", "on"])
def test_serves_an_application_that_treats_a_lifespan_as_a_request(mode: Any) -> None:
    ours = kept(answers_everything, lifespan=mode)(event(), None)
    assert ours == Mangum(answers_everything, lifespan=mode)(event(), None)
    assert ours["statusCode"] == 204


def test_passes_on_the_context() -> None:
    seen: list[Any] = []

    async def asks(scope: dict[str, Any], receive: Any, send: Any) -> None:
        seen.append(scope.get("aws.context"))
        await bare(scope, receive, send)

    context = object()
    kept(asks)(event(), context)
    assert seen[-1] is context


def test_opens_on_the_loop_that_the_application_was_imported_with() -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    handler = kept(Application().app)
    assert json.loads(handler(event(path="/loop"), None)["body"]) == id(loop)


def test_a_new_loop_is_the_current_one_for_mangum_too() -> None:
    asyncio.set_event_loop(None)
    handler = kept(Application().app)
    assert asyncio.get_event_loop_policy().get_event_loop() is handler._loop


def test_guards_a_lifespan_that_mangum_keeps_opening(capsys: pytest.CaptureFixture[str]) -> None:
    adapter = Mangum(Application(start=resets).app, lifespan="on")
    before = dict(vars(adapter))
    with pytest.raises(mangum.exceptions.LifespanFailure) as raised:
        guarded_adapter(adapter)(event(), None)
    assert vars(adapter) == before
    assert "reset" not in str(raised.value)
    (line,) = logged(capsys)
    assert (line["level"], line["step"]) == ("ERROR", "lifespan")
    assert line["message"] == "the application's lifespan failed: OSError"
    assert line["trace"][-1].endswith(" resets")


def test_a_guarded_adapter_answers_like_the_adapter() -> None:
    guarded_one, plain = guarded_adapter(Mangum(Application().app)), Mangum(Application().app)
    assert guarded_one(event(path="/state"), None) == plain(event(path="/state"), None)


def test_accepts_only_adapters_that_open_a_lifespan() -> None:
    app = Application().app
    adapter = Mangum(app)
    assert adapter_of(adapter) is adapter
    assert adapter_of(Mangum(app, lifespan="off")) is None
    assert adapter_of(lambda event, context: None) is None


def test_does_not_change_the_given_adapter() -> None:
    app = Application().app
    adapter = Mangum(app)
    KeptLifespan(adapter, start_limit=1, pause_limit=1)
    assert adapter.app is app
    assert adapter.lifespan == "auto"


def test_supports_the_installed_mangum() -> None:
    assert unsupported(Mangum(Application().app)) is None


@pytest.mark.parametrize("name", ["app", "lifespan"])
def test_detects_a_mangum_without_the_used_members(name: str) -> None:
    adapter = Mangum(Application().app)
    delattr(adapter, name)
    assert unsupported(adapter) == f"Mangum.{name}"


def test_detects_a_mangum_with_another_lifespan(monkeypatch: pytest.MonkeyPatch) -> None:
    adapter = Mangum(Application().app)
    with monkeypatch.context() as changed:
        changed.setattr(mangum.protocols.LifespanCycle, "startup", None)
        assert unsupported(adapter) == "LifespanCycle.startup"
    monkeypatch.delattr(mangum.protocols, "LifespanCycle")
    assert unsupported(adapter) == "mangum.protocols.LifespanCycle"


def test_detects_a_mangum_whose_lifespan_has_no_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mangum 0.17 and 0.18."""

    class Older(mangum.protocols.LifespanCycle):
        def __init__(self, app: Any, lifespan: Any) -> None:
            super().__init__(app, lifespan)
            del self.lifespan_state

    monkeypatch.setattr(mangum.protocols, "LifespanCycle", Older)
    assert unsupported(Mangum(Application().app)) == "LifespanCycle.lifespan_state"
