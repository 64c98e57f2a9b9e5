"""A single environment: its Runtime API, its substitute client, its pipes, and its end together with the
server.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import shutil
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from emulator.runner import interpreter
from emulator.runner.credentials import Credentials
from emulator.runner.environment import Environment
from emulator.runner.images import Built
from emulator.runner.interpreter import CLIENT, Place, cache_folder, prepare
from emulator.runner.logs import LogStream
from emulator.runner.making import UnusableBackend
from emulator.runner.pipes import Frames, Lines
from emulator.runner.runtime_api import RuntimeApi
from emulator.runner.version import Invocation, Outcome, Version
from emulator.runner.watcher import Watcher
from emulator.tests.cloud import Cloud, free_port, start, wait_until_it_answers
from emulator.tests.staging import (
    EMPTY_LOCK,
    EXAMPLE,
    OVERLAY,
    RECIPE,
    invoke,
    make_function,
    make_role,
    stage,
    wait_until,
)
from emulator.tests.test_runner import CHILD, alive, child_of, task_of

VERSION = Version(
    account="111122223333",
    region="eu-west-2",
    function="bare",
    number="1",
    image="",
    command=(),
    role="",
    memory=128,
    timeout=10,
    variables=(),
    log_group="/aws/lambda/bare",
    log_format="JSON",
    application_level="INFO",
    system_level="INFO",
    traced=False,
    modified="",
)


def invocation(name: str, payload: bytes = b"{}") -> Invocation:
    return Invocation(name, payload, VERSION.arn, "Root=1-0-0")


async def talk(address: str, method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
    """A request to a Runtime API, in a thread because it may wait."""

    def request() -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(address, timeout=10)
        connection.request(method, f"/2018-06-01/runtime{path}", body)
        found = connection.getresponse()
        return found.status, dict(found.getheaders()), found.read()

    return await asyncio.to_thread(request)


def with_api(test: Callable[[RuntimeApi, str], Awaitable[None]]) -> None:
    async def run() -> None:
        api = RuntimeApi()
        address = await api.start()
        try:
            await test(api, address)
        finally:
            await api.close()

    asyncio.run(run())


def test_an_invocation_has_its_headers_and_gets_a_response() -> None:
    async def test(api: RuntimeApi, address: str) -> None:
        running = api.give(invocation("a", b'{"x":1}'), 10)
        status, headers, body = await talk(address, "GET", "/invocation/next")
        assert (status, headers["Lambda-Runtime-Aws-Request-Id"], body) == (200, "a", b'{"x":1}')
        assert headers["Lambda-Runtime-Invoked-Function-Arn"] == VERSION.arn
        assert int(headers["Lambda-Runtime-Deadline-Ms"]) > time.time() * 1000
        assert (await talk(address, "POST", "/invocation/a/response", b'"done"'))[0] == 202
        reply = await running
        assert (reply.payload, reply.failed) == (b'"done"', False)

    with_api(test)


def test_a_late_response_is_not_used_for_the_next_invocation() -> None:
    async def test(api: RuntimeApi, address: str) -> None:
        running = api.give(invocation("second"), 10)
        await talk(address, "GET", "/invocation/next")
        assert (await talk(address, "POST", "/invocation/first/response", b'"late"'))[0] == 400
        assert (await talk(address, "POST", "/invocation/second/error", b'{"errorType":"E"}'))[0] == 202
        assert (await running).failed
        assert (await talk(address, "POST", "/invocation/second/response", b'"twice"'))[0] == 400

    with_api(test)


def test_the_environment_has_started_when_it_requests_an_invocation() -> None:
    async def test(api: RuntimeApi, address: str) -> None:
        assert not api.ready.is_set()
        asking = asyncio.ensure_future(talk(address, "GET", "/invocation/next"))
        await asyncio.wait_for(api.ready.wait(), 10)
        running = api.give(invocation("a"), 10)
        await asking
        await talk(address, "POST", "/invocation/a/response", b"1")
        await running

    with_api(test)


def test_an_error_of_the_start_is_kept() -> None:
    async def test(api: RuntimeApi, address: str) -> None:
        assert (await talk(address, "POST", "/init/error", b'{"errorType":"E"}'))[0] == 202
        assert api.init_error.result() == b'{"errorType":"E"}'
        assert (await talk(address, "GET", "/nowhere"))[0] == 404

    with_api(test)


def test_a_body_in_chunks_is_read() -> None:
    async def test(api: RuntimeApi, address: str) -> None:
        running = api.give(invocation("a"), 10)
        await talk(address, "GET", "/invocation/next")

        def chunked() -> int:
            connection = http.client.HTTPConnection(address, timeout=10)
            path = "/2018-06-01/runtime/invocation/a/response"
            connection.request("POST", path, iter([b'"in ', b'chunks"']), encode_chunked=True)
            return connection.getresponse().status

        assert await asyncio.to_thread(chunked) == 202
        assert (await running).payload == b'"in chunks"'

    with_api(test)


def test_each_line_is_a_message_however_it_arrives() -> None:
    found: list[str] = []
    lines = Lines(lambda _, message: found.append(message))
    for part in (b"fir", b"st\nsecond\n\nth", b"ird"):
        lines.feed(part)
    assert found == ["first", "second"]
    lines.end()
    assert found == ["first", "second", "third"]


def test_a_frame_is_a_message_however_it_arrives() -> None:
    found: list[tuple[float, str]] = []
    frames = Frames(lambda moment, message: found.append((moment, message)))

    def frame(text: bytes) -> bytes:
        return b"\xa5\x5a\x00\x03" + len(text).to_bytes(4, "big") + (5_000_000).to_bytes(8, "big") + text

    whole = frame(b"two\nlines") + frame(b"next")
    for position in range(len(whole)):
        frames.feed(whole[position : position + 1])
    assert found == [(5.0, "two\nlines"), (5.0, "next")]


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build context of a backend without packages."""
    context = tmp_path_factory.mktemp("place") / "context"
    (context / "kairos_image").mkdir(parents=True)
    for script in ("requirements.py", "finish.py"):
        shutil.copy(OVERLAY / script, context / "kairos_image")
    (context / "kairos_image" / "Dockerfile").write_text(RECIPE)
    (context / "pyproject.toml").write_text(
        '[project]\nname = "b"\nversion = "1"\nrequires-python = ">=3.11"\n'
    )
    (context / "poetry.lock").write_text(EMPTY_LOCK)
    (context / "app.py").write_text(
        "def handler(event, context):\n"
        "    if event == 'raise':\n        raise ValueError('bad')\n"
        "    if event == 'big':\n        return 'a' * 6_400_000\n"
        "    return [event, context.aws_request_id]\n"
    )
    return context


@pytest.fixture(scope="module")
def place(context: Path) -> Place:
    """The installed files of that backend."""
    return asyncio.run(prepare(context, cache_folder(), context.with_name("tasks")))


def test_a_process_has_the_modules_of_its_packages_and_not_their_scripts(tmp_path: Path) -> None:
    """The image's recipe excludes them."""
    context = tmp_path / "context"
    skip = shutil.ignore_patterns("__pycache__", ".*_cache", "tests")
    shutil.copytree(EXAMPLE, context, ignore=skip)
    shutil.copytree(OVERLAY, context / "kairos_image", ignore=skip)
    place = asyncio.run(prepare(context, cache_folder(), tmp_path))
    assert place.python.exists()
    assert not (place.python.parent / "uvicorn").exists()


def run_environment(place: Place, events: list[str]) -> list[Outcome]:
    async def run() -> list[Outcome]:
        watcher = Watcher()
        keys = Credentials("key", "secret", "token", time.time() + 3600)
        built = Built(place, ("app.handler",))
        environment = Environment(VERSION, built, keys, LogStream(VERSION, writable=False))
        try:
            assert await environment.start("http://127.0.0.1:1", watcher) is None
            payloads = [json.dumps(event).encode() for event in events]
            return [
                await environment.invoke(invocation(f"r{i}", payload)) for i, payload in enumerate(payloads)
            ]
        finally:
            await environment.close()
            watcher.close()

    return asyncio.run(run())


def test_an_environment_with_a_too_large_response_gets_no_further_invocation(place: Place) -> None:
    """Its process is about to end, so the next invocation needs a new one."""

    async def run() -> tuple[bool, bool]:
        watcher = Watcher()
        keys = Credentials("key", "secret", "token", time.time() + 3600)
        log = LogStream(VERSION, writable=False)
        environment = Environment(VERSION, Built(place, ("app.handler",)), keys, log)
        try:
            assert await environment.start("http://127.0.0.1:1", watcher) is None
            small = await environment.invoke(invocation("small", b'"a"'))
            assert environment.usable
            big = await environment.invoke(invocation("big", b'"big"'))
            assert (small.failed, big.failed) == (False, True)
            return environment.usable, b"ResponseSizeTooLarge" in big.payload
        finally:
            await environment.close()
            watcher.close()

    assert asyncio.run(run()) == (False, True)


@pytest.mark.parametrize("stood_in", [False, True])
def test_the_client_runs_with_and_without_its_native_module(place: Place, stood_in: bool) -> None:
    """Where its wheel is not available, as on macOS, a client with http.client replaces it."""
    paths = (CLIENT, *place.paths) if stood_in else place.paths
    first, second, third = run_environment(replace(place, paths=paths), ["a", "raise", "b"])
    assert json.loads(first.payload) == ["a", "r0"]
    assert (second.failed, json.loads(second.payload)["errorType"]) == (True, "ValueError")
    assert json.loads(third.payload) == ["b", "r2"]


def test_a_command_that_only_reports_a_missing_python_is_skipped(
    tmp_path: Path, context: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version manager puts such commands on the path."""
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\necho 'not active' >&2\nexit 127\n")
    shim.chmod(shim.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    found = asyncio.run(prepare(context, cache_folder(), tmp_path))
    assert found.version >= (3, 11)


def fake_python(folder: Path, minor: str, converts: bool) -> str:
    """A fake Python command with a version, which can or cannot read the lock file."""
    command = folder / f"python3.{minor}"
    told = json.dumps([[3, int(minor)], "abi", "/", str(command)])
    command.write_text(
        f"#!/bin/sh\n[ \"$1\" = -c ] && echo '{told}' && exit 0\n"
        f"echo 'requirements.py: not this Python' >&2\nexit {0 if converts else 1}\n"
    )
    command.chmod(0o755)
    return str(command)


def test_what_the_images_python_refuses_is_not_run_with_another(
    context: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [fake_python(tmp_path, "12", False), fake_python(tmp_path, "13", True)]
    monkeypatch.setattr(interpreter, "_candidates", lambda: found)
    monkeypatch.delenv("KAIROS_PYTHON", raising=False)
    of_image = tmp_path / "image" / "context"
    shutil.copytree(context, of_image)
    recipe = of_image / "kairos_image" / "Dockerfile"
    recipe.write_text(f"ARG BASE_IMAGE=public.ecr.aws/lambda/python:3.12.2026\n{recipe.read_text()}")
    with pytest.raises(UnusableBackend, match=r"the image cannot be built: .*not this Python"):
        asyncio.run(prepare(of_image, tmp_path, tmp_path / "tasks"))


def test_the_named_python_is_the_only_one_tried(
    context: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAIROS_PYTHON", "/nowhere/python")
    with pytest.raises(UnusableBackend, match="no Python was found"):
        asyncio.run(prepare(context, cache_folder(), tmp_path))


def test_an_environment_that_could_not_be_created_leaves_no_files(
    context: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: str) -> None:
        raise UnusableBackend("the backend's packages cannot be installed: no network")

    monkeypatch.setattr(interpreter, "_uv", fail)
    with pytest.raises(UnusableBackend, match="no network"):
        asyncio.run(prepare(context, tmp_path, tmp_path))
    assert list((tmp_path / "packages").iterdir()) == []


def test_an_image_of_another_recipe_needs_docker(tmp_path: Path) -> None:
    with pytest.raises(UnusableBackend, match="needs Docker"):
        asyncio.run(prepare(tmp_path, tmp_path, tmp_path))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_everything_stops_with_the_server_even_during_an_invocation(
    tmp_path: Path, how: signal.Signals
) -> None:
    port = free_port()
    process = start(port, tmp_path)
    try:
        wait_until_it_answers(process, port)
        cloud = Cloud(port)
        make_role(cloud)
        make_function(cloud, stage(cloud, tmp_path, CHILD))

        def call() -> None:
            with contextlib.suppress(Exception):  # The server disappears.
                invoke(cloud, 600)

        caller = threading.Thread(target=call, daemon=True)
        caller.start()
        wait_until(lambda: _has_begun(cloud), "the function begins")
        child, task = child_of(cloud), task_of(cloud)
        assert task.is_dir()
    finally:
        process.send_signal(how)
        process.communicate(timeout=30)
    wait_until(lambda: not alive(child), "the child of the function ends")
    wait_until(lambda: not task.parent.exists(), "its files are removed")
    assert [entry for entry in _processes_with(str(tmp_path)) if entry != os.getpid()] == []


def test_a_stopped_server_first_stops_an_invocation_and_answers_its_caller(tmp_path: Path) -> None:
    port = free_port()
    process = start(port, tmp_path)
    answers: list[Any] = []
    try:
        wait_until_it_answers(process, port)
        cloud = Cloud(port)
        make_role(cloud)
        make_function(cloud, stage(cloud, tmp_path, CHILD), Timeout=600)
        caller = threading.Thread(target=lambda: answers.append(invoke(cloud, 600).answer), daemon=True)
        caller.start()
        wait_until(lambda: _has_begun(cloud), "the function begins")
    finally:
        process.terminate()
        process.communicate(timeout=30)
    caller.join(timeout=30)
    assert [answer["errorType"] for answer in answers] == ["Runtime.ExitError"]


def _has_begun(cloud: Cloud) -> bool:
    try:
        child_of(cloud)
    except StopIteration:
        return False
    return True


def _processes_with(text: str) -> list[int]:
    """Processes with this text in their environment or command line."""
    listed = subprocess.run(
        ["ps", "axewwo", "pid=,stat=,command="], capture_output=True, text=True, check=True
    )
    lines = [line.split(maxsplit=2) for line in listed.stdout.splitlines() if text in line]
    return [int(process) for process, state, _ in lines if not state.startswith("Z")]
