"""The local cloud's own share of a warm request, and how many requests per second it serves.

The example backend answers behind the local cloud and with uvicorn alone. They alternate in the same run, so
that the difference is also valid on a busy machine.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from emulator.runner.interpreter import cache_folder, prepare  # noqa: E402
from emulator.tests import staging  # noqa: E402
from emulator.tests.cloud import Cloud, free_port, running  # noqa: E402
from emulator.tests.test_serving_distribution import put_in_front  # noqa: E402

PATH = "/api/v1/"
ROUNDS, IN_A_ROUND = 30, 20
"""Requests in each round of each server, and the number of rounds."""
CLIENTS, SECONDS = 8, 5


@contextmanager
def uvicorn(context: Path) -> Iterator[str]:
    """The example backend with uvicorn, in the same environment as in the local cloud."""
    place = asyncio.run(prepare(context, cache_folder(), context.with_name("tasks")))
    port = free_port()
    command = [
        str(place.python),
        "-m",
        "uvicorn",
        "kairos.main:app",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    variables = {"PATH": os.environ["PATH"], "SECRET_KEY": "s" * 40}
    process = subprocess.Popen(command, cwd=context, env=variables)
    try:
        staging.wait_until(lambda: _answers(port), "uvicorn answers")
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(port: int) -> bool:
    try:
        return staging.ask(f"http://127.0.0.1:{port}", PATH).status == 200
    except ConnectionError:
        return False


def deploy(cloud: Cloud, home: Path) -> tuple[str, str, Path]:
    """The addresses of the API and the distribution, and the folder of the run."""
    staging.make_role(cloud)
    secret = {"Name": "/kairos/prod/secrets/SECRET_KEY", "Value": "s" * 40, "Type": "SecureString"}
    cloud.client("ssm").put_parameter(**secret)
    image = staging.stage_example(cloud, home)
    staging.make_function(cloud, image, Environment={"Variables": staging.VARIABLES})
    api = staging.make_api(cloud, limits=(100000, 100000))
    edge = staging.address(cloud, put_in_front(cloud, api)["Id"])
    context = home / "images" / image.rpartition(":")[2] / "context"
    return api.url.removeprefix("http://"), edge.removeprefix("http://"), context


def in_turn(hosts: dict[str, str]) -> dict[str, list[float]]:
    """The seconds of each warm request, one after the other."""
    connections = {name: http.client.HTTPConnection(host, timeout=60) for name, host in hosts.items()}
    taken: dict[str, list[float]] = {name: [] for name in hosts}
    for connection in connections.values():
        _request(connection)
    for _ in range(ROUNDS):
        for name, connection in connections.items():
            taken[name] += [_request(connection) for _ in range(IN_A_ROUND)]
    return taken


def _request(connection: http.client.HTTPConnection) -> float:
    began = time.perf_counter()
    connection.request("GET", PATH)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{connection.host}:{connection.port} answered {answer.status}")
    return time.perf_counter() - began


def at_once(host: str) -> float:
    """Responses per second for all clients together."""
    counts = [0] * CLIENTS
    until = time.perf_counter() + SECONDS

    def client(number: int) -> None:
        connection = http.client.HTTPConnection(host, timeout=60)
        while time.perf_counter() < until:
            _request(connection)
            counts[number] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as cloud:
        api, edge, context = deploy(cloud, Path(folder))
        with uvicorn(context) as plain:
            at_once(api)  # All environments have started.
            taken = in_turn({"uvicorn": plain, "API": api, "edge": edge})
            median = {name: statistics.median(seconds) * 1000 for name, seconds in taken.items()}
            rates = {name: at_once(host) for name, host in (("uvicorn", plain), ("API", api), ("edge", edge))}
    alone = f"{median['uvicorn']:6.2f} ms, {rates['uvicorn']:5.0f} requests/s"
    print(f"uvicorn alone        {alone} with {CLIENTS} clients")
    for name in ("API", "edge"):
        share = median[name] - median["uvicorn"]
        ratio = median[name] / median["uvicorn"]
        print(
            f"through the {name:8} {median[name]:6.2f} ms, {rates[name]:5.0f} requests/s: "
            f"its own share is {share:.2f} ms ({ratio:.1f} times uvicorn); the limits are 10 ms and 100/s"
        )


if __name__ == "__main__":
    main()
