from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.tests.cloud import Cloud, free_port, start, wait_until_it_answers


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the one running cloud."""
    return tmp_path_factory.mktemp("cloud")


@pytest.fixture(scope="session")
def server(home: Path) -> Iterator[Cloud]:
    port = free_port()
    with (home / "server.log").open("w") as log:
        process = start(port, home, output=log)
        try:
            wait_until_it_answers(process, port)
            yield Cloud(port)
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture
def cloud(server: Cloud) -> Cloud:
    """The one running cloud, with nothing in it."""
    server.reset()
    return server
