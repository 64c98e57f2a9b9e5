"""Many unusual requests: neither the local cloud nor the function may crash."""

from __future__ import annotations

import contextlib
import os
import random
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from emulator.tests.cloud import Cloud
from emulator.tests.staging import VARIABLES, address, ask, make_api, make_function, make_role, stage_example
from emulator.tests.test_serving_distribution import put_in_front

REQUESTS = 5000
CLIENTS = 8
SEED = int(os.environ.get("KAIROS_FUZZ_SEED", "20261124"))
"""The requests are the same in each run. Another seed generates others."""

_METHODS = [
    "GET",
    "POST",
    "PUT",
    "DELETE",
    "HEAD",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "CONNECT",
    "BREW",
    "get",
    "G" * 300,
]
_PATHS = [
    "/",
    "/api/v1/",
    "/docs",
    "/%",
    "/%zz",
    "/%00",
    "/%2e%2e/%2e%2e/etc/passwd",
    "//double//slashes//",
    "/../..",
    "/api/v1/probe/request?%",
    "/?" + "a=1&" * 500,
    "/a;b=c",
    "/%F0%9F%98%80",
    "/\xe9",
    "*",
    "http://elsewhere.test/",
    "/" + "x" * 5000,
    "/?a[]=1&a[]=2&=&&==",
    "/api/v1/probe/echo",
]
_HEADERS = [
    "Content-Type: application/json",
    "Content-Type: ",
    "Content-Type: application/x-www-form-urlencoded; charset=utf-8",
    "Content-Encoding: gzip",
    "Cookie: a=b; ; =; c",
    "Cookie: " + "x" * 3000,
    "X-Amzn-Trace-Id: Root=broken;;=",
    "X-Forwarded-For: , ,,127.0.0.1",
    "X-Forwarded-Proto: gopher",
    "Authorization: Bearer \xff\xfe",
    "Accept-Encoding: br;q=0, *",
    "Expect: 100-continue",
    "Expect: something",
    "Upgrade: h2c",
    "Range: bytes=99-1",
    "If-None-Match: *",
    "X-" + "n" * 200 + ": v",
    "X-Long: " + "v" * 9000,
    "X-Very-Long: " + "v" * 20000,
    "Origin: null",
    "Via: 1.1 x.cloudfront.net (CloudFront)",
    "Connection: close, x-own",
    "Te: trailers",
]


def odd_request(source: random.Random) -> tuple[bytes, bool]:
    """The bytes of a request, and whether the client waits for a response."""
    version = source.choice(["1.1"] * 9 + ["1.0", "3.7"])
    lines = [f"{source.choice(_METHODS)} {source.choice(_PATHS)} HTTP/{version}"]
    lines += ["Host: " + source.choice(["x", "", "a b", "127.0.0.1:1", "s3.amazonaws.com"])]
    lines += source.sample(_HEADERS, source.randrange(5))
    body = source.randbytes(source.choice([0, 0, 1, 50, 3000]))
    kind = source.randrange(10)
    waits = True
    if kind == 0:
        lines.append("Transfer-Encoding: chunked")
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
    elif kind == 1:
        lines.append("Transfer-Encoding: chunked")
        body = source.choice([b"zz\r\n", b"-1\r\n\r\n", b"ffffffffffffffffff\r\n"])
    elif kind == 2:
        lines.append(f"Content-Length: {source.choice(['-1', 'abc', '999999999999', str(len(body) + 5)])}")
        waits = False
    else:
        lines.append(f"Content-Length: {len(body)}")
    whole = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
    if source.random() < 0.15:
        return whole[: source.randrange(1, len(whole))], False
    return whole, waits


def send(url: str, data: bytes, waits: bool) -> int:
    """Send it, and close at once or when a response begins. Returns its status, or 0."""
    host, _, port = url.removeprefix("http://").partition(":")
    with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=1) as connection:
        connection.sendall(data)
        if waits:
            line = connection.recv(65536).split(b" ", 2)
            return int(line[1]) if len(line) == 3 else 0
    return 0


def test_unusual_requests_do_not_break_cloud_and_function(cloud: Cloud, home: Path) -> None:
    make_role(cloud)
    secret = {"Name": "/kairos/prod/secrets/SECRET_KEY", "Value": "s" * 40, "Type": "SecureString"}
    cloud.client("ssm").put_parameter(**secret)
    make_function(cloud, stage_example(cloud, home), Environment={"Variables": VARIABLES})
    api = make_api(cloud, limits=(100000, 100000))
    edge = address(cloud, put_in_front(cloud, api)["Id"])
    assert ask(api.url, "/api/v1/").status == 200

    def client(number: int) -> Counter[int]:
        source = random.Random(SEED + number)
        urls = (source.choice([api.url, edge]) for _ in range(REQUESTS // CLIENTS))
        return Counter(send(url, *odd_request(source)) for url in urls)

    with ThreadPoolExecutor(CLIENTS) as threads:
        statuses = sum(threads.map(client, range(CLIENTS)), Counter[int]())
    # Enough requests are served to reach the function. A busy machine throttles more of them.
    assert statuses.total() == REQUESTS
    assert statuses[200] + statuses[404] + statuses[405] > REQUESTS / 20, statuses

    for url in (api.url, edge):
        found = ask(url, "/api/v1/")
        assert (found.status, found.json) == (200, {"message": "Hello from Kairos"})
    assert "Traceback" not in (home / "server.log").read_text()
    ended = cloud.client("logs").filter_log_events(
        logGroupName="/aws/lambda/kairos-prod", filterPattern="ExitError"
    )
    assert ended["events"] == []
