"""Lists the third-party modules that can be imported before the secrets are read: see start_up/ahead.py.

    python record.py FOLDER MODULE [NAME,NAME… [TABLE]] > imports.json

FOLDER contains the application, its packages and its poetry.lock; MODULE is the application's own. It is
imported here once, with a placeholder for each named variable. Modules are left out that read more of the
environment than every function has, change it or start a process, and so are the modules that import them:
the application must import these itself, after the secrets are read and after its own settings. Then the
list is tested without the placeholders, and ends before the first module whose import fails.
If the application cannot be imported in a build, the modules that it had imported until then are listed.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from watch import GIVEN

LIMIT = 60
"""The time limit of one process, in seconds: an application may wait for something that no build has."""


class Recorded(NamedTuple):
    modules: list[str]
    """The modules that may be imported ahead, in the order in which the application imports them."""
    files: dict[str, str]
    """The source file of every other module that the application imports, in that order."""


def record(folder: Path, module: str, names: list[str], table: Path | None = None) -> Recorded:
    """The imports of the application. What they compile is written into the table."""
    try:
        stand_ins = {name: f"stand-in-for-{name}-of-32-or-more" for name in names}
        seen = _watched(folder, [module], stand_ins, table)
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
        return Recorded([], {})
    if clean < len(found):
        rest = len(found) - clean - 1
        _say(f"{found[clean]} and {rest} more are not listed: alone, it cannot be imported or asks")
    modules = found[:clean]
    sources = {name: file for name, file in seen["files"].items() if file.endswith(".py")}
    return Recorded(modules, {name: file for name, file in sources.items() if name not in set(modules)})


def _watched(folder: Path, modules: list[str], stand_ins: dict[str, str], table: Path | None = None) -> Any:
    environment = {name: os.environ[name] for name in GIVEN if name in os.environ}
    # The runtime's own packages. The base image adds the path when a function starts.
    environment.setdefault("PYTHONPATH", os.environ.get("LAMBDA_RUNTIME_DIR", ""))
    finished = subprocess.run(
        [sys.executable, Path(__file__).with_name("watch.py"), folder, *([table] if table else [])],
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
    required, table, *_ = [*sys.argv[3:], "", ""]
    found = record(
        at,
        sys.argv[2],
        [name for name in required.split(",") if name],
        Path(table).resolve() if table else None,
    )
    lock = hashlib.sha256((at / "poetry.lock").read_bytes()).hexdigest()
    json.dump({"lock": lock, **found._asdict()}, sys.stdout, indent=1)
