"""Lists the third-party modules that can be imported before the secrets are there: see start_up/ahead.py.

    python record.py FOLDER MODULE [NAME,NAME…] > imports.json

FOLDER holds the application, its packages and its poetry.lock; MODULE is the application's own. It is
imported here once, with a stand-in for each variable that is named. Left out is what asks the environment for
more than every function has, changes it or starts a process, and what imports such a module: that belongs
where the application imports it, after the secrets and after what the application itself has set. The list is
then tried without the stand-ins, and ends before the first module that does not do.
An application that cannot be imported in a build is no fault: what it had imported by then is listed.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from watch import GIVEN

LIMIT = 60
"""How long one process may take, in seconds: an application may wait for what no build has."""


def record(folder: Path, module: str, names: list[str]) -> list[str]:
    """The modules, in the order in which the application asks for them."""
    try:
        seen = _watched(folder, [module], {name: f"stand-in-for-{name}-of-32-or-more" for name in names})
        own = {module.partition(".")[0], "start_up"}
        found = [
            name
            for name, file in seen["found"].items()
            if Path(file).is_relative_to(folder) and name.partition(".")[0] not in own
        ]
        if seen["failed"]:
            _say(f"{module} cannot be imported here ({seen['failed']}); what came before it is listed")
        clean = _watched(folder, found, {})["clean"]
    except subprocess.SubprocessError as error:
        _say(f"no modules are listed: {error}")
        return []
    if clean < len(found):
        rest = len(found) - clean - 1
        _say(f"{found[clean]} and {rest} more are not listed: alone, it cannot be imported or asks")
    return found[:clean]


def _watched(folder: Path, modules: list[str], stand_ins: dict[str, str]) -> Any:
    environment = {name: os.environ[name] for name in GIVEN if name in os.environ}
    # Where the runtime has its own packages; the base image sets the path when a function starts.
    environment.setdefault("PYTHONPATH", os.environ.get("LAMBDA_RUNTIME_DIR", ""))
    finished = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("watch.py")), str(folder)],
        input=json.dumps(modules),
        env=environment | stand_ins,
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=LIMIT,
    )
    return json.loads(finished.stdout)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    at = Path(sys.argv[1]).resolve()
    modules = record(at, sys.argv[2], [name for name in "".join(sys.argv[3:]).split(",") if name])
    lock = hashlib.sha256((at / "poetry.lock").read_bytes()).hexdigest()
    json.dump({"lock": lock, "modules": modules}, sys.stdout, indent=1)
