"""The whole start in a process of its own: parameters, the example backend, its lifespan and the log."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from applications import event
from conftest import Serve
from fake_parameter_store import FakeParameterStore, error, parameter

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
    except Exception as error:
        print("ANSWER", json.dumps({"error": f"{type(error).__name__}: {error}"}))
"""


class Outcome:
    def __init__(self, finished: "subprocess.CompletedProcess[str]") -> None:
        self.code = finished.returncode
        self.everything = finished.stdout + finished.stderr
        lines = finished.stdout.splitlines()
        self.answers = [
            json.loads(line.removeprefix("ANSWER ")) for line in lines if line.startswith("ANSWER")
        ]
        self.logged = [json.loads(line) for line in lines if line.startswith("{")]

    def body(self, index: int = 0) -> Any:
        return json.loads(self.answers[index]["body"])


def invoke(
    fake: FakeParameterStore, *events: dict[str, Any], folder: Path = EXAMPLE, **variables: str
) -> Outcome:
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
            [sys.executable, "-c", CALLS],
            input=json.dumps(events),
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


def test_the_lifespan_is_mangums_own_when_the_table_says_so(store: FakeParameterStore) -> None:
    outcome = invoke(store, *[event(path="/api/v1/probe/lifespan")] * 3, KAIROS_LIFESPAN="invocation")
    assert [outcome.body(index)["openings"] for index in range(3)] == [1, 2, 3]


def test_one_line_tells_of_a_cold_start(store: FakeParameterStore) -> None:
    outcome = invoke(store, *[event(path="/api/v1/users/me", headers={"authorization": "Bearer x"})] * 3)
    (line,) = outcome.logged
    assert line["message"] == "cold start"
    assert (line["secrets"], line["calls"], line["version"]) == (1, 2, "0.6.3")
    assert line["digest"] == f"sha256:{'0' * 64}"
    assert set(line["milliseconds"]) == {"parameters", "import", "lifespan"}


def test_a_lifespan_that_is_opened_anew_is_no_cold_start(store: FakeParameterStore) -> None:
    events = [event(path="/api/v1/probe/lifespan")] * 3
    outcome = invoke(store, *events, KAIROS_LIFESPAN_PAUSE_LIMIT="0.000001")
    assert [outcome.body(index)["openings"] for index in range(3)] == [1, 2, 3]
    assert len(outcome.logged) == 1


def test_one_line_tells_of_a_cold_start_without_a_lifespan(store: FakeParameterStore) -> None:
    outcome = invoke(store, event(), event(), KAIROS_LIFESPAN="invocation")
    (line,) = outcome.logged
    assert set(line["milliseconds"]) == {"parameters", "import"}


def test_no_value_reaches_the_log(store: FakeParameterStore) -> None:
    outcome = invoke(store, event(path="/api/v1/"))
    assert SECRET not in outcome.everything
    assert "the-role" not in outcome.everything


def test_the_header_of_the_edge_does_not_reach_the_application(store: FakeParameterStore) -> None:
    given = event(path="/api/v1/probe/request", headers={"X-Origin-Verify": "proof", "x-kept": "1"})
    outcome = invoke(store, given, KAIROS_ORIGIN_HEADER=HEADER)
    assert HEADER not in outcome.body()["names"]
    assert "x-kept" in outcome.body()["names"]


def test_the_header_stays_when_there_is_no_edge(store: FakeParameterStore) -> None:
    outcome = invoke(store, event(path="/api/v1/probe/request", headers={HEADER: "proof"}))
    assert HEADER in outcome.body()["names"]


def test_a_missing_parameter_stops_the_start_with_its_name(store: FakeParameterStore) -> None:
    outcome = invoke(store, event(), KAIROS_REQUIRED_PARAMETERS="SECRET_KEY,MONGO_HOST")
    assert outcome.code != 0
    assert outcome.answers == []
    (line,) = outcome.logged
    assert (line["level"], line["step"]) == ("ERROR", "parameters")
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
def test_a_senseless_variable_stops_the_start(
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


def test_a_plain_function_is_handed_on_untouched(store: FakeParameterStore, backend: Path) -> None:
    (backend / "plain.py").write_text("def handler(event, context): return event\n")
    given = {"anything": ["at", "all"], "headers": {HEADER: "proof", "a": "b"}}
    outcome = invoke(store, given, folder=backend, KAIROS_HANDLER="plain.handler")
    assert outcome.answers == [given]
    assert outcome.logged[0]["version"] == "1"


def test_a_refused_setting_is_not_quoted_when_it_is_a_secret(
    store: FakeParameterStore, backend: Path
) -> None:
    (backend / "strict.py").write_text('import os\nraise ValueError("bad: " + os.environ["SECRET_KEY"])\n')
    outcome = invoke(store, event(), folder=backend, KAIROS_HANDLER="strict.handler")
    assert outcome.code != 0
    assert "bad: [SECRET_KEY]" in outcome.logged[0]["message"]
    assert SECRET not in outcome.everything


def test_a_failing_import_keeps_its_trace_when_it_tells_no_secret(
    store: FakeParameterStore, backend: Path
) -> None:
    (backend / "broken.py").write_text("raise ValueError('which line was it')\n")
    outcome = invoke(store, event(), folder=backend, KAIROS_HANDLER="broken.handler")
    assert "broken.py" in outcome.everything
    assert "which line was it" in outcome.everything


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "AttributeError"),
        ("import os\nos.nothing\n", "AttributeError"),
        ("handler = 1\n", "is no function"),
    ],
)
def test_a_handler_that_is_not_there_is_named(
    store: FakeParameterStore, backend: Path, source: str, said: str
) -> None:
    (backend / "none.py").write_text(source)
    outcome = invoke(store, event(), folder=backend, KAIROS_HANDLER="none.handler")
    assert outcome.code != 0
    assert "none.handler" in outcome.everything
    assert said in outcome.everything


def test_a_mangum_without_what_is_used_keeps_its_own_lifespan(
    store: FakeParameterStore, backend: Path
) -> None:
    (backend / "later.py").write_text(
        "import mangum.protocols\n"
        "from applications import Application\n"
        "handler = mangum.Mangum(Application().app)\n"
        "del mangum.protocols.LifespanCycle\n"
    )
    outcome = invoke(store, event(), event(), folder=backend, KAIROS_HANDLER="later.handler")
    assert outcome.logged[0]["level"] == "WARNING"
    assert "no mangum.protocols.LifespanCycle" in outcome.logged[0]["message"]
    assert [outcome.body(index) for index in range(2)] == [{"opened": 1}, {"opened": 2}]


def test_importing_the_package_starts_nothing() -> None:
    import start_up

    with pytest.raises(AttributeError):
        start_up.other  # noqa: B018
