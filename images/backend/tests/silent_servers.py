"""Servers that never complete a response, in different ways."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Waited = Callable[[float], bool]
"""Waits for a number of seconds. Returns whether the test is over."""


def body_in_drips(client: socket.socket, over: Waited) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    while not over(0.02):
        client.sendall(b" ")


def headers_in_drips(client: socket.socket, over: Waited) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nx-drips: ")
    while not over(0.02):
        client.sendall(b"x")


def endless_continue(client: socket.socket, over: Waited) -> None:
    while not over(0.001):
        client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def endless_pages(client: socket.socket, over: Waited) -> None:
    page = b'{"Parameters": [], "NextToken": "again"}'
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(page), page)
    while not over(0):
        client.sendall(answer)
        client.recv(65536)


def denied_then_silent(client: socket.socket, over: Waited) -> None:
    refusal = b'{"__type": "AccessDeniedException"}'
    client.sendall(b"HTTP/1.1 400 Bad Request\r\ncontent-length: %d\r\n\r\n%s" % (len(refusal), refusal))
    over(30)


@contextmanager
def serving_one_after_another(
    answer: Callable[[socket.socket, Waited], None], heard: list[bytes] | None = None
) -> Iterator[str]:
    """The address of a server that gives each connection this response. `heard` gets the beginning of each
    request.
    """
    done = threading.Event()

    def serve() -> None:
        while not done.is_set():
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client, suppress(OSError):
                began = client.recv(65536)
                if heard is not None:
                    heard.append(began)
                answer(client, done.wait)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            done.set()
            listener.shutdown(socket.SHUT_RDWR)
    thread.join()
