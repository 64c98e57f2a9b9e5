"""The handler of the function: the backend's own, with its parameters set and its lifespan kept open.

`start_up.handler` is made when it is first asked for, which the runtime does while the environment
starts. Importing the package alone does nothing.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    if name != "handler":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from start_up.lighter import no_collection, openapi_models_on_demand

    with no_collection(), openapi_models_on_demand():
        from start_up.start import start

        globals()["handler"] = handler = start()
    return handler
