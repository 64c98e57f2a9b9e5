"""Makes sure that no message of a backend error reaches the log or the Runtime API."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from start_up.failure import ADVICE, BackendError, StartUpError, kind_of, trace
from start_up.log import log

Handler = Callable[[Any, Any], Any]
Application = Callable[[Any, Any, Any], Awaitable[None]]
Message = dict[str, Any]


def guarded(handler: Handler) -> Handler:
    """The handler, whose errors are only reported with their type and location."""

    def call(event: Any, context: Any) -> Any:
        try:
            return handler(event, context)
        except StartUpError:
            raise
        except BaseException as error:
            kind, frames = kind_of(error), trace(error)
        log("ERROR", f"the backend raised {kind}; {ADVICE}", step="invocation", trace=frames)
        raise BackendError(f"the backend raised {kind}; {ADVICE}")

    return call


class GuardedLifespan:
    """An ASGI application whose lifespan fails without a message. Only here the error and its location are
    known.

    If a lifespan fails, Starlette sends a whole traceback to the server, and Mangum logs what the lifespan
    raises.
    https://asgi.readthedocs.io/en/latest/specs/lifespan.html
    """

    def __init__(self, application: Application, failed: Callable[[str, list[str]], None]) -> None:
        """`failed` is called with the type and the trace of what a lifespan has raised."""
        self._application = application
        self._failed = failed

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await self._application(scope, receive, send)
            return

        refused: list[BaseException] = []

        async def send_without_words(message: Message) -> None:
            try:
                await send({key: value for key, value in message.items() if key != "message"})
            except BaseException as error:
                refused.append(error)
                raise

        protocol: BaseException | None = None
        try:
            await self._application(scope, receive, send_without_words)
        except asyncio.CancelledError:
            # The code that cancels a lifespan waits for its end and needs no message.
            return
        except BaseException as error:
            # An error that the server itself raised about a message must be passed back to it.
            protocol = next((known for known in refused if known is error), None)
            cause = error if protocol is None else error.__context__
            if cause is not None and not isinstance(cause, asyncio.CancelledError):
                self._failed(kind_of(cause), trace(cause))
        if protocol is not None:
            protocol.__context__ = None
            raise protocol
