"""The handler of the function: the backend's own, with its parameters set and its lifespan kept open.

`start_up.handler` is created when it is first accessed, which the runtime does during the init phase.
Importing the package alone has no effect.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    if name != "handler":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from start_up.lighter import no_collection

    with no_collection():
        from start_up.start import start

        globals()["handler"] = handler = start()
    return handler
