"""Responses can be delayed like in a network. Without the delay, they are sent at once."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from emulator import listening
from emulator.latency import LATENCY, Message, as_far_as_aws


def _begins_after(method: str, work: float = 0) -> float:
    """The seconds from the end of the request's body to the beginning of the response. The application takes
    `work`.
    """

    async def application(scope: Message, receive: Any, send: Any) -> None:
        await receive()
        await asyncio.sleep(work)
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def ask() -> float:
        clock = asyncio.get_running_loop().time
        times = []

        async def receive() -> Message:
            times.append(clock())
            return {"type": "http.request", "body": b"{}"}

        async def send(message: Message) -> None:
            times.append(clock())

        await as_far_as_aws(application)({"type": "http", "method": method}, receive, send)
        return times[1] - times[0]

    return asyncio.run(ask())


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_response_to_a_request_with_a_body_is_not_too_early(method: str) -> None:
    assert _begins_after(method) >= LATENCY


def test_the_time_of_the_service_is_included() -> None:
    after = min(_begins_after("POST", work=2 * LATENCY) for _ in range(20))
    assert 2 * LATENCY <= after < 3 * LATENCY


def test_a_request_without_a_body_is_answered_at_once() -> None:
    assert min(_begins_after("GET") for _ in range(20)) < LATENCY


def test_a_listener_sends_a_body_without_waiting_for_an_acknowledgement() -> None:
    """An accepted connection has the protocol number of its listener, which asyncio checks."""
    with listening.bind() as listener:
        listener.listen()
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
            assert accepted.proto == socket.IPPROTO_TCP
