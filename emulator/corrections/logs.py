"""CloudWatch Logs: query definitions, and the resources that IAM evaluates."""

from __future__ import annotations

import time
import uuid
from types import ModuleType
from typing import Any

from emulator import wire
from emulator.corrections import iam
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

_definitions = wire.store()
delivery_made = wire.store()
"""Name of a source or ARN of a destination -> when its last delivery was created, in monotonic seconds."""


def install(app: ModuleType, settings: Settings) -> None:
    iam.decide_on("logs", log_stream_arn)
    wire.wrap(app, "logs", keep_query_definitions)
    wire.wrap(app, "logs", update_deliveries)
    wire.wrap(app, "logs", return_filtered_events_in_pages)


def log_stream_arn(request: Request, region: str, account: str) -> str | None:
    """Actions on a log group are evaluated for its streams, which is why policies name `<log group>:*`.
    MiniStack evaluates the group's ARN without `:*`, and `*` if no group is named.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
    """
    members = request.json
    # A query names its groups in a list.
    named = [members["logGroupName"]] if "logGroupName" in members else members.get("logGroupNames", [])
    if named or request.action == "DescribeLogGroups":
        group, stream = named[0] if named else "", members.get("logStreamName", "")
        return f"arn:aws:logs:{region}:{account}:log-group:{group}:log-stream:{stream}"
    return None


async def keep_query_definitions(request: Request, inner: Handler) -> Answer:
    """Put, describe and delete saved queries, for which MiniStack returns `Unknown action`.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
    """
    match request.action:
        case "PutQueryDefinition":
            return _put(request.json)
        case "DescribeQueryDefinitions":
            return _describe(request.json)
        case "DeleteQueryDefinition":
            return _delete(request.json)
    return await inner(request)


async def update_deliveries(request: Request, inner: Handler) -> Answer:
    """Update the fields of a delivery, for which MiniStack returns `Unknown action`, and record when it is
    created.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_UpdateDeliveryConfiguration.html
    """
    members = request.json
    if request.action == "UpdateDeliveryConfiguration":
        from ministack.services import cloudwatch_logs

        for member in ("recordFields", "fieldDelimiter", "s3DeliveryConfiguration"):
            if members.get(member) is not None:
                cloudwatch_logs._deliveries[members["id"]][member] = members[member]
        return wire.json_answer({})
    answer = await inner(request)
    if request.action == "CreateDelivery" and wire.succeeded(answer):
        for member in ("deliverySourceName", "deliveryDestinationArn"):
            delivery_made[members[member]] = time.monotonic()
    return answer


async def return_filtered_events_in_pages(request: Request, inner: Handler) -> Answer:
    """After the first page of events there are others. MiniStack returns the first only, without a token.

    The token is the time of the last event, and how many events of that time were returned.
    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
    """
    members = request.json
    if request.action != "FilterLogEvents":
        return await inner(request)
    limit = min(members.get("limit", _PAGE), _PAGE)
    since, returned = _position(members.get("nextToken")) or (members.get("startTime"), 0)
    asked = {**members, "limit": min(limit + returned, _PAGE)}
    if since is not None:
        asked["startTime"] = since
    answer = await inner(request.ask("FilterLogEvents", asked))
    if not wire.succeeded(answer):
        return answer
    found = wire.members_of(answer)
    page = found["events"][returned:]
    if len(found["events"]) < asked["limit"] or not page:
        return wire.with_members(answer, {**found, "events": page})
    last = page[-1]["timestamp"]
    earlier = returned if last == since else 0
    count = earlier + sum(event["timestamp"] == last for event in page)
    return wire.with_members(answer, {**found, "events": page, "nextToken": f"{last}/{count}"})


_PAGE = 10_000
"""The most events that AWS returns at once."""


def _position(token: str | None) -> tuple[int, int] | None:
    if not token:
        return None
    since, _, returned = token.partition("/")
    return int(since), int(returned)


def _put(members: dict[str, Any]) -> Answer:
    identity = members.get("queryDefinitionId")
    if identity is not None and identity not in _definitions:
        return _no_such_definition()
    identity = identity or str(uuid.uuid4())
    _definitions[identity] = {
        "queryLanguage": members.get("queryLanguage", "CWLI"),
        "queryDefinitionId": identity,
        "name": members["name"],
        "queryString": members["queryString"],
        "lastModified": int(time.time() * 1000),
        "logGroupNames": members.get("logGroupNames", []),
    }
    return wire.json_answer({"queryDefinitionId": identity})


def _describe(members: dict[str, Any]) -> Answer:
    prefix = members.get("queryDefinitionNamePrefix", "")
    found = sorted(
        (kept for kept in _definitions.values() if kept["name"].startswith(prefix)),
        key=lambda kept: (kept["name"], kept["queryDefinitionId"]),
    )
    first = int(members.get("nextToken", "0"))
    after = first + members.get("maxResults", 1000)
    answer: dict[str, Any] = {"queryDefinitions": found[first:after]}
    if after < len(found):
        answer["nextToken"] = str(after)
    return wire.json_answer(answer)


def _delete(members: dict[str, Any]) -> Answer:
    if _definitions.pop(members["queryDefinitionId"], None) is None:
        return _no_such_definition()
    return wire.json_answer({"success": True})


def _no_such_definition() -> Answer:
    return wire.error("ResourceNotFoundException", "The specified query definition does not exist.")
