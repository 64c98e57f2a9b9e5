"""Lambda's Runtime API, for one environment that is invoked once.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Invocation:
    """One event, and the time of its response."""

    def __init__(self, event: dict[str, Any]) -> None:
        self.event = event
        self.address = ""
        self.answered = threading.Event()
        self.at = 0.0
        """From `time.perf_counter`."""
        self.answer = b""
        self.over = threading.Event()


@contextmanager
def serving(invocation: Invocation) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            if invocation.answered.is_set():
                invocation.over.wait()
                self.close_connection = True
                return
            body = json.dumps(invocation.event).encode()
            self.send_response(200)
            self.send_header("lambda-runtime-aws-request-id", "1")
            self.send_header("lambda-runtime-deadline-ms", str(round(time.time() * 1000) + 15_000))
            self.send_header("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-west-2:1:function:x")
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            if not invocation.answered.is_set():
                invocation.answer = self._body()
                invocation.at = time.perf_counter()
                invocation.answered.set()
            self.send_response(202)
            self.send_header("content-length", "0")
            self.end_headers()

        def _body(self) -> bytes:
            if length := self.headers.get("content-length"):
                return self.rfile.read(int(length))
            chunks = []
            while size := int(self.rfile.readline(), 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)

        def log_message(self, *arguments: object) -> None:
            """Prints nothing, because the output is parsed for times."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """The function is killed when it has answered."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    invocation.address = f"127.0.0.1:{server.server_port}"
    try:
        yield
    finally:
        invocation.over.set()
        server.shutdown()
        server.server_close()
