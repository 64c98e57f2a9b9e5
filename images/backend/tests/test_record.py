"""Which modules may be imported before the secrets are read, tested with a small application."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

RECORD = Path(__file__).parents[1] / "record.py"
EXAMPLE = Path(__file__).parents[3] / "examples" / "backend"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kairos").mkdir()
    (tmp_path / "kairos" / "__init__.py").touch()
    (tmp_path / "poetry.lock").write_text("a lock\n")
    return tmp_path


def write(folder: Path, **modules: str) -> None:
    """Writes modules into the folder. Two underscores in a name start a module of a package."""
    for name, source in modules.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(exist_ok=True)
        (path.parent / "__init__.py" if path.parent != folder else path).touch()
        path.write_text(source)


def recorded(folder: Path, names: str = "", **variables: str) -> "tuple[list[str], str]":
    """The list, and the other output."""
    finished = run(folder, names, **variables)
    modules: list[str] = json.loads(finished.stdout)["modules"]
    return modules, finished.stderr


def run(folder: Path, *more: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(RECORD), str(folder), "kairos.main", *more],
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"} | variables,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )


def test_lists_what_the_application_imports_in_its_order(folder: Path) -> None:
    write(folder, kairos__main="import zebra\nimport ape.tail\nimport json\n")
    write(folder, zebra="import stripe\n", stripe="", ape__tail="")
    assert recorded(folder) == (["zebra", "stripe", "ape", "ape.tail"], "")


def test_contains_the_hash_of_the_lock_file(folder: Path) -> None:
    write(folder, kairos__main="")
    command = [sys.executable, str(RECORD), str(folder), "kairos.main"]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(finished.stdout)["lock"] == hashlib.sha256(b"a lock\n").hexdigest()


def test_contains_the_paths_of_all_other_modules_in_order(folder: Path) -> None:
    write(folder, kairos__main="import zebra\nimport asks\nimport decimal, _csv\n")
    write(folder, zebra="", asks="import os\nos.getenv('A')\n")
    files: dict[str, str] = json.loads(run(folder).stdout)["files"]
    own = {name: file for name, file in files.items() if Path(file).is_relative_to(folder)}
    assert own == {
        "kairos": str(folder / "kairos" / "__init__.py"),
        "kairos.main": str(folder / "kairos" / "main.py"),
        "asks": str(folder / "asks.py"),
    }
    assert Path(files["decimal"]).name == "decimal.py"
    assert {Path(file).suffix for file in files.values()} == {".py"}, "only what has bytecode"


def test_contains_no_path_of_a_module_that_cannot_be_imported(folder: Path) -> None:
    write(folder, kairos__main="try:\n    import broken\nexcept ImportError:\n    pass\n")
    write(folder, broken="import not_there\n")
    assert "broken" not in json.loads(run(folder).stdout)["files"]


def test_writes_no_table_by_default(folder: Path) -> None:
    write(folder, kairos__main="")
    before = set(folder.iterdir())
    run(folder, "SECRET_KEY")
    assert set(folder.iterdir()) == before


@pytest.mark.parametrize("end", ["", "import os\nos.environ['A_SETTING']\n"], ids=["whole", "failing"])
def test_writes_what_was_compiled_into_the_table(folder: Path, end: str) -> None:
    write(folder, kairos__main=f"from dataclasses import dataclass\n@dataclass\nclass A:\n    b: int\n{end}")
    run(folder, "SECRET_KEY", str(folder / "table"))
    assert b"def __init__(self,b:" in (folder / "table").read_bytes()


def test_an_application_that_exits_has_no_table(folder: Path) -> None:
    write(folder, kairos__main="import os\nos._exit(3)\n")
    assert "no modules are listed" in run(folder, "", str(folder / "table")).stderr
    assert not (folder / "table").exists()


def test_skips_the_application_itself_and_the_start_up_module(folder: Path) -> None:
    write(folder, kairos__main="import kairos.part\nimport start_up\n", kairos__part="")
    write(folder, start_up="", unused="")
    assert recorded(folder) == ([], "")


ASKS = {
    "by os.environ": "import os\nos.environ['SECRET_KEY']\n",
    "by os.environ.get": "import os\nos.environ.get('SECRET_KEY')\n",
    "by os.getenv": "import os\nos.getenv('SECRET_KEY')\n",
    "by bytes": "import os\nos.environb.get(b'SECRET_KEY')\n",
    "whether it is there": "import os\n'SECRET_KEY' in os.environ\n",
    "for a variable that nobody set": "import os\nos.environ.get('A_SETTING')\n",
    "by a name that it had before": "from os import environ as e\ne.get('SECRET_KEY')\n",
    "for all": "import os\nlist(os.environ)\n",
    "for a copy": "import os\nos.environ.copy()\n",
    "for a dictionary": "import os\ndict(os.environ)\n",
    "for a union": "import os\nos.environ | {}\n",
    "for the values": "import os\nlist(os.environ.values())\n",
    "how many": "import os\nlen(os.environ)\n",
    "in a path": "import os\nos.path.expandvars('$SECRET_KEY')\n",
    "in a function of another module": "import os.path\nos.path.expanduser('~')\n",
    "in a thread": (
        "import os, threading\n"
        "t = threading.Thread(target=os.getenv, args=('SECRET_KEY',))\nt.start()\nt.join()\n"
    ),
    "by a process": "import subprocess, sys\nsubprocess.run([sys.executable, '-S', '-c', ''])\n",
    "by a shell": "import os\nos.system('true')\n",
    "by setting one": "import os\nos.environ['A_SETTING'] = '1'\n",
    "by setting one past os.environ": "import os\nos.putenv('A_SETTING', '1')\n",
    "by taking one away": "import os\nos.unsetenv('A_SETTING')\n",
}


@pytest.mark.parametrize("source", ASKS.values(), ids=ASKS.keys())
def test_skips_modules_that_read_the_environment(folder: Path, source: str) -> None:
    write(folder, kairos__main="import before\nimport asks\nimport after\n", asks=source, before="", after="")
    modules, said = recorded(folder, "SECRET_KEY")
    assert "asks" not in modules
    assert said == ""
    if "thread" not in source:  # The thread cannot be known.
        assert modules == ["before", "after"]


@pytest.mark.parametrize("name", ["PATH", "LAMBDA_TASK_ROOT"])
def test_keeps_modules_that_read_variables_of_every_function(folder: Path, name: str) -> None:
    write(folder, kairos__main="import asks\n", asks=f"import os\nos.environ.get('{name}')\n")
    assert recorded(folder) == (["asks"], "")


def test_skips_modules_that_read_a_variable_changed_by_the_application(folder: Path) -> None:
    write(folder, kairos__main="import os\nos.environ['PATH'] += ':/x'\nimport asks\nimport other\n")
    write(folder, asks="import os\nos.environ['PATH']\n", other="")
    assert recorded(folder) == (["other"], "")


IMPORTS = {
    "as a module": "import asks\n",
    "of a module": "from asks import *\n",
    "by a function": "import importlib\nimportlib.import_module('asks')\n",
    "through another": "import between\n",
    "through another, by a function": "import importlib\nimportlib.import_module('between')\n",
    "in a package": "from package import module\n",
    "relatively": "import package.relative\n",
}


@pytest.mark.parametrize("statement", IMPORTS.values(), ids=IMPORTS.keys())
@pytest.mark.parametrize("first", ["", "import asks\n"], ids=["for the first time", "again"])
def test_skips_modules_that_import_such_a_module(folder: Path, statement: str, first: str) -> None:
    write(folder, kairos__main=f"{first}import user\nimport innocent\n", user=statement, innocent="")
    write(folder, asks="import os\nos.getenv('A')\n", between="import asks\n")
    write(folder, package__module="import asks\n", package__relative="from . import module\n")
    modules, _ = recorded(folder)
    assert not {"asks", "user", "between", "package.module", "package.relative"} & set(modules)
    if "import_module('asks')" not in statement:  # Others are only found by trying.
        assert "innocent" in modules


def test_skips_modules_that_import_it_from_its_package(folder: Path) -> None:
    write(folder, kairos__main="import package.asks\nimport user\nimport innocent\n", innocent="")
    write(folder, user="from package import asks\n", package__asks="import os\nos.getenv('A')\n")
    assert recorded(folder) == (["package", "innocent"], "")


def test_skips_all_modules_that_may_have_started_such_a_thread(folder: Path) -> None:
    """While another module is imported, the thread cannot be known."""
    source = (
        "import os, threading\ngo = threading.Event()\ndef ask():\n    go.wait()\n    os.getenv('A')\n"
        "thread = threading.Thread(target=ask)\nthread.start()\n"
    )
    main = "import before\nimport asks\nasks.go.set()\nasks.thread.join()\nimport after\n"
    write(folder, kairos__main=main, asks=source, before="", after="")
    assert recorded(folder) == (["after"], "")


def test_skips_a_package_whose_init_reads_the_environment(folder: Path) -> None:
    write(folder, kairos__main="import package.module\n")
    write(folder, package__module="")
    (folder / "package" / "__init__.py").write_text("import os\nos.getenv('A')\n")
    assert recorded(folder) == ([], "")


def test_keeps_a_package_if_only_one_module_reads_the_environment(folder: Path) -> None:
    write(folder, kairos__main="import package.asks\nimport package.module\n")
    write(folder, package__asks="import os\nos.getenv('A')\n", package__module="")
    assert recorded(folder) == (["package", "package.module"], "")


def test_keeps_modules_that_read_the_environment_later(folder: Path) -> None:
    write(folder, kairos__main="import later\nlater.ask()\n")
    write(folder, later="import os\ndef ask():\n    return os.environ['SECRET_KEY']\n")
    assert recorded(folder, "SECRET_KEY") == (["later"], "")


def test_imports_with_placeholders_for_required_secrets(folder: Path) -> None:
    source = (
        "import os\nassert min(len(os.environ[name]) for name in ('SECRET_KEY', 'OTHER')) >= 32\nimport end\n"
    )
    write(folder, kairos__main=source, end="")
    assert recorded(folder, "SECRET_KEY,OTHER") == (["end"], "")


def test_lists_earlier_modules_if_the_application_cannot_be_imported(folder: Path) -> None:
    write(folder, kairos__main="import begin\nimport os\nos.environ['A']\nimport end\n", begin="", end="")
    modules, said = recorded(folder)
    assert modules == ["begin"]
    assert "kairos.main cannot be imported here (KeyError)" in said


def test_skips_a_module_that_cannot_be_imported(folder: Path) -> None:
    write(folder, kairos__main="try:\n    import broken\nexcept ImportError:\n    import other\n")
    write(folder, broken="import not_there\n", other="")
    assert recorded(folder) == (["other"], "")


def test_ends_before_modules_that_need_the_application(folder: Path) -> None:
    write(folder, kairos__main="import sys, first, second, third\n", first="", third="")
    write(folder, second="import sys\nassert 'kairos' in sys.modules\n")
    modules, said = recorded(folder)
    assert modules == ["first"]
    assert "second and 1 more are not listed" in said


@pytest.mark.parametrize("source", ["import os\nos._exit(3)\n", "import sys\nsys.exit(3)\n"])
def test_an_application_that_exits_does_not_stop_the_build(folder: Path, source: str) -> None:
    write(folder, kairos__main=f"import begin\n{source}", begin="")
    modules, said = recorded(folder)
    assert modules in ([], ["begin"])
    assert said != ""


def test_the_output_of_the_application_is_not_in_the_list(folder: Path) -> None:
    write(folder, kairos__main="import begin\nprint('hello')\n", begin="print('[]', flush=True)")
    modules, said = recorded(folder)
    assert modules == ["begin"]
    assert "hello" in said


def test_does_not_depend_on_the_shell_that_builds(folder: Path) -> None:
    source = "import os\nif os.environ.get('HTTPS_PROXY'):\n    import more\n"
    write(folder, kairos__main=source, more="")
    assert recorded(folder, HTTPS_PROXY="http://127.0.0.1:1") == recorded(folder)


def test_lists_most_modules_of_the_example_and_none_that_reads_settings(tmp_path: Path) -> None:
    """Its packages are those of this Python, in the versions of its lock file."""
    site = Path(pytest.__file__).parents[1]
    for entry in [*site.iterdir(), EXAMPLE / "kairos", EXAMPLE / "poetry.lock"]:
        (tmp_path / entry.name).symlink_to(entry)
    modules, said = recorded(tmp_path, "SECRET_KEY")
    assert said == ""
    assert {"starlette.applications", "pydantic_core", "anyio", "mangum"} <= set(modules)
    assert not [name for name in modules if name.startswith(("kairos", "pydantic_settings", "fastapi"))]
