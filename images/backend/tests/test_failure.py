"""The report of an error: its type, its place and the names in it, but not its message."""

import importlib
from collections.abc import Callable

import pytest

from start_up.failure import FRAMES, LINES, StartUpError, kind_of, named_in, trace


def caught(call: Callable[[], object]) -> BaseException:
    """The exception of the call, with its traceback."""
    try:
        call()
    except BaseException as error:
        return error
    raise AssertionError("it raises nothing")


def first() -> None:
    raise KeyError("a value")


def test_a_built_in_type_has_only_its_name() -> None:
    assert kind_of(KeyError("x")) == "KeyError"


def test_another_type_has_its_module_too() -> None:
    assert kind_of(StartUpError("x")) == "start_up.failure.StartUpError"


def test_a_nested_type_has_both_names() -> None:
    class Inner(Exception):
        pass

    assert kind_of(Inner("x")).endswith(".test_a_nested_type_has_both_names.<locals>.Inner")


def test_a_trace_has_each_place_from_the_outermost_to_the_innermost() -> None:
    lines = trace(caught(first))
    assert lines[0] == "KeyError"
    assert [line.rpartition(" ")[2] for line in lines[1:]] == ["caught", "first"]
    assert all(line.startswith(f"  {__file__}:") for line in lines[1:])


def test_a_trace_has_no_frame_of_the_import_system() -> None:
    error = caught(lambda: importlib.import_module("start_up.none_of_this_name"))
    assert not [line for line in trace(error) if "<frozen" in line]
    assert trace(error)[-1].endswith(" import_module")


def test_names_nothing_for_an_error_whose_str_fails() -> None:
    class Silent(Exception):
        def __str__(self) -> str:
            raise KeyError("a value")

    assert named_in(Silent(), ["CORS_ORIGINS"], {}) == []


def test_the_trace_of_many_errors_fits_into_a_line_of_the_log() -> None:
    """Lambda cuts a line off after 256 KB. The rest is not JSON, so an alarm could not read it."""

    def many() -> None:
        raise ExceptionGroup("all", [caught(first) for _ in range(1000)])

    lines = trace(caught(many))
    assert len(lines) == LINES + 1
    assert lines[:2] == ["ExceptionGroup", lines[1]]
    assert lines[-1] == f"and {1 + 2 + 1000 * 3 - LINES} lines more"


def test_one_line_too_many_is_counted() -> None:
    members = [caught(first)] * ((LINES - 1) // 3)
    lines = trace(ExceptionGroup("all", [*members, ValueError()]))
    assert lines[-1] == "and 1 lines more"


def test_a_trace_that_just_fits_is_complete() -> None:
    error: BaseException = caught(first)
    group = ExceptionGroup("all", [error] * ((LINES - 1) // 3))
    lines = trace(group)
    assert len(lines) == 1 + (LINES - 1) // 3 * 3 <= LINES
    assert not lines[-1].endswith("more")


def test_a_long_trace_keeps_the_innermost_frames() -> None:
    def fall(depth: int) -> None:
        if depth == 0:
            first()
        fall(depth - 1)

    lines = trace(caught(lambda: fall(FRAMES * 2)))
    assert len(lines) == 1 + FRAMES
    assert lines[-1].endswith(" first")


def test_a_cause_is_reported_after_its_error() -> None:
    def call() -> None:
        try:
            first()
        except KeyError as error:
            raise ValueError("another") from error

    kinds = [line for line in trace(caught(call)) if not line.startswith(" ")]
    assert kinds == ["ValueError", "after KeyError"]


def test_a_context_is_reported_too() -> None:
    def call() -> None:
        try:
            first()
        except KeyError:
            raise ValueError("another")  # noqa: B904 - the context is what is tested

    assert "after KeyError" in trace(caught(call))


def test_a_suppressed_context_is_not_reported() -> None:
    def call() -> None:
        try:
            first()
        except KeyError:
            raise ValueError("another") from None

    kinds = [line for line in trace(caught(call)) if not line.startswith(" ")]
    assert kinds == ["ValueError"]


def test_a_cause_is_reported_instead_of_the_context() -> None:
    def call() -> None:
        try:
            first()
        except KeyError:
            raise ValueError("another") from OSError("the cause")

    assert trace(caught(call))[-1] == "after OSError"


def test_a_circular_chain_ends() -> None:
    one, other = OSError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    assert trace(one) == ["OSError", "after ValueError"]


def test_the_members_of_a_group_are_reported_below_it() -> None:
    def call() -> None:
        raise ExceptionGroup("several", [caught(first), OSError("x")])

    lines = trace(caught(call))
    assert lines[0] == "ExceptionGroup"
    assert "  KeyError" in lines
    assert any(line.startswith("    ") and line.endswith(" first") for line in lines)
    assert lines[-1] == "  OSError"


def test_a_missing_module_is_named_first() -> None:
    error = ModuleNotFoundError("No module named 'stripe', needed for MAIL_HOST", name="stripe")
    assert named_in(error, ["MAIL_HOST"], {}) == ["stripe", "MAIL_HOST"]


def test_the_name_of_another_error_is_not_a_module() -> None:
    assert named_in(NameError("name 'x' is not defined", name="x"), [], {}) == []


def test_variables_are_named_by_whole_words_in_order() -> None:
    error = ValueError("MONGO_HOST and MAIL.HOSTS, not MY_SECRET_KEYS: see MAIL_PORT")
    variables = ["MONGO_HOST", "MAIL_PORT", "SECRET_KEY", "MAIL.HOST"]
    assert named_in(error, variables, {}) == ["MAIL_PORT", "MONGO_HOST"]


def test_a_name_of_up_to_three_letters_is_not_reported() -> None:
    assert named_in(ValueError("_ in ENV and USER"), ["_", "ENV", "USER"], {}) == ["USER"]


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        ("xxMAIL_Hxx", []),
        ("L_HOST", []),
        ("MAIL_xHOST", ["MAIL_HOST"]),
        ("", ["MAIL_HOST"]),
    ],
)
def test_a_name_that_shares_six_characters_with_a_secret_is_left_out(secret: str, told: list[str]) -> None:
    secrets = {"ONE": "nothing of it", "OTHER": secret}
    assert named_in(ValueError("MAIL_HOST is wrong"), ["MAIL_HOST"], secrets) == told


def test_a_name_shorter_than_six_characters_is_compared_whole() -> None:
    error = ValueError("PORT is wrong")
    assert named_in(error, ["PORT"], {"ONE": "xPORTx"}) == []
    assert named_in(error, ["PORT"], {"ONE": "xORTx"}) == ["PORT"]
