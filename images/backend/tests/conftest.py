import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from fake_parameter_store import FakeParameterStore, Step, serving

Serve = Callable[..., FakeParameterStore]


@pytest.fixture
def serve_this() -> Iterator[Callable[[FakeParameterStore], FakeParameterStore]]:
    """Starts a fake parameter store that is stopped after the test."""
    with ExitStack() as stack:
        yield lambda store: stack.enter_context(serving(store))


@pytest.fixture
def serve(serve_this: Callable[[FakeParameterStore], FakeParameterStore]) -> Serve:
    """Starts fake parameter stores with these pages."""

    def start(*pages: list[dict[str, Any]], steps: list[Step] | None = None) -> FakeParameterStore:
        return serve_this(FakeParameterStore(list(pages), steps))

    return start


@pytest.fixture(autouse=True)
def _own_loop() -> Iterator[None]:
    """Each test has its own event loop, like each environment."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    # A test may have closed its loop, or the module under test may have created another one.
    for used in {loop, _current()} - {None}:
        _end(used)
    asyncio.set_event_loop(None)


def _current() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_event_loop_policy().get_event_loop()
    except RuntimeError:
        return None


def _end(loop: asyncio.AbstractEventLoop) -> None:
    if loop.is_closed():
        return
    loop.run_until_complete(_cancel_others())
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
