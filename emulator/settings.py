"""What one running cloud is started with, and the environment MiniStack reads it from."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

# What this process and those that it starts need of a shell: programs, folders, words, the way to Docker and
# to packages. MiniStack reads over a hundred variables of all names, and each that a shell holds for another
# cloud (`SERVICES`, `LAMBDA_TIMEOUT`, `DOCKER_NETWORK`, `MINISTACK_IMDS_V2_REQUIRED`) would change this one.
_OWN = re.compile(
    r"PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TEMP|TMP|TZ|LANG|LC_\w+|XDG_\w+|SYSTEMROOT|"
    r"KAIROS_\w+|PYTHON\w+|PYENV_ROOT|PIP_\w+|UV_\w+|SSL_CERT_(FILE|DIR)|(REQUESTS|CURL)_CA_BUNDLE|"
    r"(?i:https?|all|no)_(?i:proxy)|DOCKER_(HOST|CONTEXT|CONFIG|TLS_VERIFY|CERT_PATH)"
)


@dataclass(frozen=True)
class Settings:
    """One cloud: where it listens, as whom it answers, and where it keeps its files."""

    port: int
    """TCP port on loopback."""
    account: str
    """The 12 digits of the AWS account that every key which is not an account number itself belongs to."""
    region: str
    """Region of requests without a credential scope, so of all viewer traffic."""
    home: Path
    """Folder of what belongs to this one running cloud."""

    concurrency: int = 1000
    """Concurrent executions of all functions that the account may have: 1,000, or 10 of a new account.
    https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""

    @property
    def temporary(self) -> Path:
        """Folder of what one run needs: the next one begins without it."""
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
    """Leave of the environment what is needed, and set what MiniStack reads while it is imported.

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
            # MiniStack leaves a folder of each function there, so that it must not be everybody's.
            "TMPDIR": str(settings.temporary),
            "STATE_DIR": str(settings.home / "state"),
            "S3_DATA_DIR": str(settings.home / "s3"),
        }
    )
