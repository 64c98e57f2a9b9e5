"""Logs Insights: MiniStack ignores the parts of a query that it does not support, and finds no JSON fields.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from emulator import wire
from emulator.corrections import insights_language as language
from emulator.corrections.insights_conditions import QueryError
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request


def install(app: ModuleType, settings: Settings) -> None:
    wire.wrap(app, "logs", _find)


async def _find(request: Request, inner: Handler) -> Answer:
    """Let MiniStack check that the log groups exist, and replace its result with that of the query."""
    answer = await inner(request)
    if request.action != "StartQuery" or not wire.succeeded(answer):
        return answer
    from ministack.services import cloudwatch_logs

    query = cloudwatch_logs._queries[wire.members_of(answer)["queryId"]]
    groups = cloudwatch_logs._resolve_query_log_groups(request.json)
    records = cloudwatch_logs._collect_query_records(groups, query["startTime"], query["endTime"])
    stages = cloudwatch_logs._split_insights_pipes(query["queryString"])
    try:
        rows = language.run(stages, records)
    except QueryError as fault:
        return wire.error("MalformedQueryException", str(fault))
    query["results"] = [[_field(name, value) for name, value in row.items()] for row in rows]
    query["statistics"]["recordsMatched"] = float(len(rows))
    return answer


def _field(name: str, value: Any) -> dict[str, str]:
    return {
        "field": name,
        "value": str(int(value) if isinstance(value, float) and value.is_integer() else value),
    }
