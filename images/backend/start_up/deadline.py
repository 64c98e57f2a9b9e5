"""A bound on work that has none of its own, such as the resolution of a name."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """What the work returns or raises. Raises TimeoutError when it takes longer, and leaves it to itself."""
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    # A daemon: the process must be able to end while the thread still waits.
    Thread(target=run, daemon=True).start()
    return future.result(seconds)
