"""A function does not run between its invocations, and no process of it outlives the server."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from emulator.runner import container
from emulator.runner.container import Pauses
from emulator.runner.watcher import Watcher
from emulator.tests.cloud import Cloud, free_port, start, wait_until_it_answers
from emulator.tests.staging import (
    VARIABLES,
    invoke,
    make_function,
    make_role,
    stage_example,
    wait_until,
)
from emulator.tests.test_runner import alive, deploy, http_event

TWO_PROCESSES = (
    "import os, subprocess, sys\n"
    "child = subprocess.Popen([sys.executable, '-c', 'while True: pass'])\n"
    "def handler(event, context):\n    return [os.getpid(), child.pid]\n"
)


def state(process: int) -> str:
    """`T` for a stopped process, an empty string for one that has ended."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True)
    return found.stdout.strip()[:1].replace("Z", "")


def wait_until_frozen(*processes: int) -> None:
    wait_until(lambda: {state(process) for process in processes} == {"T"}, "the environment is frozen")


def test_a_function_does_not_run_between_two_invocations(cloud: Cloud, home: Path) -> None:
    deploy(cloud, home, TWO_PROCESSES)
    processes = invoke(cloud).answer
    wait_until_frozen(*processes)
    assert invoke(cloud).answer == processes
    wait_until_frozen(*processes)


def test_a_function_runs_while_it_is_invoked(cloud: Cloud, home: Path) -> None:
    code = (
        "import threading, time\nseen = []\n"
        "def count():\n    while True:\n        seen.append(1)\n        time.sleep(0.01)\n"
        "threading.Thread(target=count, daemon=True).start()\n"
        "def handler(event, context):\n    before = len(seen)\n"
        "    while len(seen) < before + 5:\n        time.sleep(0.01)\n    return True\n"
    )
    deploy(cloud, home, code)
    assert [invoke(cloud).answer for _ in range(3)] == [True] * 3


def test_a_frozen_environment_stops_with_a_killed_server(tmp_path: Path) -> None:
    port = free_port()
    server = start(port, tmp_path)
    try:
        wait_until_it_answers(server, port)
        cloud = Cloud(port)
        deploy(cloud, tmp_path, TWO_PROCESSES)
        processes = invoke(cloud).answer
        wait_until_frozen(*processes)
    finally:
        server.kill()
        server.communicate(timeout=30)
    wait_until(lambda: not any(map(alive, processes)), "the environment ends")


CONNECTED = """
import asyncio, os
from contextlib import asynccontextmanager
from fastapi import FastAPI
from mangum import Mangum

@asynccontextmanager
async def lifespan(app):
    app.state.connection = await asyncio.open_connection("127.0.0.1", int(os.environ["PEER"]))
    yield
    app.state.connection[1].close()

app = FastAPI(lifespan=lifespan)

@app.get("/")
async def ask():
    reader, writer = app.state.connection
    writer.write(b"?")
    return [(await reader.readexactly(1)).decode(), os.getpid()]

handler = Mangum(app)
"""


class Peer:
    """Answers each byte on a connection with the connection's number, and can close all connections."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._connections: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # Closed.
                return
            self._connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        number = str(len(self._connections)).encode()
        while connection.recv(1):
            connection.sendall(number)

    def drop(self) -> None:
        for connection in self._connections:
            connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.close()
        for connection in self._connections:
            connection.close()


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer = Peer()
    yield peer
    peer.close()


def test_a_connection_that_was_closed_in_a_pause_is_opened_again(
    cloud: Cloud, home: Path, peer: Peer
) -> None:
    make_role(cloud)
    cloud.client("ssm").put_parameter(
        Name="/kairos/prod/secrets/SECRET_KEY", Value="s" * 40, Type="SecureString"
    )
    image = stage_example(cloud, home, "src-connected")
    context = home / "images" / image.rpartition(":")[2] / "context"
    (context / "kairos" / "connected.py").write_text(CONNECTED)
    variables = {
        **VARIABLES,
        "KAIROS_HANDLER": "kairos.connected.handler",
        "KAIROS_LIFESPAN_PAUSE_LIMIT": "1",
        "PEER": str(peer.port),
    }
    make_function(cloud, image, Environment={"Variables": variables})

    def connection() -> str:
        found = invoke(cloud, http_event("/"))
        assert found.answer["statusCode"] == 200, found.answer
        number, process = json.loads(found.answer["body"])
        wait_until_frozen(process)
        return number

    assert connection() == "1"
    peer.drop()
    time.sleep(1.2)  # The pause itself is longer than the limit.
    assert connection() == "2"


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """A fake Docker client that reports its beginning and its end, and is as slow as a real one. Returns its
    reports.
    """
    told = tmp_path / "told"
    told.touch()
    client = tmp_path / "docker"
    client.write_text(f'#!/bin/sh\necho "$1 $2" >> {told}\nsleep 0.3\necho "done $1" >> {told}\n')
    client.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(container, "PAUSE_AFTER", 0.05)
    return lambda: told.read_text().splitlines()


def test_a_container_continues_only_after_a_running_pause(docker: Callable[[], list[str]]) -> None:
    async def run() -> None:
        pauses = Pauses("one")
        pauses.freeze(0)
        while docker() != ["pause one"]:
            await asyncio.sleep(0.01)
        await pauses.thaw(0)

    asyncio.run(run())
    assert docker() == ["pause one", "done pause", "unpause one", "done unpause"]


def test_a_container_is_not_paused_between_requests_in_a_row(docker: Callable[[], list[str]]) -> None:
    async def run() -> None:
        pauses = Pauses("one")
        for _ in range(3):
            pauses.freeze(0)
            await pauses.thaw(0)
        await asyncio.sleep(0.2)  # Longer than it would take.

    asyncio.run(run())
    assert docker() == []


@pytest.fixture
def group() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True)
    yield process.pid
    process.kill()
    process.wait()


def test_watched_processes_stop_with_the_watcher_even_if_frozen(group: int, tmp_path: Path) -> None:
    watcher = Watcher()
    watcher.watch(group, ("touch", str(tmp_path / "ended")))
    os.killpg(group, signal.SIGSTOP)
    watcher.close()
    assert (alive(group), (tmp_path / "ended").exists()) == (False, True)


def test_a_process_that_is_no_longer_watched_continues(group: int, tmp_path: Path) -> None:
    watcher = Watcher()
    watcher.watch(group, ("touch", str(tmp_path / "ended")))
    watcher.forget(group)
    watcher.close()
    assert (alive(group), (tmp_path / "ended").exists()) == (True, False)
