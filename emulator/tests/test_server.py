from __future__ import annotations

import os
import signal
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import ACCOUNT, REGION, Cloud, free_port, start, wait_until_it_answers


def test_answers_as_the_configured_account(cloud: Cloud) -> None:
    assert cloud.client("sts").get_caller_identity()["Account"] == ACCOUNT


def test_uses_the_configured_region_for_a_request_without_one(cloud: Cloud) -> None:
    assert cloud.status()["region"] == REGION


def test_status_lists_addresses(cloud: Cloud) -> None:
    assert isinstance(cloud.status()["addresses"], list)


def test_status_is_read_only(cloud: Cloud) -> None:
    request = urllib.request.Request(f"{cloud.url}/_kairos/status", data=b"", method="POST")
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(request)


def test_evaluates_iam(cloud: Cloud) -> None:
    keys = cloud.keys_of_role("powerless")
    with pytest.raises(ClientError, match="not authorized to perform: s3:ListAllMyBuckets"):
        cloud.client("s3", keys=keys).list_buckets()


def test_refuses_a_wrong_secret(cloud: Cloud) -> None:
    keys = {**cloud.keys_of_role("some-role"), "aws_secret_access_key": "wrong"}
    with pytest.raises(ClientError, match=r"SignatureDoesNotMatch|InvalidSignature"):
        cloud.client("sts", keys=keys).get_caller_identity()


def test_listens_on_one_loopback_address_only(server: Cloud) -> None:
    with pytest.raises(OSError, match=r"refused|unreachable|assign|timed out"):
        socket.create_connection(("127.0.0.2", server.port), timeout=1)


def test_a_reset_deletes_the_state_of_the_corrections(cloud: Cloud) -> None:
    logs = cloud.client("logs")
    logs.put_query_definition(name="errors", queryString="fields @message")
    cloud.reset()
    assert logs.describe_query_definitions()["queryDefinitions"] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_cleanly(number: signal.Signals, tmp_path: Path) -> None:
    port = free_port()
    process = start(port, tmp_path)
    wait_until_it_answers(process, port)
    process.send_signal(number)
    log, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in log


def test_makes_its_home(tmp_path: Path) -> None:
    port = free_port()
    home = tmp_path / "not" / "there"
    process = start(port, home)
    wait_until_it_answers(process, port)
    process.terminate()
    process.communicate(timeout=30)
    assert home.is_dir()


def test_starts_without_the_state_of_an_earlier_run(tmp_path: Path) -> None:
    left = tmp_path / "temporary" / "left"
    left.mkdir(parents=True)
    port = free_port()
    process = start(port, tmp_path)
    wait_until_it_answers(process, port)
    process.terminate()
    process.communicate(timeout=30)
    assert not left.exists()


def test_a_used_port_ends_the_program_with_a_line_that_names_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start(port, tmp_path)
        log, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in log
    assert "Traceback" not in log


def test_wrong_arguments_are_all_named(tmp_path: Path) -> None:
    process = start(1, tmp_path, "--port", "0", "--account", "12", "--region", "nowhere")
    log, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    for found in ("not 0", "not '12'", "not 'nowhere'"):
        assert found in log


UNFINISHED = {
    "connected": b"",
    "half a head": b"GET / HT",
    "half a body": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf",
}


@pytest.mark.parametrize("sent", UNFINISHED.values(), ids=UNFINISHED)
def test_stops_even_if_a_client_has_not_finished(sent: bytes, tmp_path: Path) -> None:
    port = free_port()
    process = start(port, tmp_path)
    wait_until_it_answers(process, port)
    try:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(sent)
            # A complete request on a second connection. When it is answered, the first one has been read too.
            Cloud(port).status()
            process.terminate()
            log, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "Traceback" not in log


def test_status_contains_home_and_process(cloud: Cloud) -> None:
    status = cloud.status()
    os.kill(int(str(status["process"])), 0)
    assert Path(str(status["home"])).is_dir()
