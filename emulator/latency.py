"""No response is sent faster than over a network.

The SDK for Go closes a connection whose response arrives before its own goroutine has finished sending the
body. In strace, the thread that wrote the body closes the socket while another thread waits for the rest of
the response. The service has done its work, the SDK retries, and a create fails with "already exists". AWS is
never that fast. On the loopback interface it was one request in a thousand, and with this delay none in
40,000.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]

LATENCY = 0.01
"""The minimum time in seconds between the end of a request's body and the start of its response."""


def as_far_as_aws(application: Asgi) -> Asgi:
    """The application, with delayed responses for requests that may have a body."""

    async def far_application(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await application(scope, receive, send)
            return
        clock = asyncio.get_running_loop().time
        ended = clock()

        async def receive_and_note() -> Message:
            nonlocal ended
            message = await receive()
            ended = clock()
            return message

        async def send_in_time(message: Message) -> None:
            if message["type"] == "http.response.start":
                await asyncio.sleep(ended + LATENCY - clock())
            await send(message)

        await application(scope, receive_and_note, send_in_time)

    return far_application
