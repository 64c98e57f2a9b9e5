"""Invocations through the Lambda API of a running local cloud."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import ACCOUNT, REGION, Cloud, allow, policy, wait_until_active
from emulator.tests.staging import (
    FUNCTION,
    LOGS,
    NAME,
    RECIPE,
    TRUST,
    VARIABLES,
    Invoked,
    invoke,
    make_function,
    make_role,
    messages,
    publish,
    stage,
    stage_example,
    wait_until,
)

ECHO = "import os\n\ndef handler(event, context):\n    return {'event': event, 'process': os.getpid()}\n"


def deploy(cloud: Cloud, home: Path, code: str, **more: Any) -> None:
    make_role(cloud, LOGS)
    make_function(cloud, stage(cloud, home, code), **more)


def alive(process: int) -> bool:
    """A process that has ended and was not reaped is not alive."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True)
    return found.stdout.strip()[:1] not in ("", "Z")


def test_the_function_gets_the_event_and_the_caller_gets_the_response(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, ECHO)
    found = invoke(cloud, {"name": "Zoë", "list": [1, None]})
    assert found.error is None
    assert found.answer["event"] == {"name": "Zoë", "list": [1, None]}


def test_an_environment_stays_warm_and_serves_one_invocation_after_the_other(
    cloud: Cloud, home: Path
) -> None:
    deploy(cloud, home, ECHO)
    assert len({invoke(cloud).answer["process"] for _ in range(5)}) == 1


def test_two_versions_of_different_images_answer_side_by_side(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, "def handler(event, context):\n    return 'first'\n")
    second = publish(cloud, stage(cloud, home, "def handler(event, context):\n    return 'second'\n"))
    assert [invoke(cloud, qualifier=number).answer for number in ("1", second, "1")] == [
        "first",
        "second",
        "first",
    ]
    assert invoke(cloud).answer == "first"


def test_a_published_version_keeps_its_variables(cloud: Cloud, home: Path) -> None:
    code = "import os\n\ndef handler(event, context):\n    return os.environ['COLOUR']\n"
    deploy(cloud, home, code, Environment={"Variables": {"COLOUR": "red"}})
    client = cloud.client("lambda")
    client.update_function_configuration(FunctionName=NAME, Environment={"Variables": {"COLOUR": "blue"}})
    assert invoke(cloud, qualifier="1").answer == "red"
    assert invoke(cloud, qualifier="$LATEST").answer == "blue"


def test_an_alias_invokes_the_version_that_it_was_moved_to(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, "def handler(event, context):\n    return context.function_version\n")
    second = publish(cloud, stage(cloud, home, "def handler(event, context):\n    return 'second'\n"))
    cloud.client("lambda").update_alias(FunctionName=NAME, Name="live", FunctionVersion=second)
    assert invoke(cloud).answer == "second"
    cloud.client("lambda").update_alias(FunctionName=NAME, Name="live", FunctionVersion="1")
    assert invoke(cloud).answer == "1"


def test_the_image_configuration_replaces_the_command(cloud: Cloud, home: Path) -> None:
    code = "def handler(event, context):\n    return 'a'\n\ndef other(event, context):\n    return 'b'\n"
    deploy(cloud, home, code, ImageConfig={"Command": ["app.other"]})
    assert invoke(cloud).answer == "b"


def test_the_function_gets_the_context_of_the_invocation(cloud: Cloud, home: Path) -> None:
    code = (
        "def handler(event, context):\n"
        "    return [context.function_name, context.function_version, context.invoked_function_arn,\n"
        "            context.memory_limit_in_mb, context.get_remaining_time_in_millis()]\n"
    )
    deploy(cloud, home, code)
    *found, remaining = invoke(cloud).answer
    assert found == [NAME, "1", f"{FUNCTION}:live", "512"]
    assert 0 < remaining <= 15000


SHOW = "import os\n\ndef handler(event, context):\n    return dict(os.environ)\n"

# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
RESERVED = {
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_LOG_FORMAT",
    "AWS_LAMBDA_LOG_LEVEL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_XRAY_CONTEXT_MISSING",
    "AWS_XRAY_DAEMON_ADDRESS",
    "HOME",
    "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
    "LANG",
    "PATH",
    "PYTHONPATH",
    "TZ",
}


def test_the_function_gets_only_its_own_and_the_reserved_variables(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, SHOW, Environment={"Variables": {"OWN": "value"}})
    found = invoke(cloud).answer
    # The endpoint replaces AWS's own. Debian's Python adds LC_CTYPE to its environment.
    assert set(found) - {"LC_CTYPE"} == RESERVED | {"OWN", "AWS_ENDPOINT_URL"}
    assert (found["OWN"], found["AWS_REGION"], found["AWS_LAMBDA_FUNCTION_VERSION"]) == ("value", REGION, "1")
    assert found["AWS_ENDPOINT_URL"] == cloud.url


def test_a_log_level_is_only_set_for_json(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, SHOW, LoggingConfig={"LogFormat": "Text", "LogGroup": f"/aws/lambda/{NAME}"})
    assert "AWS_LAMBDA_LOG_LEVEL" not in invoke(cloud).answer


def keys_of(variables: dict[str, str]) -> dict[str, str]:
    return {
        "aws_access_key_id": variables["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": variables["AWS_SECRET_ACCESS_KEY"],
        "aws_session_token": variables["AWS_SESSION_TOKEN"],
    }


def test_the_credentials_are_those_of_the_role(cloud: Cloud, home: Path) -> None:
    make_role(
        cloud, LOGS, allow("ssm:GetParameter", f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/kairos/prod/*")
    )
    make_function(cloud, stage(cloud, home, SHOW))
    for name in ("/kairos/prod/A", "/kairos/dev/A"):
        cloud.client("ssm").put_parameter(Name=name, Value="value", Type="String")
    keys = keys_of(invoke(cloud).answer)
    caller = cloud.client("sts", keys=keys).get_caller_identity()["Arn"]
    assert caller == f"arn:aws:sts::{ACCOUNT}:assumed-role/{NAME}-function/{NAME}"
    own = cloud.client("ssm", keys=keys)
    assert own.get_parameter(Name="/kairos/prod/A")["Parameter"]["Value"] == "value"
    with pytest.raises(ClientError, match="not authorized to perform: ssm:GetParameter"):
        own.get_parameter(Name="/kairos/dev/A")


def test_a_role_that_does_not_trust_lambda_runs_no_function(cloud: Cloud, home: Path) -> None:
    make_role(cloud, LOGS)
    make_function(cloud, stage(cloud, home, ECHO))
    no_longer = policy({**TRUST, "Principal": {"Service": "ec2.amazonaws.com"}})
    cloud.client("iam").update_assume_role_policy(RoleName=f"{NAME}-function", PolicyDocument=no_longer)
    found = invoke(cloud)
    assert found.error == "Unhandled"
    assert "cannot be assumed by Lambda" in found.answer["errorMessage"]


def test_an_exception_is_the_response_and_the_process_continues(cloud: Cloud, home: Path) -> None:
    code = (
        "import os\n\ndef handler(event, context):\n"
        "    if event:\n        raise ValueError('no ' + event)\n    return os.getpid()\n"
    )
    deploy(cloud, home, code)
    before = invoke(cloud).answer
    found = invoke(cloud, "good")
    assert (found.error, found.answer["errorType"], found.answer["errorMessage"]) == (
        "Unhandled",
        "ValueError",
        "no good",
    )
    assert invoke(cloud).answer == before


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("raise RuntimeError('no database')\n", "RuntimeError", "no database"),
        ("import not_there\n\ndef handler(event, context): ...\n", "Runtime.ImportModuleError", "not_there"),
        ("def other(event, context): ...\n", "Runtime.HandlerNotFound", "handler"),
        ("import sys\nsys.exit(3)\n", "Runtime.ExitError", "exit status 3"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "Runtime.ExitError", "signal: kill"),
    ],
)
def test_a_function_that_cannot_start_says_why(
    cloud: Cloud, home: Path, code: str, kind: str, words: str
) -> None:
    deploy(cloud, home, code)
    found = invoke(cloud)
    assert (found.error, found.answer["errorType"]) == ("Unhandled", kind)
    assert words in found.answer["errorMessage"]


def test_a_process_that_ends_in_an_invocation_is_replaced(cloud: Cloud, home: Path) -> None:
    code = (
        "import os\n\ndef handler(event, context):\n"
        "    os._exit(7) if event else None\n    return os.getpid()\n"
    )
    deploy(cloud, home, code)
    before = invoke(cloud).answer
    found = invoke(cloud, 1)
    assert found.answer["errorType"] == "Runtime.ExitError"
    assert re.fullmatch(
        r"RequestId: \S+ Error: Runtime exited with error: exit status 7", found.answer["errorMessage"]
    )
    assert invoke(cloud).answer != before


CHILD = (
    "import os, subprocess, sys, time\n"
    "def handler(event, context):\n"
    "    child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "    print('child', child.pid, os.getcwd())\n"
    "    time.sleep(event)\n"
    "    return child.pid\n"
)


def child_of(cloud: Cloud) -> int:
    return int(_told(cloud)[1])


def task_of(cloud: Cloud) -> Path:
    return Path(_told(cloud)[2])


def _told(cloud: Cloud) -> list[str]:
    return next(line.split() for line in messages(cloud) if line.startswith("child"))


def test_a_function_that_takes_too_long_is_stopped_with_its_child_processes(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, CHILD, Timeout=1)
    found = invoke(cloud, 600)
    assert found.error == "Unhandled"
    assert found.answer["errorType"] == "Sandbox.Timedout"
    assert found.answer["errorMessage"].endswith("Task timed out after 1.00 seconds")
    child = child_of(cloud)
    wait_until(lambda: not alive(child), "the child of the function ends")
    assert invoke(cloud, 0).error is None


def test_a_reset_of_the_cloud_stops_the_environments(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, ECHO)
    process = invoke(cloud).answer["process"]
    assert alive(process)
    cloud.reset()
    wait_until(lambda: not alive(process), "the environment ends")


SLOW = "import os, time\n\ndef handler(event, context):\n    time.sleep(event)\n    return os.getpid()\n"


def together(cloud: Cloud, count: int, seconds: float) -> list[Invoked | str]:
    """Invoke several times at once. Returns an outcome for each, or the code of its error."""

    def one(_: int) -> Invoked | str:
        try:
            return invoke(cloud, seconds)
        except ClientError as refusal:
            return refusal.response["Error"]["Code"]

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


def test_each_environment_runs_one_invocation_at_a_time(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, SLOW)
    found = together(cloud, 3, 3)
    assert len({outcome.answer for outcome in found if isinstance(outcome, Invoked)}) == 3


def test_more_than_the_reserved_concurrency_is_refused(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, SLOW)
    cloud.client("lambda").put_function_concurrency(FunctionName=NAME, ReservedConcurrentExecutions=2)
    found = together(cloud, 4, 3)
    assert (
        sorted(str(outcome) for outcome in found if isinstance(outcome, str))
        == ["TooManyRequestsException"] * 2
    )
    assert len([outcome for outcome in found if isinstance(outcome, Invoked)]) == 2


def test_a_function_with_no_concurrency_never_runs(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, ECHO)
    cloud.client("lambda").put_function_concurrency(FunctionName=NAME, ReservedConcurrentExecutions=0)
    with pytest.raises(ClientError, match="TooManyRequests"):
        invoke(cloud)


def test_a_response_that_lambda_does_not_accept_is_an_error(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, "def handler(event, context):\n    return 'x' * event\n")
    assert len(invoke(cloud, 6_000_000).answer) == 6_000_000
    found = invoke(cloud, 6_400_000)
    assert found.answer["errorType"] == "Function.ResponseSizeTooLarge"


def test_a_digest_without_staged_files_is_reported(cloud: Cloud) -> None:
    make_role(cloud)
    image = cloud.image("src-never-staged")
    make_function(cloud, image)
    found = invoke(cloud)
    assert f"nothing was staged for {image.partition('@')[2]}" in found.answer["errorMessage"]


def test_a_backend_without_a_suitable_python_is_refused(cloud: Cloud, home: Path) -> None:
    files = {"pyproject.toml": '[project]\nname = "bare"\nversion = "1"\nrequires-python = ">=3.99"\n'}
    make_role(cloud)
    make_function(cloud, stage(cloud, home, ECHO, files=files))
    found = invoke(cloud)
    assert "no Python here can run the backend" in found.answer["errorMessage"]
    assert "requires Python >=3.99" in found.answer["errorMessage"]
    assert "no Python here can run the backend" in "".join(messages(cloud))


def test_moving_the_alias_back_replaces_a_broken_image(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, ECHO)
    broken = publish(cloud, stage(cloud, home, "raise RuntimeError('broken')\n"))
    client = cloud.client("lambda")
    client.update_alias(FunctionName=NAME, Name="live", FunctionVersion=broken)
    assert invoke(cloud).error == "Unhandled"
    client.update_alias(FunctionName=NAME, Name="live", FunctionVersion="1")
    assert invoke(cloud).error is None


def test_an_event_invocation_runs_without_a_waiting_caller(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, "def handler(event, context):\n    print('ran with', event)\n")
    cloud.client("lambda").invoke(
        FunctionName=NAME, Qualifier="live", InvocationType="Event", Payload=b'"it"'
    )
    wait_until(lambda: "ran with it" in messages(cloud), "the function runs")


def http_event(path: str) -> dict[str, Any]:
    http = {
        "method": "GET",
        "path": path,
        "sourceIp": "192.0.2.1",
        "protocol": "HTTP/1.1",
        "userAgent": "test",
    }
    context = {"http": http, "domainName": "api.test", "requestId": "r", "stage": "$default", "timeEpoch": 1}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "api.test"},
        "requestContext": context,
        "isBase64Encoded": False,
    }


def test_the_example_backend_runs_as_in_the_image(cloud: Cloud, home: Path) -> None:
    make_role(cloud)
    cloud.client("ssm").put_parameter(
        Name="/kairos/prod/secrets/SECRET_KEY", Value="s" * 40, Type="SecureString"
    )
    make_function(cloud, stage_example(cloud, home), Environment={"Variables": VARIABLES})
    found = invoke(cloud, http_event("/api/v1/"))
    assert (found.answer["statusCode"], json.loads(found.answer["body"])) == (
        200,
        {"message": "Hello from Kairos"},
    )


def test_a_process_sees_only_the_files_of_the_image(cloud: Cloud, home: Path) -> None:
    code = (
        "import importlib.util, os, pathlib\n"
        "def handler(event, context):\n"
        "    modules = ('app', 'shared', 'requirements', 'finish', 'kairos_image')\n"
        "    return [[name for name in modules if importlib.util.find_spec(name)],\n"
        "            sorted(e.name for e in pathlib.Path.cwd().iterdir() if e.name != '__pycache__'),\n"
        "            os.environ['LAMBDA_TASK_ROOT'] == os.getcwd()]\n"
    )
    make_role(cloud, LOGS)
    make_function(cloud, stage(cloud, home, code, files={"shared.py": "", "motd.txt": ""}))
    assert invoke(cloud).answer == [["app"], ["app.py", "poetry.lock", "pyproject.toml"], True]


def test_a_process_finds_no_files_of_this_machine_in_parent_folders_or_at_home(
    cloud: Cloud, home: Path
) -> None:
    """python-dotenv and python-decouple search for files in each parent folder, boto3 in the user's home."""
    code = (
        "from pathlib import Path\n"
        "def handler(event, context):\n"
        "    above = [str(folder) for folder in Path(__file__).parents if (folder / event).exists()]\n"
        "    return [above, Path.home().exists()]\n"
    )
    (home / ".env-of-the-project").write_text("SECRET_KEY=of-this-machine\n")
    deploy(cloud, home, code)
    assert invoke(cloud, ".env-of-the-project").answer == [[], False]


WRITES = """
import os, pathlib, shutil, sqlite3, subprocess, sys, tempfile

there = pathlib.Path(tempfile.mkdtemp(dir='/tmp'))
(there / 'new.py').touch()

def said(act):
    try:
        act()
    except (OSError, sqlite3.Error) as error:
        return getattr(error, 'errno', None) or str(error)

def handler(event, context):
    old = pathlib.Path(__file__)
    try:
        return [
            [said(act) for act in (
                lambda: open('app.log', 'a'),
                lambda: os.open('app.log', os.O_CREAT),
                lambda: old.write_text(''),
                lambda: os.makedirs('uploads/today', exist_ok=True),
                lambda: old.rename('other.py'),
                lambda: (there / 'new.py').rename('new.py'),
                old.unlink,
                lambda: os.symlink('app.py', 'link.py'),
                lambda: pathlib.Path('/var/log/kairos-test.log').touch(),
                lambda: pathlib.Path.home().mkdir(parents=True),
            )],
            said(lambda: sqlite3.connect('new.db')),
            subprocess.run([sys.executable, '-c', "open('app.log', 'w')"], capture_output=True).returncode,
            [said(act) for act in (
                lambda: open('not-there/app.log', 'w'),
                lambda: open('not-there', 'r+'),
                lambda: os.remove('not-there'),
                lambda: os.mkdir('__pycache__'),
            )],
            [said(act) for act in (
                lambda: old.read_text(),
                lambda: (there / 'a').write_text(''),
                lambda: (there / 'a').rename(there / 'b'),
                lambda: sqlite3.connect(there / 'new.db').close(),
                lambda: tempfile.TemporaryDirectory().cleanup(),
                lambda: open('/dev/null', 'w'),
                lambda: open('/dev/stdout', 'a'),
                lambda: os.makedirs('__pycache__', exist_ok=True),
                lambda: sqlite3.connect(':memory:'),
            )],
        ]
    finally:
        shutil.rmtree(there)
"""


def test_a_process_can_only_write_below_tmp(cloud: Cloud, home: Path) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#images-reqs"""
    deploy(cloud, home, WRITES)
    refused, database, child, otherwise, admitted = invoke(cloud).answer
    assert refused == [errno.EROFS] * 10
    assert database == "unable to open database file"
    assert child == 1
    assert otherwise == [errno.ENOENT, errno.ENOENT, errno.ENOENT, errno.EEXIST]
    assert admitted == [None] * 9


def test_a_file_that_the_image_build_refuses_does_not_run_as_a_process(cloud: Cloud, home: Path) -> None:
    code = "def handler(event, context):\n    return 1\n"
    recipe = f"{RECIPE}COPY old.py /out/\n"
    files = {"old.py": "print 'x'\n", "kairos_image/Dockerfile": recipe}
    make_role(cloud, LOGS)
    make_function(cloud, stage(cloud, home, code, files=files))
    found = invoke(cloud)
    assert found.error == "Unhandled"
    assert "old.py cannot be compiled" in found.answer["errorMessage"]
    assert "Missing parentheses in call to 'print'" in found.answer["errorMessage"]


def test_a_missing_parameter_prevents_the_start(cloud: Cloud, home: Path) -> None:
    make_role(cloud)
    make_function(cloud, stage_example(cloud, home), Environment={"Variables": VARIABLES})
    found = invoke(cloud, http_event("/api/v1/"))
    assert found.error == "Unhandled"
    assert "there is no parameter for SECRET_KEY" in "".join(messages(cloud))


def test_a_role_that_may_not_decrypt_prevents_the_start(cloud: Cloud, home: Path) -> None:
    make_role(cloud, LOGS, allow("ssm:GetParametersByPath", "*"))
    key = cloud.client("kms").create_key()["KeyMetadata"]["KeyId"]
    cloud.client("ssm").put_parameter(
        Name="/kairos/prod/secrets/SECRET_KEY", Value="never-shown" * 4, Type="SecureString", KeyId=key
    )
    make_function(cloud, stage_example(cloud, home), Environment={"Variables": VARIABLES})
    assert invoke(cloud, http_event("/api/v1/")).error == "Unhandled"
    log = "".join(messages(cloud))
    assert "kms:Decrypt" in log
    assert "never-shown" not in log


def make_function_that_shows_its_secret(cloud: Cloud, home: Path) -> None:
    make_role(cloud)
    code = (
        "import json, os\nfrom start_up.configuration import read_configuration\n"
        "from start_up.parameters import load\n"
        "load(read_configuration(os.environ), os.environ)\n"
        "def handler(event, context):\n    return os.environ['SECRET_KEY']\n"
    )
    image = stage_example(cloud, home, "src-shown")
    context = home / "images" / image.rpartition(":")[2] / "context"
    (context / "kairos" / "shown.py").write_text(code)
    set_secret(cloud, "old")
    make_function(
        cloud, image, ImageConfig={"Command": ["kairos.shown.handler"]}, Environment={"Variables": VARIABLES}
    )


def set_secret(cloud: Cloud, value: str) -> None:
    cloud.client("ssm").put_parameter(
        Name="/kairos/prod/secrets/SECRET_KEY", Value=value, Type="SecureString", Overwrite=True
    )


def replace_outdated(cloud: Cloud) -> int:
    with urlopen(Request(f"{cloud.url}/_kairos/environments", method="POST")) as response:
        return int(json.load(response)["replaced"])


def test_environments_with_an_old_secret_are_replaced_when_asked_and_no_others(
    cloud: Cloud, home: Path
) -> None:
    make_function_that_shows_its_secret(cloud, home)
    assert invoke(cloud).answer == "old"
    assert replace_outdated(cloud) == 0
    set_secret(cloud, "new")
    assert invoke(cloud).answer == "old"
    assert replace_outdated(cloud) == 1
    assert invoke(cloud).answer == "new"
    assert replace_outdated(cloud) == 0


def test_only_a_new_version_reads_a_new_value_of_a_secret(cloud: Cloud, home: Path) -> None:
    """The environments of the old version have read the old value, and keep it until they end."""
    make_function_that_shows_its_secret(cloud, home)
    assert invoke(cloud).answer == "old"
    set_secret(cloud, "new")
    client = cloud.client("lambda")
    revised = {**VARIABLES, "KAIROS_SECRETS_REVISION": "2"}
    client.update_function_configuration(FunctionName=NAME, Environment={"Variables": revised})
    wait_until_active(client, NAME)
    second = client.publish_version(FunctionName=NAME)["Version"]
    assert (invoke(cloud, qualifier=second).answer, invoke(cloud, qualifier="1").answer) == ("new", "old")


def test_each_environment_is_a_separate_session(cloud: Cloud, home: Path) -> None:
    """So that all of its processes can be stopped together."""
    deploy(cloud, home, "import os\n\ndef handler(event, context):\n    return [os.getpid(), os.getsid(0)]\n")
    process, session = invoke(cloud).answer
    assert process == session != os.getsid(0)
