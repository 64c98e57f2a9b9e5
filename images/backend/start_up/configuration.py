"""The environment variables that control the start."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from start_up.failure import StartUpError

LifespanMode = Literal["environment", "invocation"]


class Configuration(NamedTuple):
    parameter_path: str
    """The path directly below which the secrets are read, without a slash at its end."""
    handler: str
    """The backend's handler, as `package.module.name`."""
    required: tuple[str, ...]
    """The secrets that this version needs to start, and the only ones that it gets."""
    lifespan: LifespanMode
    """How long the application's lifespan stays open: for the environment's lifetime or for one
    invocation.
    """
    start_limit: float
    """How long the lifespan may take to start, in seconds."""
    pause_limit: float
    """The pause between two invocations after which the lifespan is opened again, in seconds."""
    digest: str | None
    """The digest of the running image."""
    origin_header: str | None
    """The header that proves to the API that a request came through the edge. The backend must not see it."""


def read_configuration(environment: Mapping[str, str]) -> Configuration:
    """Raises StartUpError if variables are missing or invalid, and names all of them."""
    faults: list[str] = []

    def seconds(name: str, default: float) -> float:
        text = environment.get(name) or str(default)
        try:
            value = float(text)
        except ValueError:
            value = 0
        if not 0 < value < float("inf"):
            faults.append(f"{name} is {text!r}, not a number of seconds above 0")
        return value

    path = environment.get("KAIROS_PARAMETER_PATH", "")
    if not re.fullmatch(r"(/[\w.-]+)+/", path, re.ASCII):
        faults.append(f"KAIROS_PARAMETER_PATH is {path!r}, not a path such as /kairos/dev/secrets/")
    handler = environment.get("KAIROS_HANDLER", "")
    if not all(part.isidentifier() for part in handler.split(".")) or "." not in handler:
        faults.append(f"KAIROS_HANDLER is {handler!r}, not a name such as kairos.main.handler")
    lifespan = environment.get("KAIROS_LIFESPAN") or "environment"
    modes: tuple[LifespanMode, ...] = get_args(LifespanMode)
    mode = next((mode for mode in modes if mode == lifespan), None)
    if mode is None:
        faults.append(f"KAIROS_LIFESPAN is {lifespan!r}, not one of {', '.join(modes)}")
    start_limit = seconds("KAIROS_LIFESPAN_START_LIMIT", 5)
    pause_limit = seconds("KAIROS_LIFESPAN_PAUSE_LIMIT", 240)
    required = _names(environment.get("KAIROS_REQUIRED_PARAMETERS", ""))
    if strange := [name for name in required if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII)]:
        names = ", ".join(map(repr, strange))
        faults.append(f"KAIROS_REQUIRED_PARAMETERS has {names}, which no variable can be named")
    if faults or mode is None:
        raise StartUpError("; ".join(faults))
    return Configuration(
        parameter_path=path.rstrip("/"),
        handler=handler,
        required=required,
        lifespan=mode,
        start_limit=start_limit,
        pause_limit=pause_limit,
        digest=environment.get("KAIROS_IMAGE_DIGEST"),
        origin_header=environment.get("KAIROS_ORIGIN_HEADER") or None,
    )


def _names(text: str) -> tuple[str, ...]:
    """The names in a comma-separated list, without duplicates."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
