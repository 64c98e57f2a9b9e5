"""The Runtime API for the Runtime Interface Client of one execution environment.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

import h11

from emulator.runner.version import Invocation

_BASE = "/2018-06-01/runtime"
LARGEST_RESPONSE = 6 * 1024 * 1024 + 300
"""Bytes, as in Lambda's own message: 6291556."""


@dataclass(frozen=True)
class Reply:
    """The function's result of an invocation."""

    payload: bytes
    failed: bool


class RuntimeApi:
    """A listener on a separate loopback port, because AWS_LAMBDA_RUNTIME_API cannot contain a path."""

    def __init__(self, idle: Callable[[], None] = lambda: None) -> None:
        """`idle` is called when the client asks for an invocation and there is none."""
        self._idle = idle
        self.ready = asyncio.Event()
        """Set when the client asks for its first invocation: the environment has started."""
        self.refused = False
        """Whether a response was too large. The client treats the error as fatal and ends its process."""
        self.init_error: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._given: asyncio.Queue[tuple[Invocation, int]] = asyncio.Queue(1)
        self._current: tuple[str, asyncio.Future[Reply]] | None = None
        self._server: asyncio.AbstractServer | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Listen. Returns the value of AWS_LAMBDA_RUNTIME_API."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        if self._server:
            self._server.close()
        for task in list(self._serving):
            task.cancel()

    def give(self, invocation: Invocation, timeout: float) -> asyncio.Future[Reply]:
        """Give the client an invocation with a limit of `timeout` seconds. Returns its future result."""
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._current = (invocation.request_id, reply)
        self._given.put_nowait((invocation, int((time.time() + timeout) * 1000)))
        return reply

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        connection = h11.Connection(h11.SERVER)
        try:
            while await self._exchange(connection, reader, writer):
                connection.start_next_cycle()
        except (h11.RemoteProtocolError, ConnectionError, asyncio.CancelledError):
            pass  # The process has ended, or is about to.
        finally:
            self._serving.discard(task)
            writer.close()

    async def _exchange(
        self, connection: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Handle one request. Returns whether the connection stays open."""
        request: h11.Request | None = None
        body: list[bytes] = []
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(await reader.read(65536))
            elif isinstance(event, h11.Request):
                request = event
                if connection.they_are_waiting_for_100_continue:
                    writer.write(connection.send(h11.InformationalResponse(status_code=100, headers=[])))
            elif isinstance(event, h11.Data):
                body.append(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                break
            else:
                return False
        assert request is not None
        status, headers, answer = await self._answer(
            request.method, request.target.decode("ascii"), b"".join(body)
        )
        all_headers = [("Content-Type", "application/json"), ("Content-Length", str(len(answer))), *headers]
        parts = (
            connection.send(h11.Response(status_code=status, headers=all_headers)),
            connection.send(h11.Data(data=answer)),
            connection.send(h11.EndOfMessage()),
        )
        # In one packet, because the process waits for all of it.
        writer.write(b"".join(part for part in parts if part))
        await writer.drain()
        return connection.our_state is h11.DONE and connection.their_state is h11.DONE

    async def _answer(
        self, method: bytes, path: str, body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        if method == b"GET" and path == f"{_BASE}/invocation/next":
            return await self._next()
        if method == b"POST" and path == f"{_BASE}/init/error":
            if not self.init_error.done():
                self.init_error.set_result(body)
            return 202, [], b'{"status":"OK"}'
        if method == b"POST" and path.startswith(f"{_BASE}/invocation/"):
            request_id, _, kind = path.removeprefix(f"{_BASE}/invocation/").partition("/")
            if kind in ("response", "error"):
                return self._reply(request_id, Reply(body, failed=kind == "error"))
        return 404, [], b'{"errorMessage":"no such path","errorType":"NotFound"}'

    async def _next(self) -> tuple[int, list[tuple[str, str]], bytes]:
        self.ready.set()
        if self._given.empty():
            self._idle()
        invocation, deadline = await self._given.get()
        headers = [
            ("Lambda-Runtime-Aws-Request-Id", invocation.request_id),
            ("Lambda-Runtime-Deadline-Ms", str(deadline)),
            ("Lambda-Runtime-Invoked-Function-Arn", invocation.arn),
            ("Lambda-Runtime-Trace-Id", invocation.trace),
        ]
        return 200, headers, invocation.payload

    def _reply(self, request_id: str, reply: Reply) -> tuple[int, list[tuple[str, str]], bytes]:
        # A late response to an earlier invocation must not become the response to this one.
        if self._current is None or self._current[0] != request_id or self._current[1].done():
            return 400, [], b'{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}'
        if not reply.failed and len(reply.payload) > LARGEST_RESPONSE:
            message = (
                f"Response payload size exceeded maximum allowed payload size ({LARGEST_RESPONSE} bytes)."
            )
            error = {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}
            self.refused = True
            self._current[1].set_result(Reply(json.dumps(error).encode(), failed=True))
            return 413, [], json.dumps({**error, "errorType": "RequestEntityTooLarge"}).encode()
        self._current[1].set_result(reply)
        return 202, [], b'{"status":"OK"}'
