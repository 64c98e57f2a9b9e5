"""An account whose quota of concurrent executions is that of a new one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import Cloud, free_port, start, wait_until_active, wait_until_it_answers
from emulator.tests.walks_names import make_function


@pytest.fixture
def new_account(tmp_path: Path) -> Iterator[Cloud]:
    port = free_port()
    with (tmp_path / "server.log").open("w") as log:
        process = start(port, tmp_path, "--concurrency", "10", output=log)
        try:
            wait_until_it_answers(process, port)
            yield Cloud(port)
        finally:
            process.terminate()
            process.wait(timeout=30)


def test_it_says_so_and_reserves_nothing(new_account: Cloud) -> None:
    new_account.keys_of_role("kairos-function")
    make_function(new_account, "kairos")
    client = new_account.client("lambda")
    wait_until_active(client, "kairos")
    limit = client.get_account_settings()["AccountLimit"]
    assert (limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]) == (10, 10)
    with pytest.raises(ClientError, match=r"below its minimum value of \[10\]"):
        client.put_function_concurrency(FunctionName="kairos", ReservedConcurrentExecutions=1)
    stopped = client.put_function_concurrency(FunctionName="kairos", ReservedConcurrentExecutions=0)
    assert stopped["ReservedConcurrentExecutions"] == 0
