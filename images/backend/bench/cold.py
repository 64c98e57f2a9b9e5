"""A cold start until the first response, compared with the image of the deployment guide.

    python cold.py [MILLISECONDS]

MILLISECONDS is the duration of a call of the parameter store, with the DNS lookup and the handshake (80).
The files of the images are copied into folders and run by Lambda's own runtime interface client. The guide's
image has its packages without bytecode, as Poetry installs them, and reads no secrets: they are variables of
its function. A variant of it reads the secrets with boto3 before it imports the application.
"""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
IMAGE = FOLDER.parent
EXAMPLE = IMAGE.parents[1] / "examples" / "backend"
sys.path.append(str(IMAGE / "tests"))

import one_invocation  # noqa: E402
from applications import event  # noqa: E402
from fake_parameter_store import FakeParameterStore, parameter, serving, slow  # noqa: E402

ROUNDS = 9
AIM = 0.4
KINDS_OF_TIME = ("wall time", "processor time")
RUNTIME = ("awslambdaric==4.2.2", "boto3")
"""The packages in the base image. Their bytecode is assumed to exist."""
SECRET = "a-secret-that-is-long-enough-for-hs256"
BY_BOTO3 = """
import os
import boto3
pages = boto3.client("ssm").get_paginator("get_parameters_by_path").paginate(
    Path="/kairos/test/secrets", WithDecryption=True
)
for page in pages:
    for entry in page["Parameters"]:
        os.environ[entry["Name"].rpartition("/")[2]] = entry["Value"]
from kairos.main import handler
"""


def install(target: Path, *arguments: str) -> None:
    quiet = ["--quiet", "--disable-pip-version-check", "--root-user-action=ignore"]
    command = [sys.executable, "-m", "pip", "install", *quiet, "--target", str(target), *arguments]
    subprocess.run(command, check=True)


def prepare(room: Path) -> None:
    """Fills `runtime`, `guide`, `in-turn` and `ours` like the build of an image."""
    install(room / "runtime", *RUNTIME)
    script = [sys.executable, str(IMAGE / "requirements.py"), str(EXAMPLE)]
    locked = room / "requirements.txt"
    locked.write_text(subprocess.run(script, check=True, capture_output=True, text=True).stdout)
    guide, ours = room / "guide", room / "ours"
    wheels = ("--no-compile", "--no-deps", "--require-hashes", "--only-binary=:all:")
    install(guide, *wheels, "--requirement", str(locked))
    shutil.copytree(EXAMPLE / "kairos", guide / "kairos", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(guide, ours)
    (guide / "by_boto3.py").write_text(BY_BOTO3)
    shutil.copytree(IMAGE / "start_up", ours / "start_up", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "poetry.lock"):
        shutil.copy(EXAMPLE / name, ours / name)
    finish = [sys.executable, str(IMAGE / "finish.py"), str(ours), str(ours), "--skip-broken"]
    subprocess.run(finish, check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(ours, room / "in-turn")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(room / "runtime")}
    record = [sys.executable, str(IMAGE / "record.py"), str(ours), "kairos.main", "SECRET_KEY"]
    record.append(str(ours / "compiled.bin"))
    found = subprocess.run(record, check=True, capture_output=True, env=environment)
    (ours / "imports.json").write_bytes(found.stdout)


def measure(
    room: Path, name: str, handler: str, variables: dict[str, str], delay: float
) -> tuple[float, float]:
    """Wall time and processor time of one cold start, in milliseconds."""
    invocation = one_invocation.Invocation(event(path="/api/v1/"))
    parameters = [parameter("/kairos/test/secrets/SECRET_KEY", SECRET)]
    with (
        one_invocation.serving(invocation),
        serving(FakeParameterStore([parameters], [slow(delay)])) as store,
    ):
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(room / "runtime"),
            "PYTHONDONTWRITEBYTECODE": "1",  # a function's file system is read-only
            "LAMBDA_TASK_ROOT": str(room / name),
            "AWS_LAMBDA_RUNTIME_API": invocation.address,
            "AWS_REGION": "eu-west-2",
            "AWS_DEFAULT_REGION": "eu-west-2",
            "AWS_ACCESS_KEY_ID": "AKID",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_ENDPOINT_URL_SSM": store.endpoint,
        } | variables
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "awslambdaric", handler],
            cwd=room / name,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        in_time = invocation.answered.wait(30)
        process.kill()
        said = process.communicate()[0].decode()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not in_time or b'"statusCode": 200' not in invocation.answer:
        raise SystemExit(f"{name} gave no answer: {invocation.answer.decode()}\n{said}")
    processor = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return (invocation.at - began) * 1000, processor * 1000


def main(delay: float) -> None:
    own = {
        "KAIROS_PARAMETER_PATH": "/kairos/test/secrets/",
        "KAIROS_REQUIRED_PARAMETERS": "SECRET_KEY",
        "KAIROS_HANDLER": "kairos.main.handler",
    }
    kinds = {
        "the guide's, which reads no secret": ("guide", "kairos.main.handler", {"SECRET_KEY": SECRET}),
        "the guide's with boto3 before it": ("guide", "by_boto3.handler", {}),
        "ours, one after the other": ("in-turn", "start_up.handler", own),
        "ours": ("ours", "start_up.handler", own),
    }
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        prepare(room)
        taken: dict[str, list[tuple[float, float]]] = {kind: [] for kind in kinds}
        for _ in range(ROUNDS):
            for kind, (folder, handler, variables) in kinds.items():
                taken[kind].append(measure(room, folder, handler, variables, delay))
    medians = {
        kind: [statistics.median(column) for column in zip(*rows, strict=True)]
        for kind, rows in taken.items()
    }
    ours = medians["ours"]
    if "--json" in sys.argv:
        theirs = medians[next(iter(kinds))]
        print(
            json.dumps(
                [_comparison(what, *pair) for what, *pair in zip(KINDS_OF_TIME, ours, theirs, strict=True)]
            )
        )
        return
    print(f"to the first answer, the parameter store taking {delay * 1000:.0f} ms (medians of {ROUNDS})")
    for kind, (wall, processor) in medians.items():
        print(f"{kind:36}{wall:5.0f} ms, {processor:5.0f} ms of processor time")
    for kind in list(kinds)[:3]:
        wall, processor = (mine / theirs for mine, theirs in zip(ours, medians[kind], strict=True))
        print(f"ratio to {kind:36}{wall:.2f} and {processor:.2f}; the aim is {AIM} of the guide's")


def _comparison(what: str, ours: float, theirs: float) -> dict[str, Any]:
    """A line of docs/performance.md: bench/comparison.ts reads it."""
    return {
        "what": f"cold start to first response: {what}",
        "ours": f"{ours:.0f} ms",
        "against": "the guide's image, which reads no secrets",
        "theirs": f"{theirs:.0f} ms",
        "ratio": ours / theirs,
        "aim": AIM,
    }


if __name__ == "__main__":
    numbers = [argument for argument in sys.argv[1:] if argument != "--json"]
    main(float(numbers[0]) / 1000 if numbers else 0.08)
