"""What one version of a function runs with, and what an invocation of it gives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Version:
    """One version as Lambda keeps it. Equal ones share environments; a published one never changes."""

    account: str
    region: str
    function: str
    number: str
    """`$LATEST` or the number of a published version."""
    image: str
    """The image's URI, by digest."""
    command: tuple[str, ...]
    """What replaces the image's command; empty when nothing does."""
    role: str
    memory: int
    """Mebibytes."""
    timeout: int
    """Seconds that an invocation may take."""
    variables: tuple[tuple[str, str], ...]
    log_group: str
    log_format: str
    """`JSON` or `Text`."""
    application_level: str
    system_level: str
    traced: bool
    modified: str
    """When its configuration was last changed: a change replaces the environments."""

    @property
    def arn(self) -> str:
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{self.function}"

    @property
    def digest(self) -> str | None:
        """The image's digest, `sha256:` and 64 hexadecimal digits; None when it was named by its tag."""
        _, separator, digest = self.image.partition("@")
        return digest if separator else None

    @staticmethod
    def of(config: Mapping[str, Any]) -> Version:
        """Read a function configuration as MiniStack keeps it for each version."""
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
    """One event on its way to a function."""

    request_id: str
    payload: bytes
    """The event, JSON."""
    arn: str
    """The ARN that was invoked, with the qualifier of the caller."""
    trace: str
    """The value of X-Amzn-Trace-Id."""


@dataclass(frozen=True)
class Outcome:
    """What an invocation gave."""

    payload: bytes
    """The function's answer, or the error as Lambda describes it; JSON."""
    failed: bool = False
    throttled: bool = False
    log: str = ""
    """What the function printed meanwhile."""

    @staticmethod
    def failure(error_type: str, message: str) -> Outcome:
        return Outcome(json.dumps({"errorType": error_type, "errorMessage": message}).encode(), failed=True)
