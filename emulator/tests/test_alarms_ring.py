"""Every alarm that kairos-prod can have, as synthesized, goes from OK to ALARM and back, and sends
notifications.

The tests do not wait: they put values in the past. Only what depends on the clock takes two seconds.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from emulator.corrections.alarm_state import FURTHER
from emulator.tests.cloud import ACCOUNT, REGION, ROOT, Cloud, allow, policy

EDGE_REGION = "us-east-1"
LIMIT = 20
"""How long a change of state or a message may take, in seconds."""

SAMPLES = 5000
"""The number of values in one period, which is enough for a p99."""

ENOUGH = 200
"""The value of both parts of a metric math expression: a rate of 100 %, and more than the minimum of
requests.
"""

REFERENCE = re.compile(r"\$\{aws_cloudwatch_metric_alarm\.([\w-]+)\.alarm_name\}")

UNHEARD = 3
"""After this number of seconds a message would have arrived: alarms are evaluated once per second."""

Resource = Mapping[str, Any]
Series = list[tuple[float, bool]]
"""The age of each value, in periods, and whether it is bad."""


class Subscriber:
    """A topic of a region, and a queue that gets its notifications."""

    def __init__(self, cloud: Cloud, region: str) -> None:
        self._sqs = cloud.client("sqs", region)
        sns = cloud.client("sns", region)
        arn = f"arn:aws:sqs:{region}:{ACCOUNT}:heard"
        admits = {**allow("sqs:SendMessage", arn), "Principal": {"Service": "sns.amazonaws.com"}}
        self._queue = self._sqs.create_queue(QueueName="heard", Attributes={"Policy": policy(admits)})[
            "QueueUrl"
        ]
        self.topic: str = sns.create_topic(Name="alarms")["TopicArn"]
        sns.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=arn)
        self.heard: Counter[tuple[str, str]] = Counter()

    def listen(self, for_what: tuple[str, str], times: int) -> None:
        """Wait until this number of notifications of an alarm's state has arrived."""
        deadline = time.monotonic() + LIMIT
        while self.heard[for_what] < times:
            assert time.monotonic() < deadline, f"nobody was told {for_what}; heard: {self.heard}"
            self.heard_so_far()

    def heard_so_far(self) -> Counter[tuple[str, str]]:
        """The notifications so far, including those in the queue."""
        while found := self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for message in found:
                told = json.loads(json.loads(message["Body"])["Message"])
                self.heard[told["AlarmName"], told["NewStateValue"]] += 1
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        return self.heard


@pytest.fixture
def subscribers(cloud: Cloud) -> dict[str, Subscriber]:
    return {region: Subscriber(cloud, region) for region in (REGION, EDGE_REGION)}


def test_every_alarm_is_triggered_and_ends(
    cloud: Cloud, stack: Mapping[str, Mapping[str, Resource]], subscribers: dict[str, Subscriber]
) -> None:
    alarms = stack["aws_cloudwatch_metric_alarm"]
    assert {_region(alarm) for alarm in alarms.values()} == {REGION, EDGE_REGION}
    assert {alarm["alarm_name"] for alarm in alarms.values()} == _documented()
    for alarm in alarms.values():
        subscriber, client = _of_region(cloud, subscribers, alarm)
        client.put_metric_alarm(**_request(alarm, subscriber.topic))
        name = alarm["alarm_name"]
        # A part of a composite notifies through the composite.
        tells = bool(alarm.get("alarm_actions"))
        before = subscriber.heard[name, "OK"]
        _put(client, alarm, _quiet(alarm))
        _until(client, name, "OK")
        _put(client, alarm, _bad(alarm))
        _until(client, name, "ALARM")
        if tells:
            subscriber.listen((name, "ALARM"), 1)
        _put(client, alarm, _good(alarm))
        _until(client, name, "OK")
        if tells:
            subscriber.listen((name, "OK"), before + 1)


def test_a_composite_is_triggered_by_each_of_its_alarms(
    cloud: Cloud, stack: Mapping[str, Mapping[str, Resource]], subscribers: dict[str, Subscriber]
) -> None:
    for composite in stack["aws_cloudwatch_composite_alarm"].values():
        subscriber, client = _of_region(cloud, subscribers, composite)
        name, children = composite["alarm_name"], _children(stack, composite)
        _put_composite(client, subscriber, composite, children)
        for times, child in enumerate(children, start=1):
            _put(client, child, _quiet(child))
            _until(client, name, "OK")
            _put(client, child, _bad(child))
            _until(client, name, "ALARM")
            subscriber.listen((name, "ALARM"), times)
            _put(client, child, _good(child))
            _until(client, name, "OK")


@pytest.mark.parametrize("ending", ["failed", "killed"])
def test_a_release_suppresses_a_composite_until_it_fails(
    cloud: Cloud,
    stack: Mapping[str, Mapping[str, Resource]],
    subscribers: dict[str, Subscriber],
    ending: str,
) -> None:
    for composite in stack["aws_cloudwatch_composite_alarm"].values():
        subscriber, client = _of_region(cloud, subscribers, composite)
        name, children = composite["alarm_name"], _children(stack, composite)
        suppression = composite["actions_suppressor"]
        mark = _referred(stack, suppression["alarm"])
        assert _region(mark) == _region(composite)
        client.put_metric_alarm(**_request(mark, subscriber.topic))
        suppressor = {
            "ActionsSuppressor": mark["alarm_name"],
            "ActionsSuppressorWaitPeriod": suppression["wait_period"],
            "ActionsSuppressorExtensionPeriod": suppression["extension_period"],
        }
        _put_composite(client, subscriber, composite, children, **suppressor)
        _until(client, name, "OK")
        # The last value of a killed release is so old that it soon no longer counts.
        last_word = (1 + FURTHER) - (2 + UNHEARD) / mark["period"] if ending == "killed" else 0
        _put(client, mark, [(last_word, True)])
        _until(client, mark["alarm_name"], "ALARM")
        _put(client, children[0], _bad(children[0]))
        _until(client, name, "ALARM")
        if ending == "failed":
            time.sleep(UNHEARD)
        assert subscriber.heard_so_far()[name, "ALARM"] == 0
        if ending == "failed":
            _put(client, mark, [(0, False)])
        subscriber.listen((name, "ALARM"), 1)
        _until(client, mark["alarm_name"], "OK")


def _documented() -> set[str]:
    """The metric alarms of docs/alarms.md, which contains every alarm that the table can turn on."""
    rows = re.findall(
        r"^\| \[([\w-]+)\]\([^)]*\) \| \w+ \| (.*?) \|", (ROOT / "docs/alarms.md").read_text(), re.M
    )
    return {f"kairos-prod-{name}" for name, measure in rows if measure != "other alarms"}


def _children(stack: Mapping[str, Mapping[str, Resource]], composite: Resource) -> list[Resource]:
    children = [
        _referred(stack, found) for found in re.findall(r"ALARM\((\$[^)]+)\)", composite["alarm_rule"])
    ]
    assert children
    return children


def _referred(stack: Mapping[str, Mapping[str, Resource]], reference: str) -> Resource:
    found = REFERENCE.match(reference)
    assert found, reference
    return stack["aws_cloudwatch_metric_alarm"][found.group(1)]


def _put_composite(
    client: Any, subscriber: Subscriber, composite: Resource, children: list[Resource], **more: Any
) -> None:
    for child in children:
        client.put_metric_alarm(**_request(child, subscriber.topic))
    client.put_composite_alarm(
        AlarmName=composite["alarm_name"],
        AlarmRule=" OR ".join(f"ALARM({child['alarm_name']})" for child in children),
        AlarmActions=[subscriber.topic],
        OKActions=[subscriber.topic],
        **more,
    )


def _region(alarm: Resource) -> str:
    return EDGE_REGION if "provider" in alarm else REGION


def _of_region(cloud: Cloud, subscribers: dict[str, Subscriber], alarm: Resource) -> tuple[Subscriber, Any]:
    region = _region(alarm)
    return subscribers[region], cloud.client("cloudwatch", region)


def _until(client: Any, name: str, state: str) -> None:
    deadline = time.monotonic() + LIMIT
    while True:
        found = client.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        (alarm,) = found["MetricAlarms"] + found["CompositeAlarms"]
        if alarm["StateValue"] == state:
            return
        assert time.monotonic() < deadline, f"{name} is {alarm['StateValue']} and not {state}"
        time.sleep(0.1)


def _request(alarm: Resource, topic: str) -> dict[str, Any]:
    """The provider's request for an alarm, with another topic and with dimensions of its own."""
    left_out = {"//", "lifecycle", "provider", "alarm_actions", "ok_actions", "metric_query", "dimensions"}
    special = {"evaluate_low_sample_count_percentiles": "EvaluateLowSampleCountPercentile"}
    request = {
        special.get(key, "".join(part.title() for part in key.split("_"))): value
        for key, value in alarm.items()
        if key not in left_out
    }
    if queries := alarm.get("metric_query"):
        request["Metrics"] = [_query(alarm, query) for query in queries]
    else:
        request["Dimensions"] = _dimensions(alarm, alarm)
    actions = [topic] if alarm.get("alarm_actions") else []
    return {**request, "AlarmActions": actions, "OKActions": actions}


def _query(alarm: Resource, query: Resource) -> dict[str, Any]:
    common = {"Id": query["id"], "ReturnData": query["return_data"]}
    if "expression" in query:
        return {**common, "Expression": query["expression"], "Label": query["label"]}
    metric = query["metric"]
    measured = {
        "Namespace": metric["namespace"],
        "MetricName": metric["metric_name"],
        "Dimensions": _dimensions(alarm, metric),
    }
    return {**common, "MetricStat": {"Metric": measured, "Period": metric["period"], "Stat": metric["stat"]}}


def _dimensions(alarm: Resource, metric: Resource) -> list[dict[str, str]]:
    """AWS's names. Several alarms have the same metric, so the values for one would trigger the other."""
    return [{"Name": name, "Value": f"{alarm['alarm_name']}-{name}"} for name in metric.get("dimensions", {})]


def _metrics(alarm: Resource) -> list[Resource]:
    queries = alarm.get("metric_query")
    return [query["metric"] for query in queries if "metric" in query] if queries else [alarm]


def _quiet(alarm: Resource) -> Series:
    """Values before anything is bad: an alarm for missing requests needs one, which here soon no longer
    counts.
    """
    periods = alarm["evaluation_periods"]
    if alarm.get("treat_missing_data") == "breaching":
        return [(periods + FURTHER - 2 / _metrics(alarm)[0]["period"], False)]
    return [(2.5, False)] if periods == 1 else []


def _bad(alarm: Resource) -> Series:
    """Exactly as many bad periods as needed, the oldest of the evaluated ones."""
    if alarm.get("treat_missing_data") == "breaching":
        return []
    periods = alarm["evaluation_periods"]
    needed = alarm.get("datapoints_to_alarm", periods)
    if periods == 1:
        return [(1.5, True)]
    return [(FURTHER + index + 0.5, index >= periods - needed) for index in range(periods)]


def _good(alarm: Resource) -> Series:
    """A good value in the newest period, so that one of the bad ones is too old."""
    return [(0, False)] if alarm["evaluation_periods"] == 1 else [(0, False), (1.5, False)]


def _put(client: Any, alarm: Resource, series: Series) -> None:
    if not series:
        return
    now = datetime.now(timezone.utc)
    data = [
        {
            "MetricName": metric["metric_name"],
            "Dimensions": _dimensions(alarm, metric),
            "Values": [_value(alarm, bad)],
            "Counts": [SAMPLES if "extended_statistic" in alarm else 1],
            "Timestamp": now - timedelta(seconds=age * metric["period"]),
        }
        for metric in _metrics(alarm)
        for age, bad in series
    ]
    client.put_metric_data(Namespace=_metrics(alarm)[0]["namespace"], MetricData=data)


def _value(alarm: Resource, bad: bool) -> float:
    if "metric_query" in alarm:
        return ENOUGH if bad else 0
    threshold: float = alarm["threshold"]
    if alarm["comparison_operator"] == "GreaterThanThreshold":
        return threshold + 1 if bad else 0
    return threshold - 1 if bad else threshold + 1
