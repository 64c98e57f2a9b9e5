import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from fake_parameter_store import FakeParameterStore, Step, serving

Serve = Callable[..., FakeParameterStore]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts fakes of the parameter store that end with the test."""
    with ExitStack() as stack:

        def start(*pages: list[dict[str, Any]], steps: list[Step] | None = None) -> FakeParameterStore:
            return stack.enter_context(serving(FakeParameterStore(list(pages), steps)))

        yield start


@pytest.fixture(autouse=True)
def _own_loop() -> Iterator[None]:
    """Each test has a loop of its own, as each environment has."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    pending = asyncio.all_tasks(loop)
    for task in pending:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
