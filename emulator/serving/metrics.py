"""AWS's metrics of requests and invocations, put into the emulated CloudWatch under AWS's names.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from types import ModuleType

from emulator import seams, wire
from emulator.runner.version import Outcome, Version
from emulator.serving.exchange import Exchange
from emulator.wire import Answer, Handler, Request

Datum = tuple[str, float, str]
"""Name, value and unit."""

_FLUSH_EVERY = 1
"""Seconds."""

_Series = tuple[str, str, str, tuple[tuple[str, str], ...]]
"""Namespace, name, unit and dimensions."""
_pending: dict[tuple[str, str], dict[_Series, Counter[float]]] = {}
"""Values that are not stored yet, by account and region. There can be hundreds per second."""
_lock = threading.Lock()


def invocation(version: Version, arn: str, outcome: Outcome, seconds: float, running: int) -> None:
    """One invocation, by the invoked ARN."""
    data: list[Datum] = [
        ("ConcurrentExecutions", running, "Count"),
        ("Throttles", int(outcome.throttled), "Count"),
    ]
    if not outcome.throttled:
        data += [
            ("Invocations", 1, "Count"),
            ("Errors", int(outcome.failed), "Count"),
            ("Duration", seconds * 1000, "Milliseconds"),
        ]
    qualifier = arn.split(":")[7] if arn.count(":") > 6 else ""
    resource = f"{version.function}:{qualifier}" if qualifier else version.function
    of_resource = {"FunctionName": version.function, "Resource": resource}
    dimensions: list[dict[str, str]] = [{}, {"FunctionName": version.function}, of_resource]
    if qualifier and not qualifier.isdigit() and qualifier != "$LATEST":
        dimensions.append({**of_resource, "ExecutedVersion": version.number})
    put(version.account, version.region, "AWS/Lambda", data, dimensions)


def api_request(
    account: str, region: str, values: Mapping[str, str], exchange: Exchange, method: str | None
) -> None:
    """One request to an HTTP API, from the data of its log; `method` is given if the stage counts by
    route.
    """
    status = int(values["status"])
    data: list[Datum] = [
        ("Count", 1, "Count"),
        ("4xx", int(400 <= status < 500), "Count"),
        ("5xx", int(status >= 500), "Count"),
        ("Latency", float(values["responseLatency"]), "Milliseconds"),
        ("DataProcessed", float(values["dataProcessed"]), "Bytes"),
    ]
    if exchange.integration_seconds is not None:
        data.append(("IntegrationLatency", round(exchange.integration_seconds * 1000), "Milliseconds"))
    of_api = {"ApiId": values["apiId"]}
    of_stage = {**of_api, "Stage": values["stage"]}
    dimensions: list[dict[str, str]] = [of_api, of_stage]
    if method is not None and exchange.route_key is not None:
        resource = exchange.route_key.partition(" ")[2] or exchange.route_key
        dimensions.append({**of_stage, "Method": method, "Resource": resource})
    put(account, region, "AWS/ApiGateway", data, dimensions)


def put(
    account: str, region: str, namespace: str, data: Iterable[Datum], dimensions: Iterable[Mapping[str, str]]
) -> None:
    """Put each datum under each set of dimensions."""
    listed = list(data)
    with _lock:
        pending = _pending.setdefault((account, region), {})
        for labels in dimensions:
            of_labels = tuple(labels.items())
            for name, value, unit in listed:
                key = (namespace, name, unit, of_labels)
                pending.setdefault(key, Counter())[value] += 1


def flush() -> None:
    """Store what has been put, each value once with its count, and evaluate the alarms."""
    from ministack.core.responses import request_scope
    from ministack.services import cloudwatch

    with _lock:
        taken = dict(_pending)
        _pending.clear()
    now = time.time()
    for (account, region), series in taken.items():
        with request_scope(account, region):
            for (namespace, name, unit, labels), counts in series.items():
                values, times = list(counts), [float(count) for count in counts.values()]
                cloudwatch._store_datum(namespace, name, dict(labels), now, unit, None, values, times, None)
            cloudwatch._evaluate_all_alarms()


async def _flush_now_and_then() -> None:
    while True:
        await asyncio.sleep(_FLUSH_EVERY)
        flush()


def install(app: ModuleType) -> None:
    from ministack.services import cloudwatch

    reset = cloudwatch.reset
    tasks: list[asyncio.Task[None]] = []

    async def flush_before(request: Request, inner: Handler) -> Answer:
        """A caller sees everything that has happened so far."""
        flush()
        return await inner(request)

    def reset_cloudwatch() -> None:
        reset()
        with _lock:
            _pending.clear()

    async def start() -> None:
        tasks.append(asyncio.ensure_future(_flush_now_and_then()))

    async def stop() -> None:
        for task in tasks:
            task.cancel()

    wire.wrap(app, "monitoring", flush_before)
    cloudwatch.reset = reset_cloudwatch
    seams.on_start(start)
    seams.on_stop(stop)
