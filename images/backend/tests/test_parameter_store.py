"""Reading from the parameter store: pages, retries, the time budget and errors."""

import calendar
import json
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker
from conftest import Serve
from fake_parameter_store import Clock, FakeParameterStore, Step, error, hang_up, parameter, raw, slow
from silent_servers import Waited, serving_one_after_another

from start_up import parameter_store
from start_up.failure import StartUpError
from start_up.parameter_store import Pages, Parameter, ParameterStore, Refused
from start_up.signing import Credentials

PATH = "/kairos/test/secrets"
CREDENTIALS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI")


class Unhurried(Clock):
    """A budget without a limit, for any number of attempts."""

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def a_store(fake: FakeParameterStore, clock: Clock | None = None) -> ParameterStore:
    if clock is None:
        return ParameterStore(fake.endpoint, "eu-west-2", CREDENTIALS)
    return ParameterStore(fake.endpoint, "eu-west-2", CREDENTIALS, clock=clock, sleep=clock.sleep)


def test_reads_every_page_even_after_an_empty_one(serve: Serve) -> None:
    fake = serve(
        [parameter(f"{PATH}/A", "1")],
        [],
        [parameter(f"{PATH}/B", "2", "SecureString")],
    )
    pages = a_store(fake).read(PATH)
    assert pages.parameters == [Parameter("A", "1"), Parameter("B", "2")]
    assert pages.calls == 3


def test_requests_all_parameters_directly_below_the_path_decrypted(serve: Serve) -> None:
    fake = serve([])
    a_store(fake).read(PATH)
    assert fake.requests == [{"Path": PATH, "WithDecryption": True, "MaxResults": 10}]


@pytest.mark.parametrize("path", ["", "/behind/a/path"])
def test_signs_requests_like_botocore(serve: Serve, path: str) -> None:
    fake = serve([])
    address = fake.endpoint + path
    before = time.time()
    ParameterStore(address, "eu-west-2", CREDENTIALS).read(PATH)
    sent = {name.lower(): value for name, value in fake.headers[0].items()}
    assert sent["content-type"] == "application/x-amz-json-1.1"
    assert sent["x-amz-target"] == "AmazonSSM.GetParametersByPath"
    moment = time.strptime(sent["x-amz-date"] + "+0000", "%Y%m%dT%H%M%SZ%z")
    assert 0 <= time.time() - calendar.timegm(moment) <= time.time() - before + 1
    assert sent["authorization"] == _signed_by_botocore(address, sent, fake.requests[0])


def _signed_by_botocore(address: str, sent: dict[str, str], body: dict[str, Any]) -> str:
    """The header for the same request at the same time."""
    request = botocore.awsrequest.AWSRequest(
        "POST",
        f"http://{urlsplit(address).netloc}{urlsplit(address).path or '/'}",
        {name: sent[name] for name in ("content-type", "x-amz-target")},
        json.dumps(body).encode(),
    )
    request.context["timestamp"] = sent["x-amz-date"]
    keys = botocore.credentials.Credentials(CREDENTIALS.access_key, CREDENTIALS.secret_key)
    auth = botocore.auth.SigV4Auth(keys, "ssm", "eu-west-2")
    request.headers["X-Amz-Date"] = sent["x-amz-date"]
    signature = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
    names = auth.signed_headers(auth.headers_to_sign(request))
    return f"AWS4-HMAC-SHA256 Credential={auth.scope(request)}, SignedHeaders={names}, Signature={signature}"


def test_a_response_without_parameters_is_an_empty_page(serve: Serve) -> None:
    fake = serve([], steps=[raw(200, b"{}")])
    assert a_store(fake).read(PATH) == Pages([], 1)


def test_follows_no_redirect_with_a_signed_request(serve: Serve) -> None:
    elsewhere = serve([parameter(f"{PATH}/A", "1")])
    fake = serve([])
    fake.steps = [raw(307, b"{}")]
    fake.location = elsewhere.endpoint
    with pytest.raises(Refused, match="status 307"):
        a_store(fake).read(PATH)
    assert elsewhere.requests == []


def test_keeps_one_connection_for_all_pages(serve: Serve) -> None:
    fake = serve([], [], [])
    a_store(fake).read(PATH)
    assert fake.connections == 1


@pytest.mark.parametrize(
    "step",
    [
        error(400, "ThrottlingException"),
        error(429, "TooManyRequestsException"),
        error(400, "RequestTimeout"),
        error(400, "RequestTimeoutException"),
        raw(408, b"<html>slow</html>"),
        error(500, "InternalServerError"),
        raw(500, b"<html>broken</html>"),
        raw(503, b"<html>busy</html>"),
        raw(200, b"half an ans"),
        raw(200, b'["no", "object"]'),
        hang_up,
    ],
)
def test_retries_after_a_transient_error(serve: Serve, step: Step) -> None:
    fake = serve([parameter(f"{PATH}/A", "1")], steps=[step, step])
    clock = Clock()
    assert a_store(fake, clock).read(PATH).parameters == [Parameter("A", "1")]
    assert len(clock.slept) == 2


def test_retries_the_page_that_failed(serve: Serve) -> None:
    fake = serve([parameter(f"{PATH}/A", "1")], [parameter(f"{PATH}/B", "2")])
    fake.steps = [lambda store, request: (200, {"Parameters": store.pages[0], "NextToken": "1"})]
    fake.steps.append(error(400, "ThrottlingException"))
    names = [found.name for found in a_store(fake, Clock()).read(PATH).parameters]
    assert names == ["A", "B"]
    assert [request.get("NextToken") for request in fake.requests] == [None, "1", "1"]


def test_waits_longer_and_for_random_times(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameter_store, "_jitter", iter([0.5, 1, 0.75, 1, 1, 1, 1, 1]).__next__)
    fake = serve([], steps=[error(400, "ThrottlingException")] * 7)
    clock = Clock()
    a_store(fake, clock).read(PATH)
    assert clock.slept == pytest.approx([0.025, 0.1, 0.15, 0.4, 0.8, 1, 1])


def test_retries_everything_that_botocore_retries(serve: Serve) -> None:
    codes = {
        *TransientRetryableChecker._TRANSIENT_ERROR_CODES,
        *ThrottledRetryableChecker._THROTTLED_ERROR_CODES,
    }
    fake = serve([], steps=[error(400, code) for code in sorted(codes)])
    assert a_store(fake, Unhurried()).read(PATH).calls == 1
    assert len(fake.requests) == len(codes) + 1


def test_stops_when_the_budget_is_used_up(serve: Serve) -> None:
    fake = serve([], steps=[error(400, "ThrottlingException")] * 100)
    clock = Clock()
    started = clock()
    store = a_store(fake, clock)
    with pytest.raises(TimeoutError):
        store.read(PATH)
    assert clock() - started <= parameter_store.BUDGET
    assert "gave no answer in 5 s; at last: ThrottlingException" in store.silence


def test_has_one_budget_for_all_calls(serve: Serve) -> None:
    fake = serve([], steps=[error(400, "ThrottlingException")] * 100)
    clock = Clock()
    store = a_store(fake, clock)
    clock.now += parameter_store.BUDGET - 1
    started = clock()
    with pytest.raises(TimeoutError):
        store.read(PATH)
    with pytest.raises(TimeoutError):
        store.read(PATH)
    assert clock() - started <= 1


def test_sends_nothing_after_the_budget_is_used_up(serve: Serve) -> None:
    fake, clock = serve([]), Clock()
    store = a_store(fake, clock)
    assert store.silence.endswith("at last: no answer")
    clock.now += parameter_store.BUDGET
    with pytest.raises(TimeoutError):
        store.read(PATH)
    assert fake.requests == []


def test_keeps_the_reason_of_a_refusal(serve: Serve) -> None:
    fake, clock = serve([], steps=[error(400, "AccessDeniedException")]), Clock()
    store = a_store(fake, clock)
    with pytest.raises(Refused):
        store.read(PATH)
    assert store.silence.endswith("at last: AccessDeniedException")


def test_the_pauses_of_many_starts_differ_and_have_a_limit() -> None:
    drawn = [parameter_store._jitter() for _ in range(100)]
    assert all(0.5 <= one <= 1 for one in drawn)
    assert len(set(drawn)) > 1


def test_stops_if_an_endpoint_is_always_slow(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameter_store, "BUDGET", 0.3)
    monkeypatch.setattr(parameter_store, "READ_TIMEOUT", 0.1)
    fake = serve([], steps=[slow(30)] * 10)
    store = a_store(fake)
    with pytest.raises(TimeoutError):
        store.read(PATH)
    assert len(fake.requests) > 1
    assert "gave no answer in 0.3 s; at last: TimeoutError" in store.silence


def test_stops_a_connection_that_is_not_accepted_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection has its own time-out, which is shorter than that of a response."""
    given: list[float | None] = []
    connect = socket.socket.connect

    def noted(self: socket.socket, address: Any) -> None:
        given.append(self.gettimeout())
        connect(self, address)

    monkeypatch.setattr(parameter_store, "BUDGET", 5)
    monkeypatch.setattr(socket, "socket", type("Noted", (socket.socket,), {"connect": noted}))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        clock = Clock()
        store = ParameterStore(
            f"http://127.0.0.1:{listener.getsockname()[1]}", "eu-west-2", CREDENTIALS, clock=clock
        )
        monkeypatch.setattr(parameter_store, "READ_TIMEOUT", 0.01)
        monkeypatch.setattr(store, "_sleep", lambda seconds: setattr(clock, "now", clock.now + 10))
        with pytest.raises(TimeoutError):
            store.read(PATH)
    assert given == [parameter_store.CONNECT_TIMEOUT] * len(given) != []


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (b"no HTTP at all\r\n\r\n", "BadStatusLine"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}", "IncompleteRead"),
    ],
)
def test_retries_after_an_incomplete_response(
    monkeypatch: pytest.MonkeyPatch, answer: bytes, fault: str
) -> None:
    monkeypatch.setattr(parameter_store, "BUDGET", 0.3)
    heard: list[bytes] = []

    def break_off(client: socket.socket, over: Waited) -> None:
        client.sendall(answer)
        client.shutdown(socket.SHUT_WR)
        # If the rest of a request were not read, the client would get a reset instead of the response.
        while client.recv(65536):
            pass

    with serving_one_after_another(break_off, heard) as endpoint:
        store = ParameterStore(endpoint, "eu-west-2", CREDENTIALS)
        with pytest.raises(TimeoutError):
            store.read(PATH)
    assert len(heard) > 1
    assert f"at last: {fault}" in store.silence


def test_stops_if_the_budget_ends_during_a_connection() -> None:
    """The time-out of a socket cannot be negative."""
    times = iter([0.0, parameter_store.BUDGET - 0.001])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        store = ParameterStore(
            f"http://127.0.0.1:{listener.getsockname()[1]}",
            "eu-west-2",
            CREDENTIALS,
            clock=lambda: next(times, parameter_store.BUDGET + 1),
        )
        with pytest.raises(TimeoutError):
            store.read(PATH)


def test_stops_if_nobody_listens(unused_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameter_store, "BUDGET", 0.2)
    store = ParameterStore(f"http://127.0.0.1:{unused_port}", "eu-west-2", CREDENTIALS)
    with pytest.raises(TimeoutError):
        store.read(PATH)
    assert "at last: ConnectionRefusedError" in store.silence


@pytest.mark.parametrize("protocol", ["HTTP/1.0", "HTTP/1.1"])
def test_reads_every_page_from_a_server_without_keep_alive(serve: Serve, protocol: str) -> None:
    fake = serve([parameter(f"{PATH}/A", "1")], [parameter(f"{PATH}/B", "2")])
    fake.protocol, fake.keeps = protocol, False
    store = a_store(fake, Clock())
    assert [found.name for found in store.read(PATH).parameters] == ["A", "B"]
    assert (len(fake.requests), fake.connections) == (2, 2)


def test_does_not_retry_a_denied_call(serve: Serve) -> None:
    fake = serve([], steps=[error(400, "AccessDeniedException")])
    with pytest.raises(Refused) as refused:
        a_store(fake).read(PATH)
    assert refused.value.code == "AccessDeniedException"
    assert str(refused.value) == "the parameter store answered AccessDeniedException"
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"__type": "com.amazonaws.ssm#ValidationException"}', "ValidationException"),
        (b'{"__type": "ValidationException"}', "ValidationException"),
        (b'{"__type": "a.b#ValidationException:http://internal.amazon.com/x/"}', "ValidationException"),
        (b'{"__type": "ValidationException:http://internal.amazon.com/x/"}', "ValidationException"),
        (b"{}", "status 400"),
        (b"[]", "status 400"),
        (b"<html>no</html>", "status 400"),
    ],
)
def test_reads_the_error_code_in_each_format(serve: Serve, body: bytes, code: str) -> None:
    fake = serve([], steps=[raw(400, body)])
    with pytest.raises(Refused) as refused:
        a_store(fake).read(PATH)
    assert (refused.value.code, refused.value.key) == (code, "")


KEY = "arn:aws:kms:eu-west-2:992382417038:key/0b6a-1"


@pytest.mark.parametrize(
    ("member", "message", "key"),
    [
        ("message", f"not authorized to perform: kms:Decrypt on resource: {KEY} because of that", KEY),
        ("Message", f"{KEY} is disabled.", KEY),
        ("message", KEY.replace("aws:", "aws-us-gov:"), KEY.replace("aws:", "aws-us-gov:")),
        ("message", "arn:aws:kms:eu-west-2:992382417038:alias/kairos", ""),
        ("message", "no key at all", ""),
        ("message", None, ""),
        ("message", [KEY], ""),
    ],
)
def test_keeps_only_the_key_of_a_message(serve: Serve, member: str, message: object, key: str) -> None:
    fake = serve([], steps=[lambda store, request: (400, {"__type": "x#KMSDisabled", member: message})])
    with pytest.raises(Refused) as refused:
        a_store(fake).read(PATH)
    assert refused.value.key == key


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "ssm.eu-west-2.amazonaws.com",
        "ftp://x",
        "http://",
        "http://[::1",
        "http://x:port",
        "http://x:99999",
        "http://a b/",
        "http://a\0b/",
        "http://a\nb/",
        "http://ssm..amazonaws.com",
        f"http://{'a' * 64}.amazonaws.com",
    ],
)
def test_refuses_an_invalid_endpoint(endpoint: str) -> None:
    with pytest.raises(StartUpError, match="not an http or https address"):
        ParameterStore(endpoint, "eu-west-2", CREDENTIALS)


def test_shows_no_value_and_no_key_when_printed() -> None:
    assert "hidden" not in repr([Parameter("A", "hidden"), Credentials("id", "hidden", "hidden")])


@pytest.fixture
def unused_port() -> Iterator[int]:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # Bound and not listening, so the connection is refused.
        yield bound.getsockname()[1]
