"""Patterns of log lines: MiniStack's metric filters count nothing, and a JSON pattern matches every line.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import fnmatch
import json
import operator
import re
import time
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from emulator import wire
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

_PATTERNED = {"PutMetricFilter": "metric filter pattern", "FilterLogEvents": "filter pattern"}
"""Actions with a pattern, and its name in AWS's API."""

Matcher = Callable[[str], bool]
_Test = Callable[[Any], bool]

_TOKEN = re.compile(r'\s*(\(|\)|&&|\|\||!=|>=|<=|[=<>]|"(?:[^"\\]|\\.)*"|[^\s()=<>!&|"]+)')
_NUMERIC = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


class PatternError(ValueError):
    """The pattern is not emulated."""


def install(app: ModuleType, settings: Settings) -> None:
    from ministack.services import cloudwatch_logs

    wire.wrap(app, "logs", _count_what_is_put)
    cloudwatch_logs._compile_filter_pattern = matcher


async def _count_what_is_put(request: Request, inner: Handler) -> Answer:
    if request.action in _PATTERNED:
        try:
            matcher(request.json.get("filterPattern", ""))
        except PatternError as fault:
            return wire.error("InvalidParameterException", f"Invalid {_PATTERNED[request.action]}: {fault}")
    answer = await inner(request)
    if request.action == "PutLogEvents" and wire.succeeded(answer):
        messages = [event["message"] for event in request.json.get("logEvents", [])]
        count(request.json["logGroupName"], messages)
    return answer


def count(group: str, messages: Iterable[str]) -> None:
    """Put one value for each line that a filter of the group matches, in the current account and region."""
    from ministack.services import cloudwatch, cloudwatch_logs

    kept = [found for (of, _), found in cloudwatch_logs._metric_filters.items() if of == group]
    if not kept:
        return
    lines = list(messages)
    for metric_filter in kept:
        matches = matcher(metric_filter.get("filterPattern", ""))
        hits = sum(matches(line) for line in lines)
        for to in metric_filter.get("metricTransformations", []) if hits else []:
            value, unit = float(to["metricValue"]), to.get("unit", "None")
            cloudwatch._store_datum(
                to["metricNamespace"],
                to["metricName"],
                {},
                time.time(),
                unit,
                None,
                [value],
                [float(hits)],
                None,
            )


def matcher(pattern: str) -> Matcher:
    """A function that says whether a line matches.

    Raises PatternError for a pattern that is invalid or not emulated.
    """
    text = pattern.strip()
    if text.startswith("{"):
        if not text.endswith("}"):
            raise PatternError(pattern)
        test = _json_pattern(text[1:-1])
        return lambda line: _is_matched(line, test)
    return _terms(text)


def _is_matched(line: str, test: _Test) -> bool:
    try:
        members = json.loads(line)
    except ValueError:
        return False
    return isinstance(members, dict) and test(members)


def _terms(text: str) -> Matcher:
    """Words that must all occur, or `?word`s of which one must occur."""
    found = [word.strip('"') for word in re.findall(r'[?-]?"[^"]*"|\S+', text)]
    optional = [word[1:].strip('"') for word in found if word.startswith("?")]
    barred = [word[1:].strip('"') for word in found if word.startswith("-")]
    needed = [word for word in found if word[:1] not in ("?", "-")]
    if optional and (needed or barred):
        raise PatternError(text)
    if optional:
        return lambda line: any(word in line for word in optional)
    return lambda line: all(word in line for word in needed) and not any(word in line for word in barred)


def _json_pattern(text: str) -> _Test:
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != re.sub(r'("(?:[^"\\]|\\.)*")|\s+', lambda part: part[1] or "", text):
        raise PatternError(text)
    test, rest = _disjunction(tokens)
    if rest:
        raise PatternError(text)
    return test


def _disjunction(tokens: list[str]) -> tuple[_Test, list[str]]:
    test, rest = _conjunction(tokens)
    while rest[:1] == ["||"]:
        left = test
        right, rest = _conjunction(rest[1:])
        test = _either(left, right)
    return test, rest


def _conjunction(tokens: list[str]) -> tuple[_Test, list[str]]:
    test, rest = _condition(tokens)
    while rest[:1] == ["&&"]:
        left = test
        right, rest = _condition(rest[1:])
        test = _both(left, right)
    return test, rest


def _either(left: _Test, right: _Test) -> _Test:
    return lambda members: left(members) or right(members)


def _both(left: _Test, right: _Test) -> _Test:
    return lambda members: left(members) and right(members)


def _condition(tokens: list[str]) -> tuple[_Test, list[str]]:
    if tokens[:1] == ["("]:
        test, rest = _disjunction(tokens[1:])
        if rest[:1] != [")"]:
            raise PatternError("a bracket is not closed")
        return test, rest[1:]
    if len(tokens) < 3 or not tokens[0].startswith("$."):
        raise PatternError(" ".join(tokens))
    selector, comparison, value = tokens[:3]
    return _comparison(selector[2:].split("."), comparison, value), tokens[3:]


def _comparison(path: list[str], comparison: str, value: str) -> _Test:
    if comparison in _NUMERIC:
        compare, limit = _NUMERIC[comparison], _number(value)
        return lambda members: _is_number(found := _at(members, path)) and compare(found, limit)
    if comparison not in ("=", "!="):
        raise PatternError(comparison)
    equal = comparison == "="

    def test(members: Any) -> bool:
        found = _at(members, path)
        return found is not None and _is_equal(found, value) == equal

    return test


def _is_equal(found: Any, value: str) -> bool:
    if _is_number(found) and not value.startswith('"') and value != "*":
        return bool(found == _number(value))
    return fnmatch.fnmatchcase(str(found), value.strip('"').replace("[", "[[]"))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise PatternError(f"{text} is not a number") from None


def _is_number(found: Any) -> bool:
    return isinstance(found, int | float) and not isinstance(found, bool)


def _at(members: Any, path: list[str]) -> Any:
    for name in path:
        members = members.get(name) if isinstance(members, dict) else None
    return members
