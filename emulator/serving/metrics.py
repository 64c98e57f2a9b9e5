"""What AWS counts of requests and invocations, put into the emulated CloudWatch under AWS's names.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from emulator.runner.version import Outcome, Version
from emulator.serving.exchange import Exchange

Datum = tuple[str, float, str]
"""Name, value and unit."""


def invocation(version: Version, arn: str, outcome: Outcome, seconds: float, running: int) -> None:
    """One invocation, by the ARN that was invoked."""
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
    """One request to an HTTP API, by what its log says; `method` is given when the stage counts by route."""
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
    from ministack.core.responses import request_scope
    from ministack.services import cloudwatch

    with request_scope(account, region):
        for labels in dimensions:
            for name, value, unit in data:
                cloudwatch.record_metric(namespace, name, value, unit, dict(labels))
