"""A fake parameter store: it pages, throttles, fails, is slow or closes connections, as a test requests."""

import json
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, Any] | bytes]
Step = Callable[["FakeParameterStore", dict[str, Any]], Answer | None]
"""The response to one call. Without one, the connection is closed."""


def parameter(name: str, value: str, kind: str = "String") -> dict[str, Any]:
    return {"Name": name, "Value": value, "Type": kind, "Version": 1}


def error(status: int, code: str, message: str = "x") -> Step:
    return lambda store, request: (status, {"__type": f"com.amazonaws.ssm#{code}", "message": message})


def raw(status: int, body: bytes) -> Step:
    return lambda store, request: (status, body)


def hang_up(store: "FakeParameterStore", request: dict[str, Any]) -> Answer | None:
    return None


def slow(seconds: float) -> Step:
    def step(store: "FakeParameterStore", request: dict[str, Any]) -> Answer | None:
        store.released.wait(seconds)
        return answer(store, request)

    return step


def answer(store: "FakeParameterStore", request: dict[str, Any]) -> Answer:
    """The page for the request's token."""
    page = int(request.get("NextToken", "0"))
    found: dict[str, Any] = {"Parameters": store.pages[page]}
    if page + 1 < len(store.pages):
        found["NextToken"] = str(page + 1)
    return 200, found


class FakeParameterStore:
    """`pages` is its content. `steps` are the responses to the next calls, before the normal ones."""

    def __init__(self, pages: list[list[dict[str, Any]]], steps: list[Step] | None = None) -> None:
        self.pages = pages
        self.steps = list(steps or [])
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.connections = 0
        self.released = threading.Event()
        self.endpoint = ""
        self.protocol = "HTTP/1.1"
        self.keeps = True
        """Whether a connection may be used again."""
        self.location = ""
        """The target of a redirect in each response; empty for none."""

    def respond(self, headers: dict[str, str], body: bytes) -> Answer | None:
        request = json.loads(body)
        self.headers.append(headers)
        self.requests.append(request)
        step = self.steps.pop(0) if self.steps else answer
        return step(self, request)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(
            sys.exception(), (ConnectionError, ssl.SSLError)
        ):  # Some tests want a client that gave up.
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def serving(store: FakeParameterStore, tls: ssl.SSLContext | None = None) -> Iterator[FakeParameterStore]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            self.protocol_version = store.protocol
            store.connections += 1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            response = store.respond(dict(self.headers), body)
            if response is None:
                self.close_connection = True
                return
            status, content = response
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            if store.location:
                self.send_header("location", store.location)
            if not store.keeps and store.protocol == "HTTP/1.1":
                self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: object) -> None:
            """Prints nothing, because tests read the output of the module under test."""

    server = _Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        # Without a handshake in `accept`, a client that refuses the certificate does not stop the server.
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    store.endpoint = f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_port}"
    try:
        yield store
    finally:
        store.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class Clock:
    """A clock that only moves if somebody sleeps, or if a test moves it."""

    def __init__(self) -> None:
        self.now = time.monotonic()
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
