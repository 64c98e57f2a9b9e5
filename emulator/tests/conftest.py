from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.tests.cloud import Cloud, free_port, start, wait_until_it_answers


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    port = free_port()
    home: Path = tmp_path_factory.mktemp("cloud")
    process = start(port, home)
    try:
        wait_until_it_answers(process, port)
        yield Cloud(port)
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture
def cloud(server: Cloud) -> Cloud:
    """The one running cloud, with nothing in it."""
    server.reset()
    return server
