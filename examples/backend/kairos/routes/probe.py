"""Routes for tests only: what the edge, the runner and the start-up module must carry, survive or report."""

import asyncio
import os
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from kairos.settings import settings

router = APIRouter(prefix="/probe", include_in_schema=False)

EVERY_BYTE = bytes(range(256))


@router.post("/echo")
async def echo(request: Request) -> Response:
    """The body as it came, under its own content type."""
    media_type = request.headers.get("content-type", "application/octet-stream")
    return Response(await request.body(), media_type=media_type)


@router.get("/bytes")
async def every_byte(size: Annotated[int, Query(ge=0, le=8_000_000)] = 256) -> Response:
    """`size` bytes that are no text in any encoding."""
    repeats = size // 256 + 1
    return Response((EVERY_BYTE * repeats)[:size], media_type="application/octet-stream")


@router.get("/cookies")
async def cookies() -> Response:
    """Three cookies, one of them with a comma in its attributes."""
    response = Response("cookies", media_type="text/plain")
    response.set_cookie("session", "abc", httponly=True, secure=True, samesite="lax")
    response.set_cookie("theme", "dark", path="/api/v1/")
    response.headers.append("set-cookie", "seen=1; Expires=Wed, 21 Oct 2065 07:28:00 GMT; Path=/")
    return response


@router.get("/slow")
async def slow(seconds: Annotated[float, Query(ge=0, le=60)] = 1) -> dict[str, float]:
    await asyncio.sleep(seconds)
    return {"seconds": seconds}


@router.get("/error")
async def error() -> None:
    raise RuntimeError("the route that raises")


@router.get("/exit")
def leave() -> None:
    """Ends the process in the middle of a request."""
    os._exit(7)


@router.get("/settings")
async def started_with() -> dict[str, object]:
    """The names of the variables that are set, and the values of harmless ones."""
    return {
        "names": sorted(os.environ),
        "ENVIRONMENT": settings.ENVIRONMENT,
        "MAIL_PORT": settings.MAIL_PORT,
        "PROJECT_NAME": settings.PROJECT_NAME,
    }


@router.get("/lifespan")
async def lifespan(request: Request) -> dict[str, int]:
    """How often this process has opened the application's lifespan, and which process it is."""
    return {"openings": request.app.state.openings, "process": os.getpid()}


@router.api_route("/request", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
async def request_as_seen(request: Request) -> dict[str, object]:
    """The request as it arrived here; of most headers only the names."""
    told = {
        "host",
        "user-agent",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-port",
        "x-forwarded-proto",
    }
    return {
        "method": request.method,
        "path": request.url.path,
        "query": request.url.query,
        "client": request.client.host if request.client else None,
        "names": sorted(request.headers.keys()),
        "headers": {name: value for name, value in request.headers.items() if name in told},
    }
