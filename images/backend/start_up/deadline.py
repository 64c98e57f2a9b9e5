"""Work in a separate thread, so that waiting for it can be limited and it can be abandoned."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


def begin(work: Callable[[], Result]) -> "Future[Result]":
    """What the work will return or raise. The work may have no time limit, such as a DNS lookup."""
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    # A daemon, because the process must be able to end while the thread still waits.
    Thread(target=run, daemon=True).start()
    return future
