"""The settings of one version of a function, and the result of an invocation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Version:
    """One version of a function. Equal ones share environments; a published version never changes."""

    account: str
    region: str
    function: str
    number: str
    """`$LATEST` or the number of a published version."""
    image: str
    """The image's URI, by digest."""
    command: tuple[str, ...]
    """What overrides the image's command; empty if nothing does."""
    role: str
    memory: int
    """Mebibytes."""
    timeout: int
    """The time-out of an invocation, in seconds."""
    variables: tuple[tuple[str, str], ...]
    log_group: str
    log_format: str
    """`JSON` or `Text`."""
    application_level: str
    system_level: str
    traced: bool
    modified: str
    """When its configuration was last changed. A change replaces the environments."""

    @property
    def arn(self) -> str:
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{self.function}"

    @property
    def digest(self) -> str | None:
        """The image's digest, `sha256:` and 64 hexadecimal digits; None if it was named by its tag."""
        _, separator, digest = self.image.partition("@")
        return digest if separator else None

    @staticmethod
    def of(config: Mapping[str, Any]) -> Version:
        """Read the function configuration that MiniStack stores for each version."""
        _, _, _, region, account, _, function = config["FunctionArn"].split(":")[:7]
        logging = config.get("LoggingConfig") or {}
        variables = (config.get("Environment") or {}).get("Variables") or {}
        image_config = (
            (config.get("ImageConfigResponse") or {}).get("ImageConfig") or config.get("ImageConfig") or {}
        )
        return Version(
            account=account,
            region=region,
            function=function,
            number=config.get("Version", "$LATEST"),
            image=config.get("ImageUri", ""),
            command=tuple(image_config.get("Command") or ()),
            role=config.get("Role", ""),
            memory=int(config.get("MemorySize") or 128),
            timeout=int(config.get("Timeout") or 3),
            variables=tuple(sorted(variables.items())),
            log_group=logging.get("LogGroup") or f"/aws/lambda/{function}",
            log_format=logging.get("LogFormat") or "Text",
            application_level=logging.get("ApplicationLogLevel") or "INFO",
            system_level=logging.get("SystemLogLevel") or "INFO",
            traced=(config.get("TracingConfig") or {}).get("Mode") == "Active",
            modified=config.get("LastModified", ""),
        )


@dataclass(frozen=True)
class Invocation:
    """One event for a function."""

    request_id: str
    payload: bytes
    """The event, JSON."""
    arn: str
    """The invoked ARN, with the caller's qualifier."""
    trace: str
    """The value of X-Amzn-Trace-Id."""


@dataclass(frozen=True)
class Outcome:
    """The result of an invocation."""

    payload: bytes
    """The function's response, or Lambda's description of the error; JSON."""
    failed: bool = False
    throttled: bool = False
    log: str = ""
    """The output of the function during the invocation."""

    @staticmethod
    def failure(error_type: str, message: str) -> Outcome:
        return Outcome(json.dumps({"errorType": error_type, "errorMessage": message}).encode(), failed=True)
