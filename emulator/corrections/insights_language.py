"""The part of the Logs Insights language that the saved queries, the dashboard and the runbook use.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from emulator.corrections.insights_conditions import (
    QueryError,
    Row,
    at,
    condition,
    expect,
    name_in,
    number_in,
    take,
    take_until,
    tokens_of,
)

_Aggregate = Callable[[list[Any]], Any]

_AGGREGATES: Mapping[str, _Aggregate] = {
    "count": len,
    "sum": sum,
    "avg": lambda values: sum(values) / len(values),
    "min": min,
    "max": max,
}
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_PLAIN = ("@timestamp", "@message")
"""The fields that are shown if a query names none."""
LIMIT = 10_000


def run(stages: Iterable[str], records: Iterable[Mapping[str, Any]]) -> list[Row]:
    """The rows that a query returns for lines with `@message`, `@timestamp` and `_timestamp_ms`."""
    rows: list[Row] = [dict(record) for record in records]
    shown: tuple[str, ...] = _PLAIN
    rows.sort(key=lambda row: row["_timestamp_ms"], reverse=True)
    for stage in stages:
        tokens = tokens_of(stage)
        match tokens.pop(0).lower() if tokens else "":
            case "fields" | "display":
                shown = tuple(name_in(token) for token in tokens if token != ",")
            case "filter":
                test = condition(tokens)
                rows = [row for row in rows if test(row)]
            case "stats":
                shown, rows = _stats(tokens, rows)
            case "sort":
                rows = _sorted(tokens, rows)
            case "limit":
                rows = rows[: int(tokens[0])]
            case other:
                raise QueryError(f"{other} is not emulated")
    return [_shown(row, shown) for row in rows[:LIMIT]]


def _shown(row: Row, names: Iterable[str]) -> Row:
    return {name: value for name in names if (value := at(row, name)) is not None}


def _stats(tokens: list[str], rows: list[Row]) -> tuple[tuple[str, ...], list[Row]]:
    columns: dict[str, Callable[[list[Row]], Any]] = {}
    groups: dict[str, Callable[[Row], Any]] = {}
    while tokens and tokens[0].lower() != "by":
        columns.update([_column(tokens)])
        _skip_comma(tokens)
    if tokens:
        expect(tokens, "by")
    while tokens:
        groups.update([_group(tokens)])
        _skip_comma(tokens)
    if not columns:
        raise QueryError("stats counts nothing")
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(group(row) for group in groups.values()), []).append(row)
    made = [
        {
            **dict(zip(groups, key, strict=True)),
            **{name: column(of) for name, column in columns.items()},
            "_json": {},
        }
        for key, of in found.items()
    ]
    return (*groups, *columns), made


def _column(tokens: list[str]) -> tuple[str, Callable[[list[Row]], Any]]:
    function = take(tokens).lower()
    aggregate = _AGGREGATES.get(function)
    if aggregate is None:
        raise QueryError(f"{function} is not emulated")
    expect(tokens, "(")
    of = [token for token in take_until(tokens, ")") if token != "*"]
    field = name_in(of[0]) if of else None
    name = f"{function}({field or '*'})"
    if tokens and tokens[0].lower() == "as":
        tokens.pop(0)
        name = name_in(take(tokens))

    def column(rows: list[Row]) -> Any:
        if field is None:
            return len(rows)
        if field == "@timestamp":
            return aggregate([row["_timestamp_ms"] for row in rows])
        values = [value for row in rows if (value := at(row, field)) is not None]
        if function == "count":
            return len(values)
        numbers = [number for value in values if (number := number_in(value)) is not None]
        return aggregate(numbers) if numbers else None

    return name, column


def _group(tokens: list[str]) -> tuple[str, Callable[[Row], Any]]:
    token = take(tokens)
    if token.lower() != "bin":
        name = name_in(token)
        return name, lambda row: at(row, name)
    expect(tokens, "(")
    (width,) = take_until(tokens, ")")
    if not re.fullmatch(r"\d+[smhd]", width):
        raise QueryError(f"{width} is not a time span")
    span = int(width[:-1]) * _SECONDS[width[-1]]
    return f"bin({width})", lambda row: _moment(row["_timestamp_ms"] // 1000 // span * span)


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M:%S.000")


def _sorted(tokens: list[str], rows: list[Row]) -> list[Row]:
    name = name_in(take(tokens))
    falls = bool(tokens) and take(tokens).lower() == "desc"
    if tokens:
        raise QueryError(f"to sort by {tokens[-1]} as well is not emulated")

    def rank(row: Row) -> tuple[bool, float, str]:
        value = at(row, name)
        number = number_in(value)
        return number is not None, number or 0.0, str(value)

    there = [row for row in rows if at(row, name) is not None]
    return sorted(there, key=rank, reverse=falls) + [row for row in rows if at(row, name) is None]


def _skip_comma(tokens: list[str]) -> None:
    if tokens and tokens[0] == ",":
        tokens.pop(0)
