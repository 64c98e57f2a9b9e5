"""The loopback ports of APIs and distributions."""

from __future__ import annotations

import http.client
import socket
import subprocess
from pathlib import Path

import pytest

from emulator.tests.cloud import Cloud
from emulator.tests.staging import (
    NAME,
    DeployedApi,
    address,
    addresses,
    ask,
    make_api,
    messages,
    permit,
    wait_until,
)
from emulator.tests.test_serving_distribution import named, put_in_front
from emulator.tests.test_serving_http_api import deploy


@pytest.fixture
def api(cloud: Cloud, home: Path) -> DeployedApi:
    return deploy(cloud, home)


def refuses(url: str) -> bool:
    try:
        ask(url, "/")
    except ConnectionError:
        return True
    return False


def test_the_status_lists_the_resource_of_each_address(cloud: Cloud, api: DeployedApi) -> None:
    made = put_in_front(cloud, api, **named(cloud, "api.kairos.test"))
    found = cloud.status()["addresses"]
    of_api, of_distribution = sorted(found, key=lambda entry: str(entry["kind"]), reverse=True)
    assert of_api == {
        "kind": "http-api",
        "id": api.identity,
        "domain": api.domain,
        "aliases": [],
        "url": api.url,
    }
    assert (of_distribution["kind"], of_distribution["id"]) == ("distribution", made["Id"])
    assert of_distribution["domain"] == made["DomainName"].lower()
    assert of_distribution["aliases"] == ["api.kairos.test"]


def test_an_empty_cloud_has_no_addresses(cloud: Cloud) -> None:
    assert cloud.status()["addresses"] == []


def test_an_address_is_closed_with_its_resource(cloud: Cloud, api: DeployedApi) -> None:
    assert ask(api.url, "/").status == 200
    cloud.client("apigatewayv2").delete_api(ApiId=api.identity)
    assert api.identity not in addresses(cloud)
    wait_until(lambda: refuses(api.url), "the port is closed")


def test_a_reset_closes_all_addresses(cloud: Cloud, api: DeployedApi) -> None:
    cloud.reset()
    wait_until(lambda: refuses(api.url), "the port is closed")
    assert cloud.status()["addresses"] == []


def test_each_api_has_its_own_permanent_port(cloud: Cloud, api: DeployedApi) -> None:
    cloud.client("logs").delete_log_group(logGroupName=f"/aws/apigateway/{NAME}")
    other = make_api(cloud, permitted=False)
    assert other.url != api.url == address(cloud, api.identity)
    assert (ask(api.url, "/").status, ask(other.url, "/").status) == (200, 500)


def test_ports_are_only_open_on_loopback(cloud: Cloud, api: DeployedApi) -> None:
    number = api.url.rpartition(":")[2]
    listening = subprocess.run(["ss", "-Hltn"], capture_output=True, text=True, check=True).stdout
    bound = [line.split()[3] for line in listening.splitlines() if line.split()[3].endswith(f":{number}")]
    assert bound == [f"127.0.0.1:{number}"]


@pytest.mark.parametrize(
    "path", ["/_ministack/health", "/_kairos/status", "/v2/", "/iceberg/v1", "/restapis/x"]
)
def test_no_path_of_the_cloud_itself_is_reached_through_a_front(
    cloud: Cloud, api: DeployedApi, path: str
) -> None:
    assert ask(api.url, path).body == b"hello"


def test_the_distribution_sees_a_request_over_https(cloud: Cloud, api: DeployedApi) -> None:
    url = address(cloud, put_in_front(cloud, api)["Id"])
    assert ask(url, "/", X_Forwarded_Proto="http", Host="elsewhere.test").status == 200


def test_the_host_of_a_client_does_not_select_another_resource(cloud: Cloud, api: DeployedApi) -> None:
    assert ask(api.url, "/event", Host="s3.amazonaws.com").json["headers"]["host"] == api.domain


def test_a_connection_serves_several_requests(cloud: Cloud, api: DeployedApi) -> None:
    connection = http.client.HTTPConnection(api.url.removeprefix("http://"), timeout=30)
    for _ in range(3):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"hello"


def test_a_body_in_chunks_arrives_whole(cloud: Cloud, api: DeployedApi) -> None:
    connection = http.client.HTTPConnection(api.url.removeprefix("http://"), timeout=30)
    connection.request(
        "POST", "/size", iter([b"x" * 1000] * 50), {"Content-Type": "text/plain"}, encode_chunked=True
    )
    assert connection.getresponse().read() == b"50000"


def test_a_websocket_is_not_opened(cloud: Cloud, api: DeployedApi) -> None:
    host, _, port = api.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(
            b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 200")


def test_a_client_that_leaves_in_the_middle_of_a_body_reaches_no_function(
    cloud: Cloud, api: DeployedApi
) -> None:
    host, _, port = api.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    assert ask(api.url, "/").status == 200
    assert len([line for line in messages(cloud) if "platform.start" in line]) == 1


def test_a_permission_that_is_added_later_is_valid_at_once(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home, permitted=False)
    assert ask(api.url, "/").status == 500
    permit(cloud, api.identity)
    assert ask(api.url, "/").status == 200
