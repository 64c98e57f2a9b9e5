from __future__ import annotations

import json
import time
from datetime import datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError

from emulator.corrections.metric_filters import PatternError, matcher
from emulator.tests.cloud import Cloud

START = '{ ($.step = "secrets") || ($.step = "import") || ($.step = "lifespan start") }'
SLOW = '{ ($.type = "platform.report") && ($.record.metrics.initDurationMs > 5000) }'


def _report(milliseconds: object) -> str:
    return json.dumps({"type": "platform.report", "record": {"metrics": {"initDurationMs": milliseconds}}})


@pytest.mark.parametrize(
    ("pattern", "line", "matches"),
    [
        (START, '{"step": "import"}', True),
        (START, '{"step": "lifespan start"}', True),
        (START, '{"step": "invocation"}', False),
        (START, "step import", False),
        (SLOW, _report(5001), True),
        (SLOW, _report(5000), False),
        (SLOW, _report("9000"), False),
        (SLOW, '{"type": "platform.report"}', False),
        ('{ $.a = "x*" }', '{"a": "xyz"}', True),
        ('{ $.a != "x" }', '{"a": "y"}', True),
        ('{ $.a != "x" }', "{}", False),
        ("{ $.a = * }", '{"a": 0}', True),
        ("{ $.a = 2 }", '{"a": 2.0}', True),
        ("?NetworkTimeout ?WaitQueueTimeoutError", "pymongo.errors.NetworkTimeout: a", True),
        ("?NetworkTimeout ?WaitQueueTimeoutError", "pymongo.errors.AutoReconnect: a", False),
        ("a b", "b then a", True),
        ("a -b", "b then a", False),
        ("", "anything", True),
    ],
)
def test_a_pattern_matches(pattern: str, line: str, matches: bool) -> None:
    assert matcher(pattern)(line) is matches


@pytest.mark.parametrize(
    "pattern", ["{ $.a = ", "{ a = 1 }", "{ ($.a = 1 }", "{ $.a > x }", "{ $.a IS NULL }", "?a b"]
)
def test_another_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        matcher(pattern)


def _filter(cloud: Cloud, pattern: str) -> None:
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName="group")
    logs.create_log_stream(logGroupName="group", logStreamName="stream")
    logs.put_metric_filter(
        logGroupName="group",
        filterName="starts",
        filterPattern=pattern,
        metricTransformations=[
            {"metricNamespace": "Kairos/test", "metricName": "Starts", "metricValue": "1", "unit": "Count"}
        ],
    )


def test_each_matching_line_is_counted(cloud: Cloud) -> None:
    _filter(cloud, START)
    lines = ['{"step": "import"}', '{"step": "secrets"}', '{"step": "invocation"}']
    events = [{"timestamp": int(time.time() * 1000), "message": line} for line in lines]
    cloud.client("logs").put_log_events(logGroupName="group", logStreamName="stream", logEvents=events)
    now = datetime.now(timezone.utc)
    found = cloud.client("cloudwatch").get_metric_statistics(
        Namespace="Kairos/test",
        MetricName="Starts",
        StartTime=now - timedelta(minutes=5),
        EndTime=now + timedelta(minutes=1),
        Period=3600,
        Statistics=["Sum"],
    )
    assert [point["Sum"] for point in found["Datapoints"]] == [2]


def test_a_wrong_pattern_is_refused_when_it_is_put(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match="Invalid metric filter pattern"):
        _filter(cloud, "{ $.step = ")


def test_lines_are_filtered_by_a_json_field(cloud: Cloud) -> None:
    _filter(cloud, START)
    logs = cloud.client("logs")
    lines = ['{"step": "import"}', '{"step": "secrets"}', "import"]
    events = [{"timestamp": int(time.time() * 1000), "message": line} for line in lines]
    logs.put_log_events(logGroupName="group", logStreamName="stream", logEvents=events)

    def found(pattern: str) -> list[str]:
        answer = logs.filter_log_events(logGroupName="group", filterPattern=pattern)
        return [event["message"] for event in answer["events"]]

    assert found('{ $.step = "import" }') == lines[:1]
    assert found("import") == [lines[0], lines[2]]
    assert found("") == lines
    with pytest.raises(ClientError, match="Invalid filter pattern"):
        found("{ $.step = ")
