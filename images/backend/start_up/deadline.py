"""Work in a thread of its own: it may be waited for as long as one likes, and left to itself."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


def begin(work: Callable[[], Result]) -> "Future[Result]":
    """What the work will return or raise. It has no end of its own, such as the resolution of a name."""
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    # A daemon: the process must be able to end while the thread still waits.
    Thread(target=run, daemon=True).start()
    return future
