"""Reads what an environment prints from its pipes."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from typing import Protocol

Sink = Callable[[float, str], None]
"""Called with the time in seconds since 1970 and one message."""


class Decoder(Protocol):
    def feed(self, data: bytes) -> None: ...
    def end(self) -> None: ...


class Lines:
    """Standard output and error: one line is one message."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._rest = b""

    def feed(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._tell(line)

    def end(self) -> None:
        if self._rest:
            self._tell(self._rest)
            self._rest = b""

    def _tell(self, line: bytes) -> None:
        if text := line.decode("utf-8", "replace").rstrip():
            self._sink(time.time(), text)


class Frames:
    """The runtime's own channel (`_LAMBDA_TELEMETRY_LOG_FD`), which keeps records with several lines
    together.

    A frame is a type (4 bytes), the length of the message (4), microseconds since 1970 (8) and the message.
    https://github.com/aws/aws-lambda-python-runtime-interface-client/blob/main/awslambdaric/bootstrap.py
    """

    _HEADER = 16

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._rest = b""

    def feed(self, data: bytes) -> None:
        self._rest += data
        while len(self._rest) >= self._HEADER:
            end = self._HEADER + int.from_bytes(self._rest[4:8], "big")
            if len(self._rest) < end:
                return
            moment = int.from_bytes(self._rest[8:16], "big") / 1_000_000
            message = self._rest[self._HEADER : end].decode("utf-8", "replace").rstrip()
            self._rest = self._rest[end:]
            if message:
                self._sink(moment, message)

    def end(self) -> None:
        self._rest = b""


class Pipe:
    """A pipe that the event loop reads. `written` is the end for the process."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._read, self.written = os.pipe()
        os.set_blocking(self._read, False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._read, self.drain)
        self._open = True

    def drain(self) -> None:
        """Read what has been written so far."""
        while self._open:
            try:
                data = os.read(self._read, 65536)
            except BlockingIOError:
                return
            if not data:
                self.close()
                return
            self._decoder.feed(data)

    def started(self) -> None:
        """The process has inherited its end now."""
        os.close(self.written)

    def close(self) -> None:
        if not self._open:
            return
        self._open = False
        self._loop.remove_reader(self._read)
        os.close(self._read)
        self._decoder.end()
