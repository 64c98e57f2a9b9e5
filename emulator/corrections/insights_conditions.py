"""The fields of a log line, and whether a Logs Insights condition matches it.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

Row = dict[str, Any]
"""A line as a query sees it, or a row that a stage has made of several lines."""

Test = Callable[[Row], bool]
_TOKEN = re.compile(
    r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|/(?:[^/\\]|\\.)*/|`[^`]*`|!=|>=|<=|[=<>()\[\],*]|[@\w.:-]+)"""
)
_ORDER: Mapping[str, Callable[[float, float], bool]] = {
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
}


class QueryError(ValueError):
    """The query is invalid, or of a kind that is not emulated."""


def at(row: Row, name: str) -> Any:
    """A field of the line itself, or of its JSON."""
    if name in row or name.startswith("@"):
        return row.get(name)
    if "_json" not in row:
        row["_json"] = _json_in(row.get("@message", ""))
    members = row["_json"]
    if name in members:
        return members[name]
    for part in name.split("."):
        members = members.get(part) if isinstance(members, dict) else None
    return members


def _json_in(message: str) -> dict[str, Any]:
    try:
        members = json.loads(message)
    except ValueError:
        return {}
    return members if isinstance(members, dict) else {}


def tokens_of(stage: str) -> list[str]:
    tokens = _TOKEN.findall(stage)
    if re.sub(r"\s", "", "".join(tokens)) != re.sub(r"\s", "", stage):
        raise QueryError(f"unexpected characters in {stage}")
    return tokens


def name_in(token: str) -> str:
    if not re.fullmatch(r"`[^`]+`|@?[A-Za-z_][\w.]*", token):
        raise QueryError(f"{token} is not a field")
    return token.strip("`")


def _value(token: str) -> str | float:
    if token[:1] in ("'", '"'):
        return token[1:-1]
    number = number_in(token)
    if number is None:
        raise QueryError(f"{token} is not a value")
    return number


def number_in(value: Any) -> float | None:
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None


def condition(tokens: list[str]) -> Test:
    test = _either(tokens)
    if tokens:
        raise QueryError(f"unexpected {tokens[0]}")
    return test


def _either(tokens: list[str]) -> Test:
    tests = [_both(tokens)]
    while tokens and tokens[0].lower() == "or":
        tokens.pop(0)
        tests.append(_both(tokens))
    return lambda row: any(test(row) for test in tests)


def _both(tokens: list[str]) -> Test:
    tests = [_condition(tokens)]
    while tokens and tokens[0].lower() == "and":
        tokens.pop(0)
        tests.append(_condition(tokens))
    return lambda row: all(test(row) for test in tests)


def _condition(tokens: list[str]) -> Test:
    first = take(tokens)
    if first.lower() == "not":
        test = _condition(tokens)
        return lambda row: not test(row)
    if first == "(":
        test = _either(tokens)
        expect(tokens, ")")
        return test
    if first.lower() == "ispresent":
        expect(tokens, "(")
        name = name_in(take(tokens))
        expect(tokens, ")")
        return lambda row: at(row, name) is not None
    return _comparison(name_in(first), take(tokens).lower(), tokens)


def _comparison(name: str, how: str, tokens: list[str]) -> Test:
    if how == "in":
        expect(tokens, "[")
        wanted = [_value(token) for token in take_until(tokens, "]") if token != ","]
        return lambda row: any(_is(at(row, name), one) for one in wanted)
    token = take(tokens)
    if how == "like":
        pattern = token[1:-1] if token.startswith("/") else re.escape(str(_value(token)))
        return lambda row: re.search(pattern, str(at(row, name) or "")) is not None
    value = _value(token)
    if how in ("=", "!="):
        return lambda row: _is(at(row, name), value) == (how == "=")
    compare, limit = _ORDER.get(how), number_in(value)
    if compare is None or limit is None:
        raise QueryError(f"{how} {token} is not emulated")
    return lambda row: (number := number_in(at(row, name))) is not None and compare(number, limit)


def _is(found: Any, value: str | float) -> bool:
    if isinstance(value, float):
        return number_in(found) == value
    return found is not None and str(found) == value


def take(tokens: list[str]) -> str:
    if not tokens:
        raise QueryError("unexpected end of query")
    return tokens.pop(0)


def expect(tokens: list[str], wanted: str) -> None:
    if (found := take(tokens)).lower() != wanted:
        raise QueryError(f"unexpected {found}, where {wanted} was to come")


def take_until(tokens: list[str], end: str) -> list[str]:
    taken = []
    while (token := take(tokens)) != end:
        taken.append(token)
    return taken
