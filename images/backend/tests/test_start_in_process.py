"""The start itself, without a separate process: the line in the log, and the message of each error."""

import asyncio
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from applications import Application, event
from conftest import Serve
from fake_parameter_store import FakeParameterStore, error, parameter
from mangum import Mangum

import start_up
from start_up import meanwhile, serving
from start_up import start as module
from start_up.ahead import Recorded
from start_up.failure import ADVICE, BackendError, StartUpError
from start_up.start import start

PATH = "/kairos/test/secrets"
SECRET = "zQ7-a-secret-of-the-test"
DIGEST = f"sha256:{'1' * 64}"

Write = Callable[[str], str]
"""Writes a module with this source code. Returns the path of its `handler`."""


@pytest.fixture
def store(serve: Serve) -> FakeParameterStore:
    return serve([], [parameter(f"{PATH}/SECRET_KEY", SECRET, "SecureString")])


@pytest.fixture(autouse=True)
def place(store: FakeParameterStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder as in the image, with the variables of the function."""
    for name, value in {
        "AWS_REGION": "eu-west-2",
        "AWS_ACCESS_KEY_ID": "AKID",
        "AWS_SECRET_ACCESS_KEY": "the-role",
        "AWS_ENDPOINT_URL_SSM": store.endpoint,
        "KAIROS_PARAMETER_PATH": f"{PATH}/",
        "KAIROS_REQUIRED_PARAMETERS": "SECRET_KEY",
        "KAIROS_IMAGE_DIGEST": DIGEST,
    }.items():
        monkeypatch.setenv(name, value)
    # The start sets it, so the test removes it.
    monkeypatch.setenv("SECRET_KEY", "")
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and str(tmp_path) in str(sys.modules[name].__file__):
            del sys.modules[name]


@pytest.fixture
def write(place: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    def written(source: str) -> str:
        (place / "written.py").write_text(source)
        importlib.invalidate_caches()
        monkeypatch.setenv("KAIROS_HANDLER", "written.handler")
        return "written.handler"

    return written


@pytest.fixture
def serving_an_application(write: Write, monkeypatch: pytest.MonkeyPatch) -> Application:
    """The function runs an application with a lifespan, behind Mangum."""
    application = Application()
    monkeypatch.setattr(sys.modules["applications"], "given", Mangum(application.app), raising=False)
    write("from applications import given as handler\n")
    return application


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[dict[str, Any]]]:
    """The new lines of the log."""
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


Said = Callable[[], list[dict[str, Any]]]
PLAIN = "import os\ndef handler(event, context): return os.environ['SECRET_KEY'], event, context\n"


def test_the_handler_gets_its_arguments_and_the_secrets(write: Write) -> None:
    write(PLAIN)
    assert start()({"a": 1}, "context") == (SECRET, {"a": 1}, "context")


def test_one_line_reports_a_start_without_a_lifespan(write: Write, said: Said) -> None:
    write(PLAIN)
    handler = start()
    handler({}, None)
    (line,) = said()
    assert (line["level"], line["message"]) == ("INFO", "cold start")
    assert {name: line[name] for name in ("secrets", "calls", "digest", "version")} == {
        "secrets": 1,
        "calls": 2,
        "digest": DIGEST,
        "version": None,
    }
    assert set(line["milliseconds"]) == {"secrets", "import", "overlap"}


class Ticks:
    """A clock that stands still unless a test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


def test_each_phase_is_reported_in_milliseconds(
    write: Write, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """5 s until the reading began, 0.25 s of imports ahead, 2 s of waiting, 0.75 s for the application."""
    clock = Ticks()

    class Loading:
        """Secrets that took 0.125 s to arrive."""

        seconds = 0.125
        over = failed = False

        def finish(self) -> Any:
            clock.now += 2
            return module.Loaded(calls=3, secrets={"A": "1", "B": "2"})

    def begin_loading(*_: Any) -> Loading:
        clock.now += 5
        return Loading()

    def ahead(*_: Any) -> None:
        clock.now += 0.25

    def moved() -> None:
        clock.now += 0.75

    monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr(module, "begin_loading", begin_loading)
    monkeypatch.setattr(meanwhile, "import_ahead", ahead)
    monkeypatch.setattr(sys.modules["applications"], "moved", moved, raising=False)
    write("from applications import moved\nmoved()\ndef handler(event, context): pass\n")
    start()
    (line,) = said()
    assert line["milliseconds"] == {"secrets": 125, "import": 1000, "overlap": 125}
    assert (line["secrets"], line["calls"]) == (2, 3)


def test_the_line_is_written_once_with_the_first_lifespan(
    serving_an_application: Application, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAIROS_LIFESPAN_PAUSE_LIMIT", "0.000001")
    handler = start()
    assert said() == []
    answers = [handler(event(), None) for _ in range(2)]
    assert [json.loads(answer["body"]) for answer in answers] == [{"opened": 1}, {"opened": 2}]
    (line,) = said()
    assert set(line["milliseconds"]) == {"secrets", "import", "overlap", "lifespan"}


def test_the_lifespan_stays_open_over_a_short_pause(serving_an_application: Application) -> None:
    handler = start()
    for _ in range(3):
        handler(event(), None)
    assert (serving_an_application.opened, serving_an_application.closed) == (1, 0)


def test_the_variable_limits_the_start_of_a_lifespan(
    serving_an_application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    serving_an_application.start = never
    monkeypatch.setenv("KAIROS_LIFESPAN_START_LIMIT", "0.01")
    with pytest.raises(StartUpError, match=r"did not start within 0\.01 s"):
        start()(event(), None)


def test_the_lifespan_is_mangums_own_if_configured(
    serving_an_application: Application, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAIROS_LIFESPAN", "invocation")
    handler = start()
    (line,) = said()
    assert line["message"] == "cold start"
    for _ in range(2):
        handler(event(), None)
    assert (serving_an_application.opened, serving_an_application.closed) == (2, 2)


def test_a_mangum_without_the_used_members_opens_its_own_lifespan(
    serving_an_application: Application, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "unsupported", lambda adapter: "LifespanCycle.run" if adapter.app else None)
    handler = start()
    warning, line = said()
    assert (warning["level"], warning["step"]) == ("WARN", "lifespan")
    assert warning["message"] == (
        "this Mangum has no LifespanCycle.run: the lifespan is opened in every invocation"
    )
    assert line["message"] == "cold start"
    for _ in range(2):
        handler(event(), None)
    assert serving_an_application.opened == 2


def test_a_failing_lifespan_of_mangum_is_reported_without_its_message(
    serving_an_application: Application, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail() -> None:
        raise ValueError(SECRET)

    serving_an_application.start = fail
    monkeypatch.setenv("KAIROS_LIFESPAN", "invocation")
    handler = start()
    with pytest.raises(BackendError):
        handler(event(), None)
    lines = said()
    assert "the application's lifespan failed: ValueError" in [line["message"] for line in lines]
    assert SECRET not in json.dumps(lines)


def test_the_header_of_the_edge_is_removed_if_configured(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("def handler(event, context): return event\n")
    given = {"headers": {"x-origin-verify": "proof", "a": "b"}}
    assert start()(given, None) == given
    monkeypatch.setenv("KAIROS_ORIGIN_HEADER", "x-origin-verify")
    monkeypatch.delenv("SECRET_KEY")
    assert start()(given, None) == {"headers": {"a": "b"}}


def test_an_exception_of_an_invocation_is_reported_without_its_message(write: Write, said: Said) -> None:
    write(f"def handler(event, context): raise ValueError({SECRET!r})\n")
    handler = start()
    with pytest.raises(BackendError, match=f"^the backend raised ValueError; {ADVICE}$"):
        handler({}, None)
    assert said()[-1]["step"] == "invocation"


def failed(said: Said) -> tuple[str, dict[str, Any]]:
    """The exception of a start that must fail, and its one line in the log."""
    with pytest.raises(StartUpError) as raised:
        start()
    (line,) = said()
    assert line["level"] == "ERROR"
    assert line["message"] == str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None
    return str(raised.value), line


def test_an_invalid_variable_stops_at_the_step_secrets(
    write: Write, said: Said, store: FakeParameterStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(PLAIN)
    monkeypatch.setenv("KAIROS_LIFESPAN", "forever")
    told, line = failed(said)
    assert "KAIROS_LIFESPAN is 'forever'" in told
    assert line["step"] == "secrets"
    assert store.requests == []


def test_a_refused_read_stops_before_the_application_is_imported(
    write: Write, said: Said, store: FakeParameterStore
) -> None:
    write("raise AssertionError('imported')\n")
    store.steps = [error(400, "ExpiredTokenException")]
    told, line = failed(said)
    assert "have expired" in told
    assert line["step"] == "secrets"


def test_an_unexpected_error_is_reported_only_by_its_type(
    write: Write, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise LookupError(SECRET)

    write(PLAIN)
    monkeypatch.setattr(module, "begin_loading", broken)
    message, line = failed(said)
    assert message == "the secrets cannot be read: LookupError"
    assert line["step"] == "secrets"
    assert line["trace"][0] == "LookupError"
    assert line["trace"][-1].endswith(" broken")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import nowhere_to_be_found\n", "ModuleNotFoundError about nowhere_to_be_found"),
        ("raise ValueError('CORS_ORIGINS and MAIL_PORT')\n", "ValueError about CORS_ORIGINS, MAIL_PORT"),
        ("import os\nraise ValueError(os.environ['SECRET_KEY'])\n", "ValueError"),
        ("import sys\nsys.exit(1)\n", "SystemExit"),
        ("import os\nos.nothing\n", "AttributeError"),
    ],
)
def test_an_application_that_cannot_be_imported_is_reported_by_type_and_names(
    write: Write, said: Said, monkeypatch: pytest.MonkeyPatch, source: str, message: str
) -> None:
    monkeypatch.setenv("CORS_ORIGINS", "x")
    monkeypatch.setenv("MAIL_PORT", "25")
    name = write(source)
    told, line = failed(said)
    assert told == f"{name} cannot be imported: {message}; {ADVICE}"
    assert line["step"] == "import"
    assert line["trace"][0] == message.partition(" ")[0]


def test_a_handler_that_is_not_a_function_is_reported(write: Write, said: Said) -> None:
    name = write("handler = 1\n")
    told, line = failed(said)
    assert told == f"{name} is not a function; KAIROS_HANDLER must name the backend's handler"
    assert (line["step"], line["trace"]) == ("import", [])


def test_a_missing_handler_is_reported_with_what_to_write(write: Write, said: Said) -> None:
    name = write("app = 1\n")
    told, line = failed(said)
    module, _, attribute = name.rpartition(".")
    assert told == f"{name} is not there; give {module} one: {attribute} = Mangum(app)"
    assert (line["step"], line["trace"]) == ("import", [])


def test_a_handler_of_a_package_is_found(place: Path, monkeypatch: pytest.MonkeyPatch, said: Said) -> None:
    (place / "packaged").mkdir()
    (place / "packaged" / "main.py").write_text("def handler(event, context): return 'packaged'\n")
    monkeypatch.setenv("KAIROS_HANDLER", "packaged.main.handler")
    assert start()({}, None) == "packaged"


def test_the_recorded_modules_are_imported_before_the_application(
    place: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This happens while the secrets are read, so the import also gets the reading."""
    order: list[Any] = []
    monkeypatch.setattr(meanwhile, "recorded", lambda: Recorded(["recorded"], {}))
    monkeypatch.setattr(meanwhile, "import_ahead", lambda names, loading: order.extend([names, loading.over]))
    write("def handler(event, context): pass\n")
    start()
    assert order[0] == ["start_up.serving", "recorded"]
    assert order[1] in (True, False)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('[project]\nversion = "1.2.3"\n', "1.2.3"),
        ("[project]\nversion = 1\n", None),
        ('[project]\nname = "ü"\ndynamic = ["version"]\n', None),
        ("[tool.poetry]\n", None),
        (None, None),
    ],
)
def test_the_version_is_that_of_the_backends_pyproject(
    place: Path, write: Write, said: Said, text: str | None, version: str | None
) -> None:
    if text is not None:
        (place / "pyproject.toml").write_text(text, encoding="utf-8")
    write("def handler(event, context): pass\n")
    start()
    assert said()[0]["version"] == version


@pytest.mark.parametrize(
    "content",
    [b"[project\nversion =", b"\xff\xfe", b"\xef\xbb\xbf[project]\nversion = '1'\n", b"project = 1\n"],
    ids=["half", "no text", "with a mark of Windows", "no table"],
)
def test_an_unreadable_pyproject_fails_no_request(
    place: Path, write: Write, said: Said, content: bytes
) -> None:
    """Otherwise it would only cause one word in the log."""
    (place / "pyproject.toml").write_bytes(content)
    write("def handler(event, context): return 'answer'\n")
    assert start()({}, None) == "answer"
    assert said()[0]["version"] is None


def test_the_package_creates_its_handler_once(
    write: Write, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(PLAIN)
    monkeypatch.delitem(vars(start_up), "handler", raising=False)
    first = start_up.handler
    assert start_up.handler is first
    assert len(said()) == 1
    monkeypatch.delitem(vars(start_up), "handler")
