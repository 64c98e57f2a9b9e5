"""Which alarms real requests trigger, which a single request does not trigger, and the events of EventBridge.

An alarm of several periods is created with one period here. test_alarms_ring.py tests all periods, with
values in the past.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from emulator.tests.cloud import ACCOUNT, REGION, Cloud, allow, policy
from emulator.tests.staging import (
    GROUP,
    LOGS,
    NAME,
    VARIABLES,
    ask,
    invoke,
    make_api,
    make_function,
    make_role,
    stage,
    stage_example,
    wait_until,
)
from emulator.tests.test_alarms_ring import EDGE_REGION, Resource, _region, _request

Stack = Mapping[str, Mapping[str, Resource]]
LOGGING = {"LogFormat": "JSON", "LogGroup": GROUP, "ApplicationLogLevel": "WARN", "SystemLogLevel": "INFO"}
"""As in production."""

NO_DATABASE = (
    "import logging\n"
    "class ServerSelectionTimeoutError(Exception):\n    pass\n"
    "def handler(event, context):\n"
    "    try:\n        raise ServerSelectionTimeoutError('no primary found')\n"
    "    except ServerSelectionTimeoutError:\n"
    "        logging.getLogger('app').exception('the users were not read')\n"
    "        raise\n"
)
"""A backend whose database does not respond."""

BROKEN = "def handler(event, context):\n    raise ValueError\n"

OF_FUNCTION = {"FunctionName": NAME, "Resource": f"{NAME}:live"}

OF_NO_REQUEST = ("function-silence", "edge-unreachable", "certificate-expiry", "release-at-work")
"""Alarms that no request triggers, by the ends of their names."""


def test_failing_requests_trigger_alarms(cloud: Cloud, home: Path, stack: Stack) -> None:
    make_role(cloud, LOGS)
    make_function(cloud, stage(cloud, home, NO_DATABASE), LoggingConfig=LOGGING)
    names = _put_alarms(cloud, stack, "function-errors", "database-timeouts")
    assert invoke(cloud).error == "Unhandled"
    assert _ringing(cloud) == set()
    for _ in range(5):
        invoke(cloud)
    wait_until(lambda: _ringing(cloud) == names, "six requests ring")


def test_requests_to_a_backend_that_cannot_start_trigger_alarms(
    cloud: Cloud, home: Path, stack: Stack
) -> None:
    """The start-up module reports missing secrets with a level that Lambda does not filter out."""
    make_role(cloud)
    image = stage_example(cloud, home)
    make_function(cloud, image, Environment={"Variables": VARIABLES}, LoggingConfig=LOGGING)
    names = _put_alarms(cloud, stack, "failed-starts")
    assert _ringing(cloud) == set()
    for _ in range(2):
        invoke(cloud)
    wait_until(lambda: _ringing(cloud) == names, "two starts without secrets ring")


def test_responses_with_server_errors_trigger_alarms(cloud: Cloud, home: Path, stack: Stack) -> None:
    make_role(cloud, LOGS)
    make_function(cloud, stage(cloud, home, BROKEN))
    api = make_api(cloud)
    of_api = {"ApiId": api.identity, "Stage": "$default"}
    names = {
        _put_short(cloud, stack, "function-error-rate", OF_FUNCTION),
        _put_short(cloud, stack, "api-5xx-rate", of_api),
    }
    for _ in range(19):
        ask(api.url)
    assert _ringing(cloud) == set()
    ask(api.url)
    wait_until(lambda: _ringing(cloud) == names, "twenty faults ring")


def test_refused_requests_trigger_alarms(cloud: Cloud, home: Path, stack: Stack) -> None:
    make_role(cloud, LOGS)
    make_function(cloud, stage(cloud, home, BROKEN))
    api = make_api(cloud)
    surge = _put_short(cloud, stack, "api-4xx-surge", {"ApiId": api.identity, "Stage": "$default"})
    for _ in range(100):
        ask(api.url, method="TRACE")
    wait_until(lambda: _ringing(cloud) == {surge}, "a hundred refused requests ring")


def test_throttled_requests_trigger_alarms(cloud: Cloud, home: Path, stack: Stack) -> None:
    make_role(cloud, LOGS)
    make_function(cloud, stage(cloud, home, BROKEN))
    throttles = _put_short(cloud, stack, "function-throttles", OF_FUNCTION)
    cloud.client("lambda").put_function_concurrency(FunctionName=NAME, ReservedConcurrentExecutions=0)
    api = make_api(cloud)
    for _ in range(11):
        ask(api.url)
    wait_until(lambda: _ringing(cloud) == {throttles}, "eleven throttled requests ring")


def test_one_bad_request_in_a_night_triggers_no_alarm(cloud: Cloud, stack: Stack) -> None:
    """The slowest possible request, which fails. A few seconds of it are too few for any alarm."""
    asked = 0
    for alarm in stack["aws_cloudwatch_metric_alarm"].values():
        if alarm["alarm_name"].endswith(OF_NO_REQUEST):
            continue
        client = cloud.client("cloudwatch", _region(alarm))
        request = _unheard(alarm)
        client.put_metric_alarm(**request)
        parts = [part["MetricStat"] for part in request.get("Metrics", []) if "MetricStat" in part]
        for metric, statistic in [(part["Metric"], part["Stat"]) for part in parts] or [
            (request, request.get("Statistic", "p"))
        ]:
            # A failure rate of 100 %, a duration of an hour, or a single event.
            value = {"Average": 100, "p": 3_600_000}.get(statistic, 1)
            datum = {key: metric[key] for key in ("MetricName", "Dimensions") if key in metric}
            client.put_metric_data(Namespace=metric["Namespace"], MetricData=[{**datum, "Value": value}])
        asked += 1
        (found,) = client.describe_alarms(AlarmNames=[alarm["alarm_name"]])["MetricAlarms"]
        assert found["StateValue"] != "ALARM", alarm["alarm_name"]
    assert asked > 10
    assert _ringing(cloud) | _ringing(cloud, EDGE_REGION) == set()


def test_a_critical_finding_in_an_image_sends_a_notification(cloud: Cloud, stack: Stack) -> None:
    """https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html"""
    (rule,) = stack["aws_cloudwatch_event_rule"].values()
    pattern = _pattern(rule["event_pattern"])
    counts = {"CRITICAL": 1, "MEDIUM": 9}
    found = {"repository-name": "kairos", "scan-status": "COMPLETE", "finding-severity-counts": counts}
    events = cloud.client("events")

    def matches(**other: Any) -> bool:
        event = {
            "id": "13cde686-328b-6117-af20-0e5566167482",
            "detail-type": "ECR Image Scan",
            "source": "aws.ecr",
            "account": ACCOUNT,
            "time": "2026-11-29T14:54:44Z",
            "region": REGION,
            "resources": [f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/kairos"],
            "detail": {**found, **other},
        }
        answer = events.test_event_pattern(EventPattern=json.dumps(pattern), Event=json.dumps(event))
        return bool(answer["Result"])

    assert matches()
    assert not matches(**{"finding-severity-counts": {"MEDIUM": 9}})
    assert not matches(**{"repository-name": "another"})

    # Only AWS can put events of aws.ecr, so the same pattern is tested with a custom source.
    queue, arn = _queue_behind_a_topic(cloud)
    events.put_rule(Name=rule["name"], EventPattern=json.dumps({**pattern, "source": ["test.ecr"]}))
    events.put_targets(Rule=rule["name"], Targets=[{"Id": "topic", "Arn": arn}])
    entry = {"Source": "test.ecr", "DetailType": "ECR Image Scan", "Detail": json.dumps(found)}
    events.put_events(Entries=[entry])
    heard = cloud.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
    assert "finding-severity-counts" in json.loads(heard[0]["Body"])["Message"]


def _put_alarms(cloud: Cloud, stack: Stack, *ends: str) -> set[str]:
    """Create alarms as synthesized, and the metric filters. Returns their names."""
    for kept in stack["aws_cloudwatch_log_metric_filter"].values():
        to = kept["metric_transformation"]
        cloud.client("logs").put_metric_filter(
            logGroupName=GROUP,
            filterName=kept["name"],
            filterPattern=kept["pattern"],
            metricTransformations=[
                {
                    "metricNamespace": to["namespace"],
                    "metricName": to["name"],
                    "metricValue": to["value"],
                    "unit": to["unit"],
                }
            ],
        )
    names = {f"{NAME}-{end}" for end in ends}
    alarms = [a for a in stack["aws_cloudwatch_metric_alarm"].values() if a["alarm_name"] in names]
    assert len(alarms) == len(names)
    for alarm in alarms:
        asked = _unheard(alarm)
        if alarm.get("dimensions"):
            assert set(alarm["dimensions"]) == set(OF_FUNCTION)
            asked["Dimensions"] = [{"Name": name, "Value": value} for name, value in OF_FUNCTION.items()]
        cloud.client("cloudwatch").put_metric_alarm(**asked)
    return names


def _put_short(cloud: Cloud, stack: Stack, end: str, dimensions: Mapping[str, str]) -> str:
    """Create an alarm with only one period, for these dimensions. Returns its name."""
    alarms = stack["aws_cloudwatch_metric_alarm"].values()
    (alarm,) = (each for each in alarms if each["alarm_name"] == f"{NAME}-{end}")
    asked = {**_unheard(alarm), "EvaluationPeriods": 1, "DatapointsToAlarm": 1}
    parts = [part["MetricStat"]["Metric"] for part in asked.get("Metrics", []) if "MetricStat" in part]
    for measured, synthesized in zip(parts or [asked], _measured(alarm), strict=True):
        assert set(synthesized.get("dimensions") or {}) == set(dimensions)
        measured["Dimensions"] = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    cloud.client("cloudwatch").put_metric_alarm(**asked)
    return f"{NAME}-{end}"


def _measured(alarm: Resource) -> list[Resource]:
    """The metrics of an alarm as synthesized."""
    return [query["metric"] for query in alarm.get("metric_query", []) if "metric" in query] or [alarm]


def _unheard(alarm: Resource) -> dict[str, Any]:
    return {**_request(alarm, ""), "AlarmActions": [], "OKActions": []}


def _ringing(cloud: Cloud, region: str = REGION) -> set[str]:
    found = cloud.client("cloudwatch", region).describe_alarms(StateValue="ALARM")["MetricAlarms"]
    return {alarm["AlarmName"] for alarm in found}


def _pattern(encoded: str) -> dict[str, Any]:
    """The output of `jsonencode` for an object whose keys are all quoted."""
    written = re.fullmatch(r"\$\{jsonencode\((.*)\)\}", encoded)
    assert written, encoded
    pattern: dict[str, Any] = json.loads(written[1].replace('" = ', '": '))
    return pattern


def _queue_behind_a_topic(cloud: Cloud) -> tuple[str, str]:
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:heard"
    admits = {**allow("sqs:SendMessage", arn), "Principal": {"Service": "sns.amazonaws.com"}}
    queue = cloud.client("sqs").create_queue(QueueName="heard", Attributes={"Policy": policy(admits)})
    topic: str = cloud.client("sns").create_topic(Name="alarms")["TopicArn"]
    cloud.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return queue["QueueUrl"], topic
