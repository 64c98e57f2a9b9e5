"""Reading from the parameter store: pages, retries, the budget and what is refused."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from conftest import Serve
from fake_parameter_store import Clock, FakeParameterStore, Step, error, hang_up, parameter, raw, slow

from start_up import parameter_store
from start_up.failure import StartUpError
from start_up.parameter_store import Parameter, ParameterStore, Refused
from start_up.signing import Credentials

PATH = "/kairos/test/secrets"
CREDENTIALS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI")


def a_store(fake: FakeParameterStore, clock: Clock | None = None) -> ParameterStore:
    if clock is None:
        return ParameterStore(fake.endpoint, "eu-west-2", CREDENTIALS)
    return ParameterStore(fake.endpoint, "eu-west-2", CREDENTIALS, clock=clock, sleep=clock.sleep)


def test_reads_every_page_also_behind_an_empty_one(serve: Serve) -> None:
    fake = serve(
        [parameter(f"{PATH}/A", "1")],
        [],
        [parameter(f"{PATH}/B", "2", "SecureString")],
    )
    pages = a_store(fake).read(PATH)
    assert pages.parameters == [Parameter("A", "1"), Parameter("B", "2")]
    assert pages.calls == 3


def test_asks_for_everything_right_below_the_path_decrypted(serve: Serve) -> None:
    fake = serve([])
    a_store(fake).read(PATH)
    assert fake.requests == [{"Path": PATH, "WithDecryption": True, "MaxResults": 10}]


def test_keeps_one_connection_for_all_pages(serve: Serve) -> None:
    fake = serve([], [], [])
    a_store(fake).read(PATH)
    assert fake.connections == 1


@pytest.mark.parametrize(
    "step",
    [
        error(400, "ThrottlingException"),
        error(429, "TooManyRequestsException"),
        error(500, "InternalServerError"),
        raw(503, b"<html>busy</html>"),
        raw(200, b"half an ans"),
        hang_up,
    ],
)
def test_tries_again_after_what_passes(serve: Serve, step: Step) -> None:
    fake = serve([parameter(f"{PATH}/A", "1")], steps=[step, step])
    clock = Clock()
    assert a_store(fake, clock).read(PATH).parameters == [Parameter("A", "1")]
    assert len(clock.slept) == 2


def test_tries_the_page_again_that_failed(serve: Serve) -> None:
    fake = serve([parameter(f"{PATH}/A", "1")], [parameter(f"{PATH}/B", "2")])
    fake.steps = [lambda store, request: (200, {"Parameters": store.pages[0], "NextToken": "1"})]
    fake.steps.append(error(400, "ThrottlingException"))
    names = [found.name for found in a_store(fake, Clock()).read(PATH).parameters]
    assert names == ["A", "B"]
    assert [request.get("NextToken") for request in fake.requests] == [None, "1", "1"]


def test_waits_longer_each_time_but_not_evenly(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameter_store, "_jitter", iter([0.5, 1, 0.75, 1, 1, 1, 1, 1]).__next__)
    fake = serve([], steps=[error(400, "ThrottlingException")] * 7)
    clock = Clock()
    a_store(fake, clock).read(PATH)
    assert clock.slept == pytest.approx([0.025, 0.1, 0.15, 0.4, 0.8, 1, 1])


def test_gives_up_when_the_budget_is_used(serve: Serve) -> None:
    fake = serve([], steps=[error(400, "ThrottlingException")] * 100)
    clock = Clock()
    started = clock()
    with pytest.raises(StartUpError, match="gave no answer in 5 s; at last: ThrottlingException"):
        a_store(fake, clock).read(PATH)
    assert clock() - started <= parameter_store.BUDGET


def test_gives_up_on_an_endpoint_that_is_slow_each_time(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parameter_store, "BUDGET", 0.3)
    monkeypatch.setattr(parameter_store, "READ_TIMEOUT", 0.1)
    fake = serve([], steps=[slow(30)] * 10)
    with pytest.raises(StartUpError, match=r"gave no answer in 0\.3 s; at last: TimeoutError"):
        a_store(fake).read(PATH)
    assert len(fake.requests) > 1


def test_gives_up_where_nobody_listens(unused_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameter_store, "BUDGET", 0.2)
    store = ParameterStore(f"http://127.0.0.1:{unused_port}", "eu-west-2", CREDENTIALS)
    with pytest.raises(StartUpError, match="at last: ConnectionRefusedError"):
        store.read(PATH)


def test_does_not_try_again_what_is_denied(serve: Serve) -> None:
    fake = serve([], steps=[error(400, "AccessDeniedException")])
    with pytest.raises(Refused) as refused:
        a_store(fake).read(PATH)
    assert refused.value.code == "AccessDeniedException"
    assert len(fake.requests) == 1


@pytest.mark.parametrize("endpoint", ["", "ssm.eu-west-2.amazonaws.com", "ftp://x"])
def test_refuses_an_endpoint_that_is_no_address(endpoint: str) -> None:
    with pytest.raises(StartUpError, match="not an http or https address"):
        ParameterStore(endpoint, "eu-west-2", CREDENTIALS)


def test_shows_no_value_and_no_key_when_printed() -> None:
    assert "hidden" not in repr([Parameter("A", "hidden"), Credentials("id", "hidden", "hidden")])


@pytest.fixture
def unused_port() -> Iterator[int]:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # bound and not listening: refused
        yield bound.getsockname()[1]


def test_gives_up_on_an_answer_that_comes_in_drips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameter_store, "BUDGET", 0.3)
    with dripping() as port, pytest.raises(StartUpError, match=r"gave no answer in 0\.3 s"):
        ParameterStore(f"http://127.0.0.1:{port}", "eu-west-2", CREDENTIALS).read(PATH)


@contextmanager
def dripping() -> Iterator[int]:
    """A server that sends a byte every now and then, always in time for the next read."""
    done = threading.Event()

    def drip() -> None:
        while not done.is_set():
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client, suppress(OSError):
                client.recv(65536)
                client.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
                while not done.wait(0.02):
                    client.sendall(b" ")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            done.set()
            listener.shutdown(socket.SHUT_RDWR)
    thread.join()
