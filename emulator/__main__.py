"""`python -m emulator`: one local cloud in the foreground, until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
from pathlib import Path

from emulator.settings import Settings, prepare_environment


def read_arguments(arguments: list[str]) -> Settings:
    """Read the command line. An invalid value ends the program with code 2 and a message that says what is
    valid.
    """
    parser = argparse.ArgumentParser(prog="python -m emulator", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--account", required=True, help="the AWS account to answer as, 12 digits")
    parser.add_argument("--region", required=True, help="region of requests that name none")
    parser.add_argument("--home", type=Path, required=True, help="folder of what belongs to this cloud")
    parser.add_argument(
        "--concurrency",
        type=int,
        default=os.environ.get("KAIROS_LOCAL_CONCURRENCY", "1000"),
        help="the account's quota of concurrent executions, 1000 by default and 10 for a new account; "
        "KAIROS_LOCAL_CONCURRENCY in the environment says it too",
    )
    found = parser.parse_args(arguments)
    try:
        return Settings(found.port, found.account, found.region, found.home.resolve(), found.concurrency)
    except ValueError as problem:
        parser.error(str(problem))


def main(arguments: list[str]) -> int:
    """Start the cloud and serve until it is told to stop. Returns the exit code of the program."""
    settings = read_arguments(arguments)
    if settings.temporary.exists():
        shutil.rmtree(settings.temporary)
    settings.temporary.mkdir(parents=True)
    prepare_environment(settings)
    # Before MiniStack configures its own logging, on standard error.
    logging.basicConfig(
        stream=sys.stdout,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s [%(name)s] %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S",
    )
    # Imported only here, because importing the server imports MiniStack, which reads the environment set
    # above.
    from emulator import server

    return server.run(settings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
