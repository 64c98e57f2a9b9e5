"""The complete start in a separate process: parameters, the example backend, its lifespan and the log."""

import base64
import hashlib
import json
import os
import subprocess
import sys
import threading
import urllib.parse
from pathlib import Path
from typing import Any

import pytest
from applications import event
from conftest import Serve
from fake_parameter_store import Answer, FakeParameterStore, answer, error, parameter, serving, slow
from silent_servers import headers_in_drips, serving_one_after_another

FOLDER = Path(__file__).parent
EXAMPLE = FOLDER.parents[2] / "examples" / "backend"
PATH = "/kairos/test/secrets"
SECRET = "a-secret-that-is-long-enough-for-hs256"
EDGE_KEY = "a-key-that-only-the-edge-may-know"
HEADER = "x-origin-verify"

CALLS = """
import json, sys
from start_up import handler
for event in json.load(sys.stdin):
    try:
        print("ANSWER", json.dumps(handler(event, None)))
    except BaseException as error:
        print("ANSWER", json.dumps({"error": f"{type(error).__name__}: {error}"}))
"""


def logged(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


class Outcome:
    def __init__(self, finished: "subprocess.CompletedProcess[str]") -> None:
        self.code = finished.returncode
        self.everything = finished.stderr + finished.stdout
        lines = finished.stdout.splitlines()
        self.answers = [
            json.loads(line.removeprefix("ANSWER ")) for line in lines if line.startswith("ANSWER")
        ]
        self.logged = logged(finished.stdout)

    def said(self, word: str) -> list[str]:
        """The rest of each line that begins with this word."""
        lines = self.everything.splitlines()
        return [line.removeprefix(word).strip() for line in lines if line.startswith(word)]

    def body(self, index: int = 0) -> Any:
        return json.loads(self.answers[index]["body"])


def invoke(
    fake: FakeParameterStore, *events: dict[str, Any], folder: Path = EXAMPLE, **variables: str
) -> Outcome:
    return run(CALLS, fake, events, folder=folder, **variables)


def run(code: str, fake: FakeParameterStore, given: Any, *, folder: Path, **variables: str) -> Outcome:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{FOLDER.parent}{os.pathsep}{FOLDER}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_REGION": "eu-west-2",
        "AWS_ACCESS_KEY_ID": "AKID",
        "AWS_SECRET_ACCESS_KEY": "the-role",
        "AWS_ENDPOINT_URL_SSM": fake.endpoint,
        "KAIROS_PARAMETER_PATH": f"{PATH}/",
        "KAIROS_HANDLER": "kairos.main.handler",
        "KAIROS_REQUIRED_PARAMETERS": "SECRET_KEY",
        "MAIL_PORT": "2525",
        "KAIROS_IMAGE_DIGEST": f"sha256:{'0' * 64}",
    } | variables
    return Outcome(
        subprocess.run(
            [sys.executable, "-c", code],
            input=json.dumps(given),
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    )


@pytest.fixture
def store(serve: Serve) -> FakeParameterStore:
    return serve(
        [parameter(f"{PATH}/API_KEY_PARTNER", EDGE_KEY, "SecureString")],
        [parameter(f"{PATH}/SECRET_KEY", SECRET, "SecureString")],
    )


def test_the_example_answers_with_its_settings_and_secrets(store: FakeParameterStore) -> None:
    outcome = invoke(store, event(path="/api/v1/probe/settings"))
    assert outcome.body()["MAIL_PORT"] == 2525
    assert "SECRET_KEY" in outcome.body()["names"]


def test_a_key_of_the_edge_does_not_reach_the_application(store: FakeParameterStore) -> None:
    outcome = invoke(store, event(path="/api/v1/probe/settings"))
    assert "API_KEY_PARTNER" not in outcome.body()["names"]
    assert EDGE_KEY not in outcome.everything


def test_a_variable_that_is_set_reaches_the_application(store: FakeParameterStore) -> None:
    assert invoke(store, event(path="/api/v1/probe/settings"), MAIL_PORT="25").body()["MAIL_PORT"] == 25


def test_the_lifespan_is_open_for_all_invocations(store: FakeParameterStore) -> None:
    outcome = invoke(store, *[event(path="/api/v1/probe/lifespan")] * 5)
    assert [outcome.body(index)["openings"] for index in range(5)] == [1] * 5


def test_the_lifespan_is_mangums_own_if_configured(store: FakeParameterStore) -> None:
    outcome = invoke(store, *[event(path="/api/v1/probe/lifespan")] * 3, KAIROS_LIFESPAN="invocation")
    assert [outcome.body(index)["openings"] for index in range(3)] == [1, 2, 3]


def test_one_line_reports_a_cold_start(store: FakeParameterStore) -> None:
    outcome = invoke(store, *[event(path="/api/v1/users/me", headers={"authorization": "Bearer x"})] * 3)
    (line,) = outcome.logged
    assert line["message"] == "cold start"
    assert (line["secrets"], line["calls"], line["version"]) == (1, 2, "0.6.3")
    assert line["digest"] == f"sha256:{'0' * 64}"
    assert set(line["milliseconds"]) == {"secrets", "import", "overlap", "lifespan"}


AHEAD = "import sys\nprint('AHEAD', 'kairos' in sys.modules, 'SECRET_KEY' in __import__('os').environ)\n"


def an_application(folder: Path, *recorded: str, **modules: str) -> Path:
    """An application with one module and these packages, some of which are recorded."""
    (folder / "kairos").mkdir()
    main = "".join(f"import {name}\n" for name in modules)
    (folder / "kairos" / "__init__.py").touch()
    (folder / "kairos" / "main.py").write_text(
        f"import os\n{main}def handler(event, context): return os.environ['SECRET_KEY'][:1]\n"
    )
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source)
    lock = b"a lock"
    (folder / "poetry.lock").write_bytes(lock)
    found = {"lock": hashlib.sha256(lock).hexdigest(), "modules": recorded, "files": {}}
    (folder / "imports.json").write_text(json.dumps(found))
    return folder


def test_recorded_modules_are_imported_while_the_secrets_are_read(
    store: FakeParameterStore, tmp_path: Path
) -> None:
    """The store answers only after the module was imported."""
    waits = "import os, urllib.request\nurllib.request.urlopen(os.environ['RELEASED'], data=b'{}').close()\n"
    folder = an_application(tmp_path, "ahead", ahead=f"{AHEAD}{waits}", other=AHEAD)
    here = threading.Event()

    def when_the_module_is_there(store: FakeParameterStore, request: dict[str, Any]) -> Answer | None:
        return answer(store, request) if here.wait(10) else None

    store.steps = [when_the_module_is_there]

    def released(store: FakeParameterStore, request: dict[str, Any]) -> Answer | None:
        here.set()
        return 200, {}

    with serving(FakeParameterStore([], [released])) as gate:
        outcome = invoke(store, {}, folder=folder, RELEASED=gate.endpoint)
    assert outcome.answers == [SECRET[:1]]
    assert outcome.said("AHEAD") == ["False False", "True True"]
    (line,) = outcome.logged
    taken = line["milliseconds"]
    assert 0 < taken["overlap"] <= min(taken["secrets"], taken["import"])


def an_image(folder: Path) -> Path:
    """The example with the output of record.py, as in the image."""
    for name in ("kairos", "pyproject.toml", "poetry.lock"):
        (folder / name).symlink_to(EXAMPLE / name)
    script = [sys.executable, str(FOLDER.parent / "record.py"), str(folder), "kairos.main", "SECRET_KEY"]
    found = subprocess.run(
        [*script, str(folder / "compiled.bin")], check=True, capture_output=True, timeout=60
    )
    (folder / "imports.json").write_bytes(found.stdout)
    return folder


def test_the_files_of_the_build_change_no_response(store: FakeParameterStore, tmp_path: Path) -> None:
    events = [
        event(path=path)
        for path in (
            "/api/v1/",
            "/api/v1/openapi.json",
            "/api/v1/users/me",
            "/api/v1/probe/bytes",
            "/nowhere",
        )
    ]
    store.steps = [slow(0.5)]
    prepared = invoke(store, *events, folder=an_image(tmp_path))
    plain = invoke(store, *events)
    assert [answer["statusCode"] for answer in prepared.answers] == [200, 200, 401, 200, 404]
    assert prepared.answers == plain.answers


USES = """
import os, sys
from start_up import meanwhile
compiled = []

def hear(event, given):
    if event == "compile" and given[1] == "<string>":
        compiled.append(str(given[0]))

def told(files, reading, read=meanwhile.read_bytecode):
    found = read(files, reading)
    print("READ", any(path.endswith("kairos/main.py") for path in found), "SECRET_KEY" in os.environ)
    return found

meanwhile.read_bytecode = told
sys.addaudithook(hear)
from start_up import handler
print("COMPILED", any("def __init__" in text for text in compiled))
"""


def test_the_files_of_the_build_are_used(store: FakeParameterStore, tmp_path: Path) -> None:
    """The application's bytecode is read before its secrets arrive. Its dataclasses compile nothing."""
    store.steps = [slow(1)]
    outcome = run(USES, store, [], folder=an_image(tmp_path))
    assert (outcome.said("READ"), outcome.said("COMPILED")) == (["True False"], ["False"])
    outcome = run(USES, store, [], folder=EXAMPLE)
    assert (outcome.said("READ"), outcome.said("COMPILED")) == (["False False"], ["True"])


@pytest.mark.parametrize("missing", ["imports.json", "poetry.lock"])
def test_without_a_list_everything_is_imported_after_the_secrets(
    store: FakeParameterStore, tmp_path: Path, missing: str
) -> None:
    folder = an_application(tmp_path, "ahead", ahead=AHEAD)
    (folder / missing).unlink()
    outcome = invoke(store, {}, folder=folder)
    assert outcome.said("AHEAD") == ["True True"]


def test_a_list_of_another_lock_is_not_used(store: FakeParameterStore, tmp_path: Path) -> None:
    folder = an_application(tmp_path, "ahead", ahead=AHEAD)
    (folder / "poetry.lock").write_text("another lock")
    assert invoke(store, {}, folder=folder).said("AHEAD") == ["True True"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import a_module_that_is_missing\n", "ModuleNotFoundError about a_module_that_is_missing;"),
        ("raise ValueError('CORS_ORIGINS is no list')\n", "ValueError about CORS_ORIGINS;"),
        ("import sys\nsys.exit('no')\n", "SystemExit;"),
    ],
)
def test_a_recorded_module_that_fails_is_reported_normally(
    store: FakeParameterStore, tmp_path: Path, source: str, said: str
) -> None:
    folder = an_application(tmp_path, "broken", broken=source)
    given = invoke(store, {}, folder=folder, CORS_ORIGINS="x")
    (folder / "imports.json").unlink()
    as_ever = invoke(store, {}, folder=folder, CORS_ORIGINS="x")
    for outcome in (given, as_ever):
        (line,) = outcome.logged
        assert (line["level"], line["step"]) == ("ERROR", "import")
        assert f"kairos.main.handler cannot be imported: {said}" in line["message"]
        assert outcome.code == 1
    assert given.logged[0]["message"] == as_ever.logged[0]["message"]
    assert given.logged[0]["trace"] == as_ever.logged[0]["trace"]


def test_a_recorded_module_that_fails_once_does_no_harm(store: FakeParameterStore, tmp_path: Path) -> None:
    """For example a module that needs the secrets after all."""
    needy = "import os\nos.environ['SECRET_KEY']\n"
    outcome = invoke(store, {}, folder=an_application(tmp_path, "needy", needy=needy))
    assert outcome.answers == [SECRET[:1]]
    assert len(outcome.logged) == 1


@pytest.mark.parametrize("listed", [True, False])
def test_a_refused_read_is_reported_normally_and_stops_the_imports(
    store: FakeParameterStore, tmp_path: Path, *, listed: bool
) -> None:
    """Of a hundred modules of 50 ms each, it waits for one or two. After that the start ends."""
    store.steps = [error(400, "ExpiredTokenException")]
    slow = {f"slow{number}": f"{AHEAD}import time\ntime.sleep(0.05)\n" for number in range(100)}
    folder = an_application(tmp_path, *slow, **slow)
    if not listed:
        (folder / "imports.json").unlink()
    outcome = invoke(store, {}, folder=folder)
    (line,) = outcome.logged
    assert (outcome.code, line["level"], line["step"]) == (1, "ERROR", "secrets")
    assert "SECRET_KEY; the credentials of the function's role have expired" in line["message"]
    assert len(outcome.said("AHEAD")) <= (20 if listed else 0)


def test_the_deadline_is_the_same_while_modules_are_imported(
    store: FakeParameterStore, tmp_path: Path
) -> None:
    """With a hundred modules of 50 ms each, and a response that arrives in small parts, which no socket
    time-out ends.
    """
    modules = {f"slow{number}": f"{AHEAD}import time\ntime.sleep(0.05)\n" for number in range(100)}
    folder = an_application(tmp_path, *modules, **modules)
    code = f"from start_up import parameter_store\nparameter_store.BUDGET = 1\n{CALLS}"
    with serving_one_after_another(headers_in_drips) as endpoint:
        outcome = run(code, store, [{}], folder=folder, AWS_ENDPOINT_URL_SSM=endpoint)
    assert "gave no answer in 1 s" in outcome.logged[0]["message"]
    assert 0 < len(outcome.said("AHEAD")) <= 20


def test_opening_a_lifespan_again_is_not_a_cold_start(store: FakeParameterStore) -> None:
    events = [event(path="/api/v1/probe/lifespan")] * 3
    outcome = invoke(store, *events, KAIROS_LIFESPAN_PAUSE_LIMIT="0.000001")
    assert [outcome.body(index)["openings"] for index in range(3)] == [1, 2, 3]
    assert len(outcome.logged) == 1


def test_one_line_reports_a_cold_start_without_a_lifespan(store: FakeParameterStore) -> None:
    outcome = invoke(store, event(), event(), KAIROS_LIFESPAN="invocation")
    (line,) = outcome.logged
    assert set(line["milliseconds"]) == {"secrets", "import", "overlap"}


def test_no_value_reaches_the_log(store: FakeParameterStore) -> None:
    outcome = invoke(store, event(path="/api/v1/"))
    assert SECRET not in outcome.everything
    assert "the-role" not in outcome.everything


def test_the_header_of_the_edge_does_not_reach_the_application(store: FakeParameterStore) -> None:
    given = event(path="/api/v1/probe/request", headers={"X-Origin-Verify": "proof", "x-kept": "1"})
    outcome = invoke(store, given, KAIROS_ORIGIN_HEADER=HEADER)
    assert HEADER not in outcome.body()["names"]
    assert "x-kept" in outcome.body()["names"]


def test_the_header_stays_without_an_edge(store: FakeParameterStore) -> None:
    outcome = invoke(store, event(path="/api/v1/probe/request", headers={HEADER: "proof"}))
    assert HEADER in outcome.body()["names"]


def test_a_missing_parameter_stops_the_start_with_its_name(store: FakeParameterStore) -> None:
    outcome = invoke(store, event(), KAIROS_REQUIRED_PARAMETERS="SECRET_KEY,MONGO_HOST")
    assert outcome.code != 0
    assert outcome.answers == []
    (line,) = outcome.logged
    assert (line["level"], line["step"]) == ("ERROR", "secrets")
    assert "MONGO_HOST" in line["message"]
    assert SECRET not in outcome.everything


def test_a_denied_key_stops_the_start_with_the_names(store: FakeParameterStore) -> None:
    store.steps = [error(400, "AccessDeniedException")]
    outcome = invoke(store, event())
    assert outcome.code != 0
    assert "cannot be decrypted (AccessDeniedException): SECRET_KEY" in outcome.logged[0]["message"]


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"KAIROS_PARAMETER_PATH": ""}, "KAIROS_PARAMETER_PATH"),
        ({"KAIROS_PARAMETER_PATH": "/kairos/test"}, "not a path such as /kairos/dev/secrets/"),
        ({"KAIROS_PARAMETER_PATH": "/kairos//secrets/"}, "not a path such as /kairos/dev/secrets/"),
        ({"KAIROS_REQUIRED_PARAMETERS": "A,a=b"}, "KAIROS_REQUIRED_PARAMETERS has 'a=b'"),
        ({"KAIROS_HANDLER": "kairos"}, "KAIROS_HANDLER"),
        ({"KAIROS_LIFESPAN": "forever"}, "KAIROS_LIFESPAN is 'forever', not one of environment, invocation"),
        ({"KAIROS_LIFESPAN_START_LIMIT": "-1"}, "KAIROS_LIFESPAN_START_LIMIT"),
        ({"KAIROS_LIFESPAN_PAUSE_LIMIT": "soon"}, "KAIROS_LIFESPAN_PAUSE_LIMIT"),
    ],
)
def test_an_invalid_variable_stops_the_start(
    store: FakeParameterStore, variables: dict[str, str], said: str
) -> None:
    outcome = invoke(store, event(), **variables)
    assert outcome.code != 0
    assert said in outcome.logged[0]["message"]
    assert store.requests == [], "asked for nothing"


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\n')
    return tmp_path


def test_a_plain_function_is_not_changed(store: FakeParameterStore, backend: Path) -> None:
    (backend / "plain.py").write_text("def handler(event, context): return event\n")
    given = {"anything": ["at", "all"], "headers": {HEADER: "proof", "a": "b"}}
    outcome = invoke(store, given, folder=backend, KAIROS_HANDLER="plain.handler")
    assert outcome.answers == [given]
    assert outcome.logged[0]["version"] == "1"


LONG = "Kq7zvXw2/jR9?Lm&T4=b%20Vd'e\"f\\G8h\nü€Zp5yNc3-and-a-tail-0xA1B2C3D4E5"
FORMS = {
    "whole": "raise ValueError(f'bad: {secret}')",
    "quoted by repr": "raise ValueError(repr(secret))",
    "encoded for an address": "import urllib.parse\n    raise OSError(urllib.parse.quote_plus(secret))",
    "encoded in base 64": "import base64\n    raise ValueError(base64.b64encode(secret.encode()))",
    "in part": "raise ValueError(secret[-20:])",
    "as pydantic quotes it": (
        "from pydantic import TypeAdapter\n    TypeAdapter(dict[str, int]).validate_python({'x': secret})"
    ),
    "in a note": "error = ValueError('x')\n    error.add_note(secret)\n    raise error",
    "in a cause": "raise ValueError('x') from OSError(secret)",
    "in a context": "try:\n        raise OSError(secret)\n    finally:\n        raise ValueError('x')",
    "in a group": "raise ExceptionGroup(secret, [ValueError(secret)])",
    "at exit": "import sys\n    sys.exit(f'cannot go on with {secret}')",
    "as an interrupt": "raise KeyboardInterrupt(secret)",
    "as a missing attribute": "raise AttributeError(secret)",
    "as a missing module": "raise ModuleNotFoundError(secret, name=secret)",
    "as a key": "{}[secret]",
    "in words that fail": (
        "say = lambda self: {}[secret]\n"
        "    raise type('Own', (Exception,), {'__str__': say, '__repr__': say})"
    ),
    "in words of its own": (
        "say = lambda self: secret\n"
        "    raise type('Own', (BaseException,), {'__str__': say, '__repr__': say})"
    ),
}
PLACES = {
    "import": "fail()\ndef handler(event, context): pass\n",
    "invocation": "def handler(event, context): fail()\n",
    "lifespan start": "handler = Mangum(Application(start=failing).app)\n",
    "lifespan start by mangum": "handler = Mangum(Application(start=failing).app)\n",
    "lifespan stop by mangum": "handler = Mangum(Application(stop=failing).app)\n",
    "raw lifespan": (
        "async def app(scope, receive, send):\n"
        "    if scope['type'] == 'lifespan':\n        fail()\n"
        "    await Application().app(scope, receive, send)\n"
        "handler = Mangum(app)\n"
    ),
}


STARTS = """
import json, os, sys, traceback
from start_up.start import start
for name, given in json.load(sys.stdin):
    print("FORM", name, flush=True)
    os.environ.pop("SECRET_KEY", None)
    os.environ["KAIROS_HANDLER"] = f"{name}.handler"
    try:
        start()(given, None)
    except BaseException:
        traceback.print_exc(file=sys.stdout)
"""


@pytest.mark.parametrize("place", PLACES)
def test_no_six_characters_of_a_secret_are_logged(serve: Serve, backend: Path, place: str) -> None:
    """Wherever the backend raises an exception, and however the secret is contained in it."""
    store = serve([parameter(f"{PATH}/SECRET_KEY", LONG, "SecureString")])
    calls = []
    for number, form in enumerate(FORMS.values()):
        (backend / f"raising{number}.py").write_text(
            "import os\nfrom applications import Application\nfrom mangum import Mangum\n"
            f"def fail():\n    hidden = os.environ['SECRET_KEY']\n    {form.replace('secret', 'hidden')}\n"
            f"async def failing(): fail()\n{PLACES[place]}"
        )
        calls.append((f"raising{number}", event()))
    mode = "invocation" if place.endswith("by mangum") else "environment"
    outcome = run(STARTS, store, calls, folder=backend, KAIROS_LIFESPAN=mode)
    assert outcome.code == 0
    encoded = (urllib.parse.quote_plus(LONG), base64.b64encode(LONG.encode()).decode(), repr(LONG))
    parts = {text[start : start + 6] for text in (LONG, *encoded) for start in range(len(text) - 5)}
    told = dict(zip(FORMS, outcome.everything.split("FORM ")[1:], strict=True))
    for form, text in told.items():
        assert [part for part in parts if part in text] == [], form
        frames = [frame for line in logged(text) for frame in line.get("trace", [])]
        assert any("raising" in frame and frame.endswith(" fail") for frame in frames), form


def test_a_common_value_does_not_hide_the_trace(serve: Serve, backend: Path) -> None:
    store = serve([parameter(f"{PATH}/SECRET_KEY", "kairos", "SecureString")])
    (backend / "kairos_broken.py").write_text("import os\nraise ValueError(os.environ['SECRET_KEY'] * 2)\n")
    outcome = invoke(store, event(), folder=backend, KAIROS_HANDLER="kairos_broken.handler")
    (line,) = outcome.logged
    assert line["trace"][0] == "ValueError"
    assert any(frame.endswith("kairos_broken.py:2 <module>") for frame in line["trace"])
    assert "kairoskairos" not in outcome.everything


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("raise ValueError('CORS_ORIGINS is no list')", "ValueError about CORS_ORIGINS;"),
        ("import a_module_that_is_missing", "ModuleNotFoundError about a_module_that_is_missing;"),
    ],
)
def test_the_path_to_the_fault_is_named(
    store: FakeParameterStore, backend: Path, source: str, named: str
) -> None:
    (backend / "broken.py").write_text(source)
    outcome = invoke(store, event(), folder=backend, KAIROS_HANDLER="broken.handler", CORS_ORIGINS="x")
    assert named in outcome.logged[0]["message"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "none.handler is not there; give none one: handler = Mangum(app)"),
        ("from fastapi import FastAPI\napp = FastAPI()\n", "none.handler is not there; give none one"),
        ("handler = None\n", "none.handler is not there; give none one"),
        ("import os\nos.nothing\n", "AttributeError"),
        ("handler = 1\n", "is not a function"),
    ],
)
def test_a_missing_handler_is_named(store: FakeParameterStore, backend: Path, source: str, said: str) -> None:
    (backend / "none.py").write_text(source)
    outcome = invoke(store, event(), folder=backend, KAIROS_HANDLER="none.handler")
    assert outcome.code != 0
    assert "none.handler" in outcome.everything
    assert said in outcome.everything


def test_a_mangum_without_the_used_members_keeps_its_own_lifespan(
    store: FakeParameterStore, backend: Path
) -> None:
    (backend / "later.py").write_text(
        "import mangum.protocols\n"
        "from applications import Application\n"
        "handler = mangum.Mangum(Application().app)\n"
        "del mangum.protocols.LifespanCycle\n"
    )
    outcome = invoke(store, event(), event(), folder=backend, KAIROS_HANDLER="later.handler")
    assert outcome.logged[0]["level"] == "WARN"
    assert "no mangum.protocols.LifespanCycle" in outcome.logged[0]["message"]
    assert [outcome.body(index) for index in range(2)] == [{"opened": 1}, {"opened": 2}]


def test_importing_the_package_starts_nothing() -> None:
    import start_up

    with pytest.raises(AttributeError):
        start_up.other  # noqa: B018
