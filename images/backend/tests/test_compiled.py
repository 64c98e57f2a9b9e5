"""The table of what an import compiles: it is collected in one process and used in another, without other
effects.
"""

import dataclasses
import gc
import inspect
import json
import marshal
import os
import re
import subprocess
import sys
import threading
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from compilations import Compilations
from start_up.compiled import HEAD, TABLE, Table, compiled, read_table

IMAGE = Path(__file__).parents[1]
EXAMPLE = IMAGE.parents[1] / "examples" / "backend"

COUNTED = """
import re, sys
texts = []
def hear(event, given):
    if event == "compile" and given[1] == "<string>":
        texts.append(given[0] if isinstance(given[0], str) else given[0].decode())
sys.addaudithook(hear)
def parse(pattern, *more, parse=re._parser.parse):
    texts.append(str(pattern))
    return parse(pattern, *more)
re._parser.parse = parse
"""
"""Every text that is compiled, according to Python's audit events, and every regular expression that is
parsed.

https://docs.python.org/3/library/audit_events.html
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def collecting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Compilations]:
    """Collects what this process compiles, and restores the normal compilation afterwards."""
    compiler: Any = vars(re)["_compiler"]
    kept = compiler.compile, compiler._sre
    compilations = Compilations()
    compilations.begin()
    yield compilations
    compiler.compile, compiler._sre = kept
    for module, name in ((dataclasses, "exec"), (typing, "compile")):
        vars(module).pop(name, None)


def saved(compilations: Compilations) -> Table:
    compilations.save(TABLE)
    table = read_table()
    assert table is not None
    return table


def python(script: str, folder: Path, *paths: Path) -> Any:
    """The last line that a script prints in a separate process."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": os.pathsep.join(map(str, (IMAGE, *paths))), "SECRET_KEY": "s" * 40},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


APPLICATION = """
import re
from dataclasses import dataclass, field
from typing import NamedTuple, Optional

class Node(NamedTuple):
    next: "Optional[Node]"

@dataclass(order=True, frozen=True)
class Point:
    x: "int"
    y: int = 2
    names: list[str] = field(default_factory=list)

WORD = re.compile(r"(?P<first>[a-zé]+)(\\d*)", re.IGNORECASE)
BYTES = re.compile(rb"[\\x00-\\x1f]+")
"""
ANSWERS = """
import json, typing
import written
print(json.dumps([
    repr(written.Point(1)), written.Point(1) < written.Point(2), str(written.Point.__init__.__annotations__),
    typing.get_type_hints(written.Node)["next"].__class__.__name__,
    [written.WORD.match("ÉA12").groupdict(), written.WORD.groups, written.WORD.pattern, written.WORD.flags],
    [written.WORD.groupindex["first"], bool(written.BYTES.search(b"a\\x01"))],
    [repr(written.WORD), written.WORD.sub(r"\\2-\\g<first>", "ab12")],
]))
"""


def recorded(folder: Path) -> Path:
    (folder / "written.py").write_text(APPLICATION)
    (folder / "kairos").mkdir()
    (folder / "kairos" / "__init__.py").touch()
    (folder / "kairos" / "main.py").write_text("import written\n")
    (folder / "poetry.lock").touch()
    table = folder / TABLE
    command = [sys.executable, str(IMAGE / "record.py"), str(folder), "kairos.main", "", str(table)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return folder


USING = (
    "from start_up.compiled import compiled, read_table\nwith compiled(read_table()):\n    import written\n"
)


def compiled_by_an_import(place: Path, begin: str) -> list[str]:
    """What a separate process compiles while it imports the application of these tests."""
    before = "import json\nfrom start_up.compiled import compiled, read_table\n"
    script = f"{before}{COUNTED}{begin}\n    import written\n"
    texts: list[str] = python(f"{script}print(json.dumps(texts))", place, place)
    return texts


def test_what_the_build_has_compiled_is_not_compiled_again(place: Path) -> None:
    recorded(place)
    as_ever = compiled_by_an_import(place, "if True:")
    for part in ("def __init__", "def __lt__", "Optional[Node]", "(?P<first>", "x1f]+"):
        assert [text for text in as_ever if part in text], part
    # A named tuple compiles one line, which is too little for a table.
    left = compiled_by_an_import(place, "with compiled(read_table()):")
    assert [text for text in left if not text.startswith("lambda _cls")] == []


def test_the_table_contains_what_would_be_compiled(place: Path) -> None:
    recorded(place)
    assert python(f"{USING}{ANSWERS}", place, place) == python(ANSWERS, place, place)


def test_the_example_has_the_same_document_with_the_table(place: Path) -> None:
    command = [sys.executable, str(IMAGE / "record.py"), str(EXAMPLE), "kairos.main", "SECRET_KEY"]
    subprocess.run([*command, str(place / TABLE)], check=True, capture_output=True, timeout=60)
    told = "\nimport json\nprint(json.dumps(json.dumps(kairos.main.app.openapi())))"
    script = USING.replace("written", "kairos.main")
    document = python(f"{script}{told}", place, EXAMPLE)
    assert json.loads(document)["paths"]
    assert document == python(f"import kairos.main{told}", place, EXAMPLE)


def test_what_the_table_does_not_contain_is_compiled_normally() -> None:
    with compiled(Table({}, {}, {})):
        made = dataclasses.make_dataclass("Made", [("x", int)])
        reference = typing.ForwardRef("list[int]")
        pattern = re._compiler.compile("a+", 0)  # type: ignore[attr-defined]
    assert made(1) == made(1)
    assert eval(reference.__forward_code__) == list[int]
    assert pattern.fullmatch("aaa")


def test_a_pattern_that_is_not_text_is_compiled_normally() -> None:
    """For example one that was parsed already, which the compiler accepts too."""
    parsed = re._parser.parse("a+", 0)  # type: ignore[attr-defined]
    with compiled(Table({}, {}, {})):
        assert re._compiler.compile(parsed, 0).fullmatch("aaa")  # type: ignore[attr-defined]


def test_text_bytes_and_flags_are_distinguished(collecting: Compilations) -> None:
    compiler: Any = vars(re)["_compiler"]
    for pattern, flags in (("[a-z]+", 0), (b"[a-z]+", 0), ("[a-z]+", int(re.I))):
        compiler.compile(pattern, flags)
    with compiled(saved(collecting)):
        assert compiler.compile("[a-z]+", 0).fullmatch("ab")
        assert compiler.compile(b"[a-z]+", 0).fullmatch(b"ab")
        assert not compiler.compile("[a-z]+", 0).fullmatch("AB")
        assert compiler.compile("[a-z]+", int(re.I)).fullmatch("AB")


def test_a_table_keeps_each_pattern_if_threads_compile_at_the_same_time(collecting: Compilations) -> None:
    """One thread compiles another pattern while the first one is being read."""
    compiler: Any = vars(re)["_compiler"]
    read, begun = compiler._sre.__getattr__, []

    class Nested:
        def __getattr__(self, name: str) -> Any:
            return read(name)

        def compile(self, *arguments: Any) -> Any:
            made = compiler_sre.compile(*arguments)
            if not begun:
                begun.append(True)
                thread = threading.Thread(target=compiler.compile, args=("other", 0))
                thread.start()
                thread.join()
            return made

    compiler_sre = compiler._sre
    compiler._sre = Nested()
    compiler.compile("first", 0)
    compiler._sre = compiler_sre
    with compiled(saved(collecting)):
        assert compiler.compile("first", 0).fullmatch("first")
        assert compiler.compile("other", 0).fullmatch("other")


def test_a_method_that_fails_has_a_normal_traceback(collecting: Compilations) -> None:
    dataclasses.make_dataclass("Made", [("x", int)])
    with compiled(saved(collecting)):
        made = dataclasses.make_dataclass("Made", [("x", int)])
    plain = dataclasses.make_dataclass("Made", [("x", int)])
    assert made.__init__.__code__ == plain.__init__.__code__
    assert inspect.signature(made) == inspect.signature(plain)


def test_everything_is_restored() -> None:
    before = vars(re)["_compiler"].compile
    with compiled(Table({}, {}, {})):
        assert vars(re)["_compiler"].compile is not before
    assert vars(re)["_compiler"].compile is before
    assert "exec" not in vars(dataclasses)
    assert "compile" not in vars(typing)


def test_everything_is_restored_after_a_failed_import() -> None:
    with pytest.raises(OSError, match="no"), compiled(Table({}, {}, {})):
        raise OSError("no")
    assert "exec" not in vars(dataclasses)


def test_a_replacement_by_the_application_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    compiler: Any = vars(re)["_compiler"]
    monkeypatch.setattr(compiler, "compile", compiler.compile)
    with compiled(Table({}, {}, {})):
        own = compiler.compile = lambda *_: None
        vars(dataclasses)["exec"] = own
    assert compiler.compile is own
    assert vars(dataclasses).pop("exec") is own


def test_without_a_table_nothing_is_changed() -> None:
    with compiled(None):
        assert "exec" not in vars(dataclasses)


GOOD = HEAD + marshal.dumps(({}, {}, {}))


def test_reads_an_existing_table() -> None:
    TABLE.write_bytes(GOOD)
    assert read_table() == ({}, {}, {})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"of the backend's own",
        GOOD[1:],
        GOOD.replace(sys.version.encode(), b"3.1.4 of elsewhere"),
        # Of another build of the same Python.
        GOOD.replace(sys.version.encode(), sys.version.encode()[:-1] + b"?"),
        HEAD,
        GOOD[:-1],
        HEAD + marshal.dumps(({}, {})),
        HEAD + marshal.dumps(1),
    ],
)
def test_ignores_a_table_of_another_python(content: bytes) -> None:
    TABLE.write_bytes(content)
    assert read_table() is None


def test_works_without_a_table() -> None:
    assert read_table() is None


def test_a_folder_with_that_name_is_ignored() -> None:
    TABLE.mkdir()
    assert read_table() is None


def test_the_table_is_not_kept(collecting: Compilations) -> None:
    """After the application is imported, only the parts that it uses stay in memory."""
    compiler: Any = vars(re)["_compiler"]
    compiler.compile("a-pattern-of-this-test", 0)
    table = saved(collecting)
    with compiled(table):
        pass
    assert [one for one in gc.get_referrers(table.patterns) if one is not table] == []
