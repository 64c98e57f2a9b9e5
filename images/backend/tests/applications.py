"""Applications with different lifespans, and events of an HTTP API."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response

Start = Callable[[], Awaitable[None]]


async def at_once() -> None:
    """Starts at once."""


@dataclass
class Application:
    """An application that counts how often its lifespan was opened and closed."""

    start: Start = at_once
    stop: Start = at_once
    opened: int = 0
    closed: int = 0
    app: FastAPI = field(init=False)

    def __post_init__(self) -> None:
        @asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, object]]:
            self.opened += 1
            await self.start()
            yield {"connection": self.opened, "seen": []}
            await self.stop()
            self.closed += 1

        self.app = FastAPI(lifespan=lifespan)

        @self.app.get("/")
        async def root() -> dict[str, int]:
            return {"opened": self.opened}

        @self.app.get("/state")
        async def state(request: Request) -> dict[str, Any]:
            names = sorted(request.scope["state"])
            request.state.mine = "must not reach the next request"
            return {"connection": request.state.connection, "names": names}

        @self.app.get("/loop")
        async def loop() -> int:
            return id(asyncio.get_running_loop())

        @self.app.api_route("/echo", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
        async def echo(request: Request) -> Response:
            kind = request.headers.get("content-type", "application/octet-stream")
            response = Response(await request.body(), media_type=kind)
            for name in request.query_params.getlist("cookie"):
                response.set_cookie(name or "empty", "value", httponly=True)
            return response

        @self.app.get("/raise")
        async def fail(request: Request) -> None:
            raise RuntimeError(request.query_params.get("text", ""))


def event(
    method: str = "GET",
    path: str = "/",
    *,
    query: str = "",
    headers: dict[str, str] | None = None,
    body: str | None = None,
    encoded: bool = False,
    cookies: list[str] | None = None,
) -> dict[str, Any]:
    """An event of an HTTP API, payload format 2.0.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    return {
        "version": "2.0",
        "routeKey": "ANY /{proxy+}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {
            "host": "abc.execute-api.eu-west-2.amazonaws.com",
            "x-forwarded-for": "198.51.100.7",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        }
        | (headers or {}),
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "abc",
            "domainName": "abc.execute-api.eu-west-2.amazonaws.com",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "198.51.100.7",
                "userAgent": "test",
            },
            "requestId": "id",
            "routeKey": "ANY /{proxy+}",
            "stage": "$default",
            "time": "24/Nov/2026:12:00:00 +0000",
            "timeEpoch": 1795521600000,
        },
        "isBase64Encoded": encoded,
        **({} if body is None else {"body": body}),
        **({} if cookies is None else {"cookies": cookies}),
    }
