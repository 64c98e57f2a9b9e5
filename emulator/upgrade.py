"""Tests another MiniStack without each correction: `npm run emulator:upgrade <version>`.

If the tests have the same result without a correction, it is no longer needed, or nothing tests it.
"""

from __future__ import annotations

import argparse
import ast
import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from emulator import trial

ROOT = Path(__file__).resolve().parents[1]
CORRECTIONS = ROOT / "emulator" / "corrections"
TESTS = "emulator/tests"
INSTALLERS = {"wrap", "decide_on", "take_keys_from", "take_keys_from_the_request"}
"""The call that installs one function of a file. The function is the last argument."""


def corrections() -> list[str]:
    """The name of every correction: each file, and each function that a file installs separately."""
    names = []
    for file in sorted(CORRECTIONS.glob("[!_]*.py")):
        tree = ast.parse(file.read_text())
        if not any(isinstance(node, ast.FunctionDef) and node.name == "install" for node in tree.body):
            continue
        functions = {
            node.args[-1].id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[-1], ast.Name)
            if getattr(node.func, "attr", getattr(node.func, "id", "")) in INSTALLERS
        }
        names.append(file.stem)
        if len(functions) > 1:
            names += [f"{file.stem}.{function}" for function in sorted(functions)]
    return names


def own_tests(name: str) -> str | None:
    """The file that tests a correction first, if there is one."""
    path = f"{TESTS}/test_{name.partition('.')[0].rstrip('_')}.py"
    return path if (ROOT / path).exists() else None


def failures(tests: str, environment: dict[str, str]) -> set[str]:
    """The tests that fail. A server that does not start counts as a failure of all of them."""
    command = [sys.executable, "-m", "pytest", "-q", "-rfE", "--tb=no", "-p", "no:cacheprovider", tests]
    if tests == TESTS:
        # All of them take seven minutes in one process, and two in four.
        command += ["-n", "4", "--dist", "loadfile"]
    # It checks that the project uses the corrected version.
    command += ["--deselect", f"{TESTS}/test_version.py"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    lines = result.stdout.splitlines()
    return {line.split(" ")[1] for line in lines if line.startswith(("FAILED ", "ERROR "))}


def baseline(environment: dict[str, str]) -> Callable[[str], set[str]]:
    """The failures of tests with every correction. Each test is run once, when it is needed."""
    return functools.cache(lambda tests: failures(tests, environment))


def is_needed(name: str, environment: dict[str, str], known: Callable[[str], set[str]]) -> bool:
    """Whether a test passes with it and fails without it. Its own tests are run first."""
    without = {**environment, trial.WITHOUT: name}
    return any(
        failures(tests, without) - known(tests) for tests in (own_tests(name), TESTS) if tests is not None
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="npm run emulator:upgrade", description=__doc__)
    parser.add_argument("version", help="of MiniStack, such as 1.5.34")
    parser.add_argument("--only", nargs="+", help="files of emulator/corrections, such as kms s3")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        install = ["-m", "uv", "pip", "install", "--quiet", "--target", folder]
        subprocess.run([sys.executable, *install, f"ministack=={arguments.version}"], check=True)
        environment = {
            **os.environ,
            "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
            trial.VERSION: arguments.version,
        }
        known = baseline(environment)
        if arguments.only is None:
            print(
                f"ministack {arguments.version} with every correction: {len(known(TESTS))} tests fail",
                flush=True,
            )
            for test in sorted(known(TESTS)):
                print(f"  {test}")
        for name in corrections():
            if arguments.only is None or name.partition(".")[0] in arguments.only:
                verdict = "needed" if is_needed(name, environment, known) else "NO LONGER NEEDED"
                print(f"{name}: {verdict}", flush=True)


if __name__ == "__main__":
    main()
