from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import ACCOUNT, REGION, Cloud, allow, policy

LIMIT = 20
"""How long a change may take, in seconds."""

UNHEARD = 3
"""After this number of seconds a message would have arrived: alarms are evaluated once per second."""

NAMESPACE = "Kairos/kairos-prod"


class Story:
    """A composite of `errors`, which `release` suppresses, and a queue that gets its notifications."""

    def __init__(self, cloud: Cloud, *, wait: int, extension: int) -> None:
        self._client, sns = cloud.client("cloudwatch"), cloud.client("sns")
        self._sqs = cloud.client("sqs")
        topic = sns.create_topic(Name="alarms")["TopicArn"]
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:alarms"
        admits = {**allow("sqs:SendMessage", arn), "Principal": {"Service": "sns.amazonaws.com"}}
        self._queue = self._sqs.create_queue(QueueName="alarms", Attributes={"Policy": policy(admits)})[
            "QueueUrl"
        ]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        for name in ("errors", "release"):
            self._client.put_metric_alarm(
                AlarmName=name,
                Namespace=NAMESPACE,
                MetricName=name,
                Statistic="Minimum",
                Period=60,
                EvaluationPeriods=1,
                Threshold=0,
                ComparisonOperator="GreaterThanThreshold",
                TreatMissingData="notBreaching",
            )
        self._client.put_composite_alarm(
            AlarmName="broken",
            AlarmRule="ALARM(errors)",
            AlarmActions=[topic],
            OKActions=[topic],
            ActionsSuppressor="release",
            ActionsSuppressorWaitPeriod=wait,
            ActionsSuppressorExtensionPeriod=extension,
        )
        self._heard: list[str] = []
        self.until(lambda: self._described()["StateValue"] == "OK")
        # The notification of its first state does not matter here.
        self.listen(1)
        self._heard.clear()

    def put(self, name: str, value: float) -> None:
        self._client.put_metric_data(Namespace=NAMESPACE, MetricData=[{"MetricName": name, "Value": value}])

    def listen(self, seconds: float) -> list[str]:
        """All notifications, after this number of seconds."""
        deadline = time.monotonic() + seconds
        while (rest := deadline - time.monotonic()) > 0:
            found = self._sqs.receive_message(QueueUrl=self._queue, WaitTimeSeconds=max(1, int(rest)))
            for message in found.get("Messages", []):
                told = json.loads(json.loads(message["Body"])["Message"])
                self._heard.append(told["NewStateValue"])
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        return self._heard

    def hear(self, said: list[str]) -> None:
        self.until(lambda: self.listen(0.2) == said)

    def suppressed_by(self) -> str | None:
        return self._described().get("ActionsSuppressedBy")

    def until(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + LIMIT
        while not is_so():
            assert time.monotonic() < deadline, f"heard {self._heard}; {self._described()}"
            time.sleep(0.1)

    def _described(self) -> Any:
        found = self._client.describe_alarms(AlarmNames=["broken"], AlarmTypes=["CompositeAlarm"])
        return found["CompositeAlarms"][0]


def test_an_alarm_during_the_suppression_sends_no_notification(cloud: Cloud) -> None:
    story = Story(cloud, wait=0, extension=0)
    story.put("release", 1)
    story.put("errors", 1)
    assert story.suppressed_by() == "Alarm"
    story.put("errors", 0)
    story.put("release", 0)
    assert story.listen(UNHEARD) == []
    assert story.suppressed_by() is None


def test_an_alarm_after_the_suppression_sends_a_notification(cloud: Cloud) -> None:
    story = Story(cloud, wait=60, extension=0)
    story.put("release", 1)
    story.put("errors", 1)
    assert story.listen(UNHEARD) == []
    story.put("release", 0)
    story.hear(["ALARM"])
    story.put("errors", 0)
    story.hear(["ALARM", "OK"])


def test_an_alarm_without_a_release_notifies_after_the_wait_period(cloud: Cloud) -> None:
    story = Story(cloud, wait=2, extension=0)
    story.put("errors", 1)
    assert story.suppressed_by() == "WaitPeriod"
    story.hear(["ALARM"])


def test_a_suppressor_within_the_wait_period_is_in_time(cloud: Cloud) -> None:
    story = Story(cloud, wait=5, extension=0)
    story.put("errors", 1)
    story.put("release", 1)
    assert story.suppressed_by() == "Alarm"
    assert story.listen(6) == []


def test_the_extension_period_follows_the_suppressor(cloud: Cloud) -> None:
    story = Story(cloud, wait=0, extension=2)
    story.put("release", 1)
    story.put("errors", 1)
    story.put("release", 0)
    assert story.suppressed_by() == "ExtensionPeriod"
    story.hear(["ALARM"])


@pytest.mark.parametrize(("namespace", "admitted"), [(NAMESPACE, True), ("Kairos/kairos-dev", False)])
def test_a_permission_to_put_values_is_restricted_by_namespace(
    cloud: Cloud, namespace: str, admitted: bool
) -> None:
    right = allow("cloudwatch:PutMetricData", "*")
    keys = cloud.keys_of_role(
        "releases", {**right, "Condition": {"StringEquals": {"cloudwatch:namespace": NAMESPACE}}}
    )
    client = cloud.client("cloudwatch", keys=keys)
    data = [{"MetricName": "release", "Value": 1}]
    if admitted:
        client.put_metric_data(Namespace=namespace, MetricData=data)
        return
    with pytest.raises(ClientError, match="AccessDenied"):
        client.put_metric_data(Namespace=namespace, MetricData=data)
