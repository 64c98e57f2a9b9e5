from __future__ import annotations

import json
import time
from datetime import datetime, timedelta, timezone
from typing import Any

from emulator.tests.cloud import ACCOUNT, REGION, Cloud, allow, policy

LIMIT = 20
"""How long a change may take, in seconds."""

OF_PROD = [{"Name": "FunctionName", "Value": "kairos-prod"}]
ERRORS: dict[str, Any] = {
    "AlarmName": "errors",
    "MetricName": "Errors",
    "Namespace": "AWS/Lambda",
    "Statistic": "Sum",
    "Dimensions": OF_PROD,
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 5,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
}


def _put(cloud: Cloud, value: float, age: float = 0, name: str = "Errors", of: Any = OF_PROD) -> None:
    moment = datetime.now(timezone.utc) - timedelta(seconds=age)
    datum = {"MetricName": name, "Dimensions": of, "Value": value, "Timestamp": moment}
    cloud.client("cloudwatch").put_metric_data(Namespace="AWS/Lambda", MetricData=[datum])


def _until(cloud: Cloud, state: str, alarm: str = "errors") -> None:
    deadline = time.monotonic() + LIMIT
    while (found := _state(cloud, alarm)) != state:
        assert time.monotonic() < deadline, f"{alarm} is {found} and not {state}"
        time.sleep(0.1)


def _state(cloud: Cloud, alarm: str = "errors") -> str:
    found = cloud.client("cloudwatch").describe_alarms(
        AlarmNames=[alarm], AlarmTypes=["MetricAlarm", "CompositeAlarm"]
    )
    (described,) = found["MetricAlarms"] + found["CompositeAlarms"]
    return str(described["StateValue"])


def test_values_of_other_dimensions_do_not_count(cloud: Cloud) -> None:
    cloud.client("cloudwatch").put_metric_alarm(**ERRORS)
    _put(cloud, 9, of=[{"Name": "FunctionName", "Value": "kairos-dev"}])
    _put(cloud, 9, of=[])
    assert _state(cloud) == "OK"
    _put(cloud, 9)
    assert _state(cloud) == "ALARM"


def test_one_bad_period_of_three_does_not_trigger_an_alarm(cloud: Cloud) -> None:
    cloud.client("cloudwatch").put_metric_alarm(**{**ERRORS, "EvaluationPeriods": 3, "DatapointsToAlarm": 2})
    _put(cloud, 9, age=5)
    assert _state(cloud) == "OK"
    _put(cloud, 9, age=65)
    assert _state(cloud) == "ALARM"


def test_an_alarm_ends_when_its_values_are_too_old(cloud: Cloud) -> None:
    cloud.client("cloudwatch").put_metric_alarm(**ERRORS)
    # Until the evaluation range is over: one period, and two older ones that are read too.
    _put(cloud, 9, age=3 * 60 - 2)
    assert _state(cloud) == "ALARM"
    _until(cloud, "OK")


def test_missing_data_triggers_an_alarm_if_configured(cloud: Cloud) -> None:
    heartbeat = {**ERRORS, "ComparisonOperator": "LessThanThreshold", "TreatMissingData": "breaching"}
    cloud.client("cloudwatch").put_metric_alarm(**heartbeat)
    _until(cloud, "ALARM")
    _put(cloud, 9)
    assert _state(cloud) == "OK"


def test_a_percentile_of_few_values_changes_nothing(cloud: Cloud) -> None:
    slow = {k: v for k, v in ERRORS.items() if k != "Statistic"}
    slow |= {"ExtendedStatistic": "p95", "EvaluateLowSampleCountPercentile": "ignore"}
    client = cloud.client("cloudwatch")
    client.put_metric_alarm(**slow)
    _until(cloud, "OK")
    _put(cloud, 9)
    assert _state(cloud) == "OK"
    datum = {"MetricName": "Errors", "Dimensions": OF_PROD, "Values": [9], "Counts": [200]}
    client.put_metric_data(Namespace="AWS/Lambda", MetricData=[datum])
    assert _state(cloud) == "ALARM"


def test_metric_math_triggers_an_alarm_and_its_composite_notifies(cloud: Cloud) -> None:
    client, sns, sqs = cloud.client("cloudwatch"), cloud.client("sns"), cloud.client("sqs")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    queue_arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:alarms"
    admits = {**allow("sqs:SendMessage", queue_arn), "Principal": {"Service": "sns.amazonaws.com"}}
    queue = sqs.create_queue(QueueName="alarms", Attributes={"Policy": policy(admits)})["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    parts = [_part("errors", "Errors"), _part("invocations", "Invocations")]
    expression = "IF(invocations >= 20, 100 * errors / invocations, 0)"
    client.put_metric_alarm(
        AlarmName="errors",
        EvaluationPeriods=1,
        Threshold=5,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
        Metrics=[{"Id": "rate", "Expression": expression, "ReturnData": True}, *parts],
    )
    client.put_composite_alarm(AlarmName="broken", AlarmRule="ALARM(errors)", AlarmActions=[topic])
    _put(cloud, 4, age=170)
    _put(cloud, 10, age=170, name="Invocations")
    assert _state(cloud, "broken") == "OK"
    _put(cloud, 10, age=178, name="Invocations")
    assert _state(cloud, "broken") == "ALARM"
    _until(cloud, "OK", "broken")
    (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    told = json.loads(json.loads(message["Body"])["Message"])
    assert (told["AlarmName"], told["NewStateValue"]) == ("broken", "ALARM")


def _part(identity: str, name: str) -> dict[str, Any]:
    metric = {"Namespace": "AWS/Lambda", "MetricName": name, "Dimensions": OF_PROD}
    return {
        "Id": identity,
        "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"},
        "ReturnData": False,
    }


def test_a_state_that_was_set_remains_for_some_time(cloud: Cloud) -> None:
    client = cloud.client("cloudwatch")
    client.put_metric_alarm(**ERRORS)
    _until(cloud, "OK")
    client.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="a test")
    _put(cloud, 0)
    assert _state(cloud) == "ALARM"
