"""The private names of MiniStack that are used, and where: `python -m emulator.private_names` prints the
list.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def names_in(source: str) -> set[str]:
    """The private names that a file takes from MiniStack, as `module.name`."""
    tree = ast.parse(source)
    modules: dict[str, str] = {}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ministack"):
            for alias in node.names:
                modules[alias.asname or alias.name] = alias.name
                if alias.name.startswith("_"):
                    found.add(f"{(node.module or '').rpartition('.')[2]}.{alias.name}")
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr.startswith("_")
            and not node.attr.startswith("__")
            and isinstance(node.value, ast.Name)
            and node.value.id in modules
        ):
            found.add(f"{modules[node.value.id]}.{node.attr}")
    return found


def private_names() -> dict[str, list[str]]:
    """Each private name, and the files that use it."""
    used: dict[str, list[str]] = defaultdict(list)
    for file in sorted(ROOT.rglob("*.py")):
        if "tests" not in file.parts:
            for name in names_in(file.read_text()):
                used[name].append(file.relative_to(ROOT).as_posix())
    return dict(sorted(used.items()))


def table() -> str:
    """The rows of the table in README.md."""
    rows = (
        f"- `{name}`: {', '.join(f'`{file}`' for file in files)}" for name, files in private_names().items()
    )
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
