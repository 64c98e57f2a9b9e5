from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from emulator.tests.cloud import ROOT, Cloud, running

KNOBS = {
    "environments.prod.edge.domain": {"name": "api.findkairos.com", "zone": "findkairos.com"},
    "environments.prod.function.provisionedConcurrency": 1,
}
"""Settings that the table does not use and that add alarms."""


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of the shared local cloud."""
    return tmp_path_factory.mktemp("cloud")


@pytest.fixture(scope="session")
def server(home: Path) -> Iterator[Cloud]:
    with running(home) as cloud:
        yield cloud


@pytest.fixture
def cloud(server: Cloud) -> Cloud:
    """The shared local cloud, emptied."""
    server.reset()
    return server


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """The resources of kairos-prod as synthesized, with every setting on."""
    folder = tmp_path_factory.mktemp("synthesized")
    command = ["node", "-r", "./bin/typescript", "__tests__/support/changed-app.ts"]
    surroundings = {**os.environ, "CDKTF_OUTDIR": str(folder), "KAIROS_TEST_CHANGES": json.dumps(KNOBS)}
    subprocess.run(command, cwd=ROOT, env=surroundings, check=True, capture_output=True)
    template = json.loads(Path(folder, "stacks/kairos-prod/cdk.tf.json").read_text())
    resources: Mapping[str, Mapping[str, Mapping[str, Any]]] = template["resource"]
    return resources
