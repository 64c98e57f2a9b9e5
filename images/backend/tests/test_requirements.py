"""From poetry.lock to requirements with hashes."""

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from poetry.core.constraints.version import Version, parse_constraint

from requirements import UnusableLock, content_hash, requirements

BACKEND = Path(__file__).parents[3] / "examples" / "backend"
PYPROJECT = '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.12,<4.0"\n'
HASHES = json.loads((Path(__file__).parent / "poetry_hashes.json").read_text(encoding="utf-8"))
"""The hashes that Poetry has written for some files, before and after it included [dependency-groups]."""


def package(name: str, *, groups: str = '["main"]', hashes: int = 1, more: str = "") -> str:
    files = ", ".join(f'{{file = "{name}-{n}.whl", hash = "sha256:{n}{name}"}}' for n in range(hashes))
    return (
        f'[[package]]\nname = "{name}"\nversion = "1.0"\noptional = false\ngroups = {groups}\n'
        f"files = [{files}]\n{more}\n"
    )


def metadata(pyproject: str = PYPROJECT, *, python: str = "*", found: str | None = None) -> str:
    found = content_hash(tomllib.loads(pyproject)) if found is None else found
    return f'[metadata]\nlock-version = "2.1"\npython-versions = "{python}"\ncontent-hash = "{found}"\n'


METADATA = metadata()


def convert(folder: Path, lock: str, pyproject: str = PYPROJECT, python: str = "3.12.1") -> str:
    (folder / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    (folder / "poetry.lock").write_text(lock, encoding="utf-8")
    return requirements(folder, python)


def test_gives_each_package_with_all_its_hashes(tmp_path: Path) -> None:
    text = convert(tmp_path, package("b", hashes=2) + package("a") + METADATA)
    assert text == "a==1.0 --hash=sha256:0a\nb==1.0 --hash=sha256:0b --hash=sha256:1b\n"


def test_excludes_other_groups_and_optional_packages(tmp_path: Path) -> None:
    optional = package("extra").replace("optional = false", "optional = true")
    text = convert(tmp_path, package("dev", groups='["dev"]') + optional + package("a") + METADATA)
    assert text.startswith("a==1.0 ")
    assert text.count("\n") == 1


def test_includes_a_package_of_several_groups(tmp_path: Path) -> None:
    assert "both==1.0" in convert(tmp_path, package("both", groups='["dev", "main"]') + METADATA)


@pytest.mark.parametrize(
    "markers",
    [
        "markers = \"sys_platform == 'win32'\"",
        "markers = {main = \"sys_platform == 'win32'\", dev = \"extra == 'x'\"}",
    ],
)
def test_keeps_the_marker_of_the_main_group(tmp_path: Path, markers: str) -> None:
    text = convert(tmp_path, package("a", more=markers) + METADATA)
    assert text == "a==1.0 ; sys_platform == 'win32' --hash=sha256:0a\n"


def test_has_no_marker_if_only_another_group_has_one(tmp_path: Path) -> None:
    text = convert(tmp_path, package("a", more="markers = {dev = \"extra == 'x'\"}") + METADATA)
    assert ";" not in text


@pytest.mark.parametrize("version", ['lock-version = "2.0"', 'lock-version = "1.1"', ""])
def test_refuses_an_older_lock(tmp_path: Path, version: str) -> None:
    with pytest.raises(UnusableLock, match="lock again with Poetry 2"):
        convert(tmp_path, package("a") + f"[metadata]\n{version}\n")


def test_refuses_the_lock_of_poetry_1(tmp_path: Path) -> None:
    lock = (
        '[[package]]\nname = "a"\nversion = "1.0"\ncategory = "main"\noptional = false\n'
        f'[metadata]\nlock-version = "1.1"\npython-versions = "*"\ncontent-hash = "{"0" * 64}"\n'
        '[metadata.files]\na = [{file = "a-1.whl", hash = "sha256:0a"}]\n'
    )
    with pytest.raises(UnusableLock, match=r"format 1\.1, .*lock again with Poetry 2"):
        convert(tmp_path, lock)


def test_refuses_a_lock_of_a_newer_format(tmp_path: Path) -> None:
    with pytest.raises(UnusableLock, match=r"format 3\.0, which is newer"):
        convert(tmp_path, package("a") + METADATA.replace('"2.1"', '"3.0"'))
    assert convert(tmp_path, package("a") + METADATA.replace('"2.1"', '"2.9"'))


@pytest.mark.parametrize(
    "lock",
    [
        'package = "a"\n',
        "package = [1]\n",
        package("a").replace('version = "1.0"\n', ""),
        package("a").replace('name = "a"', "name = 1"),
        package("a").replace('groups = ["main"]\n', ""),
        package("a").replace("hash = ", "sum = "),
        package("a", more='source = "x"'),
    ],
)
def test_refuses_packages_that_poetry_never_wrote(tmp_path: Path, lock: str) -> None:
    with pytest.raises(UnusableLock, match="lock again: poetry lock"):
        convert(tmp_path, lock + METADATA)


@pytest.mark.parametrize(
    "text", ["project = 1\n", "tool = 1\n", "[tool]\npoetry = []\n", "dependency-groups = 1\n"]
)
def test_refuses_a_value_in_place_of_a_table(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnusableLock, match=r"in pyproject\.toml is not a table"):
        convert(tmp_path, METADATA, text)


@pytest.mark.parametrize("name", ["pyproject.toml", "poetry.lock"])
def test_names_the_file_that_it_cannot_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (tmp_path / "poetry.lock").write_text(METADATA, encoding="utf-8")
    (tmp_path / name).write_bytes(b"a = '\xff'\n")
    with pytest.raises(UnusableLock, match=f"{name} is not UTF-8, at byte 5"):
        requirements(tmp_path, "3.12.1")
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    with pytest.raises(UnusableLock, match=f"{name} cannot be read: Is a directory"):
        requirements(tmp_path, "3.12.1")


@pytest.mark.parametrize("kind", ["git", "url", "file", "directory"])
def test_refuses_a_package_from_another_source(tmp_path: Path, kind: str) -> None:
    source = f'[package.source]\ntype = "{kind}"\nurl = "https://example.com/a"\n'
    with pytest.raises(UnusableLock, match=r"a comes from https://example\.com/a"):
        convert(tmp_path, package("a", more=source) + METADATA)


OWN_INDEX = (
    '[package.source]\ntype = "legacy"\nurl = "https://me:pass@packages.example/simple"\nreference = "own"\n'
)


def test_refuses_a_private_index_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnusableLock, match=r"a comes from the index own at https://packages\.ex") as error:
        convert(tmp_path, package("a", more=OWN_INDEX) + METADATA)
    assert "pass" not in str(error.value)


@pytest.mark.parametrize("url", ["https://pypi.org/simple", "https://pypi.org/simple/"])
def test_accepts_the_default_index_by_any_name(tmp_path: Path, url: str) -> None:
    source = f'[package.source]\ntype = "legacy"\nurl = "{url}"\nreference = "pypi-public"\n'
    assert convert(tmp_path, package("a", more=source) + METADATA) == "a==1.0 --hash=sha256:0a\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"1.0"', r'"1.0\n--index-url https://other.example"'),
        ('"1.0"', '"1.0 --index-url=https://other.example"'),
        ('name = "a"', 'name = "--index-url=https://other.example"'),
        ("sha256:0a", r"sha256:0a\n-r other.txt"),
        ("sha256:0a", "md5:0a"),
        (
            "optional",
            r"""markers = 'python_version > "3" --global-option=x'\noptional""".replace(r"\n", "\n"),
        ),
        ("optional", 'markers = "python_version > \\"3\\"\\n-r other.txt"\noptional'),
    ],
)
def test_refuses_values_that_would_add_a_line_or_an_option(tmp_path: Path, before: str, after: str) -> None:
    lock = package("a").replace(before, after, 1) + METADATA
    with pytest.raises(UnusableLock, match="that Poetry never writes"):
        convert(tmp_path, lock)


def test_keeps_a_marker_as_poetry_writes_it(tmp_path: Path) -> None:
    marker = '(platform_machine == "x86_64" or extra == \'c-d\') and python_full_version < "3.13.0"'
    text = convert(tmp_path, package("a", more=f"markers = {json.dumps(marker)}") + METADATA)
    assert text == f"a==1.0 ; {marker} --hash=sha256:0a\n"


def test_accepts_an_index_that_only_another_group_needs(tmp_path: Path) -> None:
    assert convert(tmp_path, package("a", groups='["dev"]', more=OWN_INDEX) + METADATA) == ""


def test_shows_no_password_of_a_url(tmp_path: Path) -> None:
    source = '[package.source]\ntype = "git"\nurl = "https://token@github.example/a.git?key=token"\n'
    with pytest.raises(UnusableLock, match=r"a comes from https://github\.example/a\.git,") as error:
        convert(tmp_path, package("a", more=source) + METADATA)
    assert "token" not in str(error.value)


def test_refuses_a_package_without_hashes(tmp_path: Path) -> None:
    with pytest.raises(UnusableLock, match="a has no file with a hash"):
        convert(tmp_path, package("a", hashes=0) + METADATA)


@pytest.mark.parametrize("vector", HASHES, ids=[vector["name"] for vector in HASHES])
def test_knows_a_lock_by_the_hash_that_poetry_writes(tmp_path: Path, vector: dict[str, str]) -> None:
    pyproject = vector["pyproject"]
    for poetry in ("Poetry 2.1.4", "Poetry 2.5.1"):
        lock = f"# @generated by {poetry} and\n" + package("a") + metadata(found=vector[poetry])
        assert convert(tmp_path, lock, pyproject).startswith("a==1.0")


def test_a_newer_poetry_covers_the_dependency_groups(tmp_path: Path) -> None:
    (vector,) = [vector for vector in HASHES if vector["name"] == "dependency-groups"]
    lock = "# @generated by Poetry 2.5.1 and\n" + metadata(found=vector["Poetry 2.1.4"])
    with pytest.raises(UnusableLock, match="lock again"):
        convert(tmp_path, lock, vector["pyproject"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('dependencies = ["a"]\n', 'dependencies = ["a", "httpx (>=0.27)"]\n'),
        ("", 'dependencies = ["a"]\n'),
        ("", '[project.optional-dependencies]\nmail = ["a"]\n'),
        ("", '[tool.poetry.dependencies]\na = "*"\n'),
        ("", '[tool.poetry.group.dev.dependencies]\na = "*"\n'),
        ("", '[dependency-groups]\ndev = ["a"]\n'),
        ("", '[[tool.poetry.source]]\nname = "own"\nurl = "https://packages.example"\n'),
    ],
)
def test_refuses_a_lock_that_is_older_than_a_change(tmp_path: Path, before: str, after: str) -> None:
    lock = package("a") + metadata(PYPROJECT + before)
    assert convert(tmp_path, lock, PYPROJECT + before)
    with pytest.raises(UnusableLock, match=r"does not belong to pyproject\.toml.*poetry lock"):
        convert(tmp_path, lock, PYPROJECT + after)


@pytest.mark.parametrize(
    "added",
    [
        '[tool.poetry.group.lint.dependencies]\nruff = "*"\n',
        "[tool.poetry.dependencies]\nhttpx = 2024-01-01\n",
        "[tool.poetry.dependencies]\nhttpx = nan\n",
        '[dependency-groups]\ntest = [{include-group = "dev"}]\n',
        '[project.optional-dependencies]\n"größe" = ["httpx"]\n',
        '[[tool.poetry.source]]\nname = "ours"\nurl = "https://example.com/simple"\n',
    ],
)
def test_refuses_a_lock_without_an_added_package(tmp_path: Path, added: str) -> None:
    with pytest.raises(UnusableLock, match=r"does not belong to pyproject\.toml"):
        convert(tmp_path, package("a") + METADATA, PYPROJECT + added)


@pytest.mark.parametrize(
    "lock",
    [
        "<<<<<<< HEAD\n" + METADATA,
        "version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 12\n",
        "{}",
        "\ufeff" + METADATA,
        METADATA[:-20],
    ],
)
def test_says_what_to_type_for_a_lock_that_is_not_toml(tmp_path: Path, lock: str) -> None:
    with pytest.raises(UnusableLock, match=r"poetry\.lock is not valid TOML: .*; lock again: poetry lock$"):
        convert(tmp_path, lock)


def test_reads_windows_line_ends(tmp_path: Path) -> None:
    lock = (package("a") + METADATA).replace("\n", "\r\n")
    assert convert(tmp_path, lock, PYPROJECT.replace("\n", "\r\n")) == "a==1.0 --hash=sha256:0a\n"


def test_accepts_a_change_that_needs_no_new_lock(tmp_path: Path) -> None:
    changed = (
        PYPROJECT.replace('version = "1"', 'version = "2"\ndescription = "d"')
        + "[tool.ruff]\nline-length = 9\n"
    )
    assert convert(tmp_path, package("a") + METADATA, changed)


def test_refuses_a_lock_without_a_hash(tmp_path: Path) -> None:
    with pytest.raises(UnusableLock, match="lock again"):
        convert(tmp_path, package("a") + '[metadata]\nlock-version = "2.1"\n')


VERSIONS = st.builds(
    "{}.{}{}".format, st.integers(2, 4), st.integers(9, 14), st.sampled_from(["", ".0", ".1", ".7"])
)
CLAUSES = st.one_of(
    st.builds("{}{}".format, st.sampled_from([">=", "<=", ">", "<", "==", "!=", "~="]), VERSIONS),
    st.builds("{}{}.*".format, st.sampled_from(["==", "!="]), VERSIONS),
)
PYTHONS = st.builds("3.{}.{}".format, st.integers(9, 14), st.integers(0, 8))


@given(clauses=st.lists(CLAUSES, min_size=1, max_size=3), python=PYTHONS)
def test_accepts_the_pythons_that_the_standard_accepts(clauses: list[str], python: str) -> None:
    requires = ", ".join(clauses)
    assert admits(f'[project]\nname = "x"\nrequires-python = "{requires}"\n', "*", python) == SpecifierSet(
        requires
    ).contains(python)


POETRY_CLAUSES = st.one_of(
    CLAUSES.filter(lambda clause: not clause.startswith("~=")),
    st.builds("{}{}".format, st.sampled_from(["^", "~", "", ">= ", "< "]), VERSIONS),
    st.builds("{}.*".format, st.integers(2, 4)),
    st.sampled_from(["*", "~3", "^3"]),
)
POETRY_RANGES = st.lists(
    st.lists(POETRY_CLAUSES, min_size=1, max_size=2).map(",".join), min_size=1, max_size=2
).map(" || ".join)


@given(requires=POETRY_RANGES, python=PYTHONS)
def test_accepts_the_pythons_that_poetry_accepts(requires: str, python: str) -> None:
    """A project with only [tool.poetry] has its range in Poetry's notation, which the lock file repeats."""
    theirs = parse_constraint(requires).allows(Version.parse(python))
    assert admits('[tool.poetry]\nname = "x"\n', requires, python) == theirs


def admits(pyproject: str, locked: str, python: str) -> bool:
    lock = package("a") + metadata(pyproject, python=locked)
    with tempfile.TemporaryDirectory() as folder:
        try:
            return convert(Path(folder), lock, pyproject, python) != ""
        except UnusableLock as error:
            if "requires Python" not in str(error):
                raise
            return False


@pytest.mark.parametrize(
    ("requires", "python", "admitted"),
    [
        ("<=3.12", "3.12.1", False),
        ("<=3.12", "3.12.0", True),
        (">3.12", "3.12.1", True),
        ("~=3.12.1", "3.12.1", True),
        ("~=3.12.1", "3.13.0", False),
        ("!=3.12.*", "3.12.1", False),
        ("==3.12", "3.12.1", False),
        ("", "3.11.7", True),
    ],
)
def test_refuses_a_python_that_the_backend_does_not_support(
    requires: str, python: str, admitted: bool
) -> None:
    assert admits(f'[project]\nname = "x"\nrequires-python = "{requires}"\n', "*", python) == admitted


def test_refuses_a_requirement_that_it_does_not_understand(tmp_path: Path) -> None:
    with pytest.raises(UnusableLock, match=r"'\^3\.12' is not understood"):
        convert(tmp_path, METADATA, PYPROJECT.replace(">=3.12,<4.0", "^3.12"))


def test_compares_versions_without_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that uv has created has no pip."""
    monkeypatch.setattr(sys, "path", [path for path in sys.path if "site-packages" not in path])
    for name in [name for name in sys.modules if name.split(".")[0] in ("packaging", "pip")]:
        monkeypatch.delitem(sys.modules, name)
    assert convert(tmp_path, package("a") + METADATA)
    with pytest.raises(UnusableLock, match="requires Python"):
        convert(tmp_path, package("a") + METADATA, python="3.11.7")


def test_says_what_is_missing_or_broken(tmp_path: Path) -> None:
    with pytest.raises(UnusableLock, match=r"pyproject\.toml is missing"):
        requirements(tmp_path, "3.12.1")
    with pytest.raises(UnusableLock, match=r"poetry\.lock is not valid TOML"):
        convert(tmp_path, "[")


def test_the_command_prints_what_the_example_needs() -> None:
    command = [sys.executable, str(Path(__file__).parents[1] / "requirements.py"), str(BACKEND)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "fastapi==0.115.13 --hash=sha256:" in text
    assert "mangum==0.19.0 --hash=sha256:" in text


def test_the_command_says_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    command = [sys.executable, str(Path(__file__).parents[1] / "requirements.py"), str(tmp_path)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert finished.stdout == ""
    assert finished.stderr.startswith("requirements.py: ")
    assert finished.stderr.count("\n") == 1
