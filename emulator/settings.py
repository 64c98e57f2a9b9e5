"""The settings of one running cloud, and the environment from which MiniStack reads them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

# The variables of a shell that this process and its children need: programs, folders, locale, access to
# Docker and to packages. MiniStack reads over a hundred variables with all kinds of names, and each that a
# shell has set for another cloud (`SERVICES`, `LAMBDA_TIMEOUT`, `DOCKER_NETWORK`,
# `MINISTACK_IMDS_V2_REQUIRED`) would change this one.
_OWN = re.compile(
    r"PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TEMP|TMP|TZ|LANG|LC_\w+|XDG_\w+|SYSTEMROOT|"
    r"KAIROS_\w+|PYTHON\w+|PYENV_ROOT|PIP_\w+|UV_\w+|SSL_CERT_(FILE|DIR)|(REQUESTS|CURL)_CA_BUNDLE|"
    r"(?i:https?|all|no)_(?i:proxy)|DOCKER_(HOST|CONTEXT|CONFIG|TLS_VERIFY|CERT_PATH)"
)


@dataclass(frozen=True)
class Settings:
    """One cloud: its address, its account, and its folder."""

    port: int
    """TCP port on loopback."""
    account: str
    """The AWS account, 12 digits, of every access key that is not an account number itself."""
    region: str
    """The region of requests without a credential scope, which includes all viewer traffic."""
    home: Path
    """The folder of this running cloud."""

    concurrency: int = 1000
    """The account's quota of concurrent executions: 1,000, or 10 for a new account.
    https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    """

    @property
    def temporary(self) -> Path:
        """The folder of one run. The next run starts without it."""
        return self.home / "temporary"

    def __post_init__(self) -> None:
        problems = []
        if not 1 <= self.port <= 65535:
            problems.append(f"--port must be 1 to 65535, not {self.port}")
        if not re.fullmatch(r"\d{12}", self.account):
            problems.append(f"--account must be 12 digits, not '{self.account}'")
        if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", self.region):
            problems.append(f"--region must be an AWS region such as eu-west-2, not '{self.region}'")
        if self.concurrency < 1:
            problems.append(f"--concurrency must be 1 or more, not {self.concurrency}")
        if problems:
            raise ValueError("; ".join(problems))


def prepare_environment(settings: Settings) -> None:
    """Keep only the needed environment variables, and set those that MiniStack reads when it is imported.

    Call it before the first `import ministack`.
    """
    for name in [name for name in os.environ if not _OWN.fullmatch(name)]:
        del os.environ[name]
    os.environ.update(
        {
            "GATEWAY_PORT": str(settings.port),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_ACCOUNT_ID": settings.account,
            "MINISTACK_REGION": settings.region,
            "MINISTACK_HOST": "localhost",
            "AUTH": "true",
            "LAMBDA_ACCOUNT_CONCURRENCY": str(settings.concurrency),
            # Each would open a second listener, on a fixed port of all interfaces.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            # MiniStack writes a folder for each function there, so other users must not have access to it.
            "TMPDIR": str(settings.temporary),
            "STATE_DIR": str(settings.home / "state"),
            "S3_DATA_DIR": str(settings.home / "s3"),
        }
    )
