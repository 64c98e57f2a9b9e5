"""The lifespan: open once, tried again, cut off, opened anew after a pause, left to Mangum."""

import asyncio
import json
from typing import Any

import mangum.protocols
import pytest
from applications import Application, event
from mangum import Mangum

from start_up.lifespan import KeptLifespan, LifespanError, adapter_of, unsupported

START_LIMIT = 0.1
PAUSE_LIMIT = 240.0


class Clocks:
    """The two clocks of the module, which a test moves; one of them may stand still."""

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


def test_plain_mangum_opens_in_each() -> None:
    application = Application()
    handler = Mangum(application.app)
    for _ in range(10):
        handler(event(), None)
    assert application.opened == 10


def test_tells_how_long_each_opening_took() -> None:
    took: list[float] = []
    handler = KeptLifespan(
        Mangum(Application().app), start_limit=1, pause_limit=1, opened=took.append, now=Clocks()
    )
    handler(event(), None)
    handler(event(), None)
    assert len(took) == 1
    assert took[0] > 0


def test_gives_each_request_its_own_copy_of_the_state() -> None:
    handler = kept(Application().app)
    plain = Mangum(Application().app)(event(path="/state"), None)["body"]
    assert [handler(event(path="/state"), None)["body"] for _ in range(2)] == [plain, plain]


def test_stays_on_one_loop_even_if_somebody_takes_it_away() -> None:
    handler = kept(Application().app)
    first = handler(event(path="/loop"), None)["body"]
    asyncio.set_event_loop(None)
    assert handler(event(path="/loop"), None)["body"] == first


class Fails:
    """A start that fails as often as it is told, and then works."""

    def __init__(self, times: int, error: Exception) -> None:
        self.left = times
        self.error = error

    async def __call__(self) -> None:
        if self.left > 0:
            self.left -= 1
            raise self.error


def test_fails_the_invocation_when_the_start_fails_and_tries_again() -> None:
    application = Application(start=Fails(2, OSError("no database")))
    handler = kept(application.app)
    for _ in range(2):
        with pytest.raises(LifespanError, match="failed to start: OSError: no database"):
            handler(event(), None)
    assert handler(event(), None)["statusCode"] == 200
    assert handler(event(), None)["statusCode"] == 200
    assert application.opened == 3


def test_says_in_one_line_which_step_failed(capsys: pytest.CaptureFixture[str]) -> None:
    handler = kept(Application(start=Fails(1, OSError("no database"))).app)
    with pytest.raises(LifespanError):
        handler(event(), None)
    (line,) = logged(capsys)
    assert line["level"] == "ERROR"
    assert line["step"] == "lifespan start"
    assert line["message"] == "the application's lifespan failed to start: OSError: no database"


def test_repeats_no_secret_of_a_failing_start(capsys: pytest.CaptureFixture[str]) -> None:
    handler = KeptLifespan(
        Mangum(Application(start=Fails(1, OSError("cannot reach cluster0.example"))).app),
        start_limit=START_LIMIT,
        pause_limit=PAUSE_LIMIT,
        redacted=lambda text: text.replace("cluster0.example", "[MONGO_HOST]"),
        now=Clocks(),
    )
    with pytest.raises(LifespanError) as failed:
        handler(event(), None)
    (line,) = logged(capsys)
    for text in (str(failed.value), line["message"]):
        assert text.endswith("OSError: cannot reach [MONGO_HOST]")
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__, "the runtime prints what is chained"


async def forever() -> None:
    await asyncio.Event().wait()


class Hangs:
    """Hangs the first time and works from then on."""

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


def test_cuts_off_a_start_that_hangs_and_tries_again(capsys: pytest.CaptureFixture[str]) -> None:
    hangs = Hangs()
    handler = kept(Application(start=hangs).app)
    with pytest.raises(LifespanError, match=r"did not start within 0\.1 s"):
        handler(event(), None)
    assert hangs.cancelled, "what it waits for must not go on in the next invocation"
    (line,) = logged(capsys)
    assert line["step"] == "lifespan start"
    assert handler(event(), None)["statusCode"] == 200


@pytest.mark.parametrize("clock", ["monotonic", "wall"])
def test_opens_anew_after_a_long_pause_by_either_clock(clock: str) -> None:
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
        clocks.monotonic += PAUSE_LIMIT - 1
        clocks.wall += PAUSE_LIMIT - 1
    assert (application.opened, application.closed) == (1, 0)


@pytest.mark.parametrize(
    ("stop", "reason"), [(forever, "took too long"), (Fails(1, OSError("reset")), "OSError: reset")]
)
def test_answers_although_the_old_lifespan_does_not_close(
    stop: Any, reason: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("start_up.lifespan.CLOSE_LIMIT", 0.05)
    clocks = Clocks()
    handler = kept(Application(stop=stop).app, clocks)
    handler(event(), None)
    clocks.wall += PAUSE_LIMIT + 1
    assert handler(event(), None)["statusCode"] == 200
    (line,) = logged(capsys)
    assert line["level"] == "WARNING"
    assert reason in line["message"]


def test_serves_an_application_without_a_lifespan() -> None:
    async def bare(scope: dict[str, Any], receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    assert kept(bare)(event(), None)["statusCode"] == 204


def test_takes_only_adapters_that_open_a_lifespan() -> None:
    app = Application().app
    adapter = Mangum(app)
    assert adapter_of(adapter) is adapter
    assert adapter_of(Mangum(app, lifespan="off")) is None
    assert adapter_of(lambda event, context: None) is None


def test_leaves_the_given_adapter_as_it_is() -> None:
    app = Application().app
    adapter = Mangum(app)
    KeptLifespan(adapter, start_limit=1, pause_limit=1)
    assert adapter.app is app
    assert adapter.lifespan == "auto"


def test_supports_the_installed_mangum() -> None:
    assert unsupported(Mangum(Application().app)) is None


@pytest.mark.parametrize("name", ["app", "lifespan"])
def test_notices_a_mangum_without_what_is_used(name: str) -> None:
    adapter = Mangum(Application().app)
    delattr(adapter, name)
    assert unsupported(adapter) == f"Mangum.{name}"


def test_notices_a_mangum_with_another_lifespan(monkeypatch: pytest.MonkeyPatch) -> None:
    adapter = Mangum(Application().app)
    monkeypatch.delattr(mangum.protocols.LifespanCycle, "startup")
    assert unsupported(adapter) == "LifespanCycle.startup"
    monkeypatch.delattr(mangum.protocols, "LifespanCycle")
    assert unsupported(adapter) == "mangum.protocols.LifespanCycle"
