from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import cbor2
import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import Cloud

NAMESPACE = {"aws": "http://monitoring.amazonaws.com/doc/2010-08-01/"}
ERRORS = {
    "AlarmName": "errors",
    "AlarmDescription": "errors <of> the function & more",
    "ActionsEnabled": False,
    "AlarmActions": ["arn:aws:sns:eu-west-2:992382417038:alerts"],
    "InsufficientDataActions": ["arn:aws:sns:eu-west-2:992382417038:silence"],
    "MetricName": "Errors",
    "Namespace": "AWS/Lambda",
    "Statistic": "Sum",
    "Dimensions": [{"Name": "FunctionName", "Value": "kairos-prod"}],
    "Period": 300,
    "EvaluationPeriods": 5,
    "DatapointsToAlarm": 3,
    "Threshold": 1.5,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
}
RATE = {
    "AlarmName": "rate",
    "EvaluationPeriods": 3,
    "Threshold": 0.05,
    "ComparisonOperator": "GreaterThanThreshold",
    "Metrics": [
        {"Id": "rate", "Expression": "errors / requests", "Label": "error rate", "ReturnData": True},
        {
            "Id": "errors",
            "MetricStat": {
                "Metric": {"Namespace": "AWS/ApiGateway", "MetricName": "5xx", "Dimensions": []},
                "Period": 60,
                "Stat": "Sum",
            },
            "ReturnData": False,
        },
    ],
}


def _described(cloud: Cloud, kind: str = "MetricAlarm") -> dict[str, Any]:
    found = cloud.client("cloudwatch").describe_alarms(AlarmTypes=[kind])
    (alarm,) = found[f"{kind}s"]
    return alarm


def test_a_metric_alarm_is_returned_as_it_was_put(cloud: Cloud) -> None:
    cloud.client("cloudwatch").put_metric_alarm(**ERRORS)
    alarm = _described(cloud)
    assert {name: alarm.get(name) for name in ERRORS} == ERRORS


def test_metric_math_is_returned_as_it_was_put(cloud: Cloud) -> None:
    cloud.client("cloudwatch").put_metric_alarm(**RATE)
    assert _described(cloud)["Metrics"] == RATE["Metrics"]


@pytest.mark.parametrize("member", ["Statistic", "Period", "MetricName", "Namespace"])
def test_metric_math_has_no_metric_of_its_own(cloud: Cloud, member: str) -> None:
    cloud.client("cloudwatch").put_metric_alarm(**RATE)
    assert member not in _described(cloud)


def test_a_second_put_replaces_the_alarm(cloud: Cloud) -> None:
    client = cloud.client("cloudwatch")
    client.put_metric_alarm(**ERRORS)
    client.put_metric_alarm(**{k: v for k, v in ERRORS.items() if k != "DatapointsToAlarm"})
    assert "DatapointsToAlarm" not in _described(cloud)


def test_disabled_actions_stay_disabled(cloud: Cloud) -> None:
    client = cloud.client("cloudwatch")
    client.put_metric_alarm(**{**ERRORS, "ActionsEnabled": True})
    client.disable_alarm_actions(AlarmNames=["errors"])
    assert _described(cloud)["ActionsEnabled"] is False


def test_an_alarm_has_the_tags_it_was_put_with(cloud: Cloud) -> None:
    client = cloud.client("cloudwatch")
    tags = [{"Key": "project", "Value": "kairos"}]
    client.put_metric_alarm(**ERRORS, Tags=tags)
    arn = _described(cloud)["AlarmArn"]
    assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == tags


def test_a_composite_alarm_is_returned_with_its_suppressor(cloud: Cloud) -> None:
    client = cloud.client("cloudwatch")
    client.put_metric_alarm(**ERRORS)
    put = {
        "AlarmName": "down",
        "AlarmRule": "ALARM(errors)",
        "AlarmDescription": "the service is down",
        "ActionsEnabled": False,
        "ActionsSuppressor": "errors",
        "ActionsSuppressorWaitPeriod": 120,
        "ActionsSuppressorExtensionPeriod": 60,
    }
    client.put_composite_alarm(**put)
    alarm = _described(cloud, "CompositeAlarm")
    assert {name: alarm.get(name) for name in put} == put


def test_a_composite_alarm_without_alarms_is_refused(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match="in the alarm rule do not exist"):
        cloud.client("cloudwatch").put_composite_alarm(AlarmName="down", AlarmRule="ALARM(absent)")


def test_an_alarm_keeps_the_state_it_is_set_to(cloud: Cloud) -> None:
    client = cloud.client("cloudwatch")
    client.put_metric_alarm(**ERRORS)
    client.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="a test")
    assert _described(cloud)["StateValue"] == "ALARM"


def _query(cloud: Cloud, action: str, **members: str) -> ElementTree.Element:
    form = urlencode({"Action": action, "Version": "2010-08-01", **members}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    status, body = cloud.post("monitoring", form, headers)
    root = ElementTree.fromstring(body)
    assert (status == 200) == (not root.tag.endswith("ErrorResponse"))
    return root


def test_the_query_protocol_puts_and_describes_all_members(cloud: Cloud) -> None:
    flat = {name: str(value) for name, value in ERRORS.items() if isinstance(value, str | int | float)}
    _query(
        cloud,
        "PutMetricAlarm",
        **{
            **flat,
            "ActionsEnabled": "false",
            "Dimensions.member.1.Name": "FunctionName",
            "Dimensions.member.1.Value": "kairos-prod",
            "AlarmActions.member.1": ERRORS["AlarmActions"][0],
            "InsufficientDataActions.member.1": ERRORS["InsufficientDataActions"][0],
        },
    )
    alarm = _described(cloud)
    assert {name: alarm.get(name) for name in ERRORS} == ERRORS
    (member,) = _query(cloud, "DescribeAlarms").iterfind(".//aws:MetricAlarms/aws:member", NAMESPACE)
    assert member.findtext("aws:AlarmDescription", None, NAMESPACE) == ERRORS["AlarmDescription"]
    assert member.findtext("aws:Dimensions/aws:member/aws:Value", None, NAMESPACE) == "kairos-prod"
    assert member.findtext("aws:ActionsEnabled", None, NAMESPACE) == "false"
    assert member.findtext("aws:StateUpdatedTimestamp", "", NAMESPACE).endswith("Z")


def test_the_query_protocol_reads_metric_math(cloud: Cloud) -> None:
    _query(
        cloud,
        "PutMetricAlarm",
        **{
            "AlarmName": "rate",
            "EvaluationPeriods": "3",
            "Threshold": "0.05",
            "ComparisonOperator": "GreaterThanThreshold",
            "Metrics.member.1.Id": "rate",
            "Metrics.member.1.Expression": "errors * 2",
            "Metrics.member.1.ReturnData": "true",
            "Metrics.member.2.Id": "errors",
            "Metrics.member.2.ReturnData": "false",
            "Metrics.member.2.MetricStat.Metric.MetricName": "5xx",
            "Metrics.member.2.MetricStat.Period": "60",
            "Metrics.member.2.MetricStat.Stat": "Sum",
        },
    )
    first, second = _described(cloud)["Metrics"]
    assert first == {"Id": "rate", "Expression": "errors * 2", "ReturnData": True}
    assert second["MetricStat"] == {"Metric": {"MetricName": "5xx"}, "Period": 60, "Stat": "Sum"}


def test_the_query_protocol_answers_errors_in_xml(cloud: Cloud) -> None:
    root = _query(cloud, "PutCompositeAlarm", AlarmName="down", AlarmRule="ALARM(absent)")
    assert root.findtext(".//aws:Code", None, NAMESPACE) == "ValidationError"


def test_the_cbor_protocol_describes_all_members(cloud: Cloud) -> None:
    path = "/service/GraniteServiceVersion20100801/operation"
    headers = {"Content-Type": "application/cbor", "Smithy-Protocol": "rpc-v2-cbor"}
    status, _ = cloud.post("monitoring", cbor2.dumps(RATE), headers, f"{path}/PutMetricAlarm")
    assert status == 200
    status, body = cloud.post("monitoring", cbor2.dumps({}), headers, f"{path}/DescribeAlarms")
    (alarm,) = cbor2.loads(body)["MetricAlarms"]
    assert status == 200
    assert alarm["Metrics"] == RATE["Metrics"]
    # A tagged timestamp, which cbor2 reads as a date.
    assert hasattr(alarm["StateUpdatedTimestamp"], "year")


def test_an_action_without_a_correction_is_passed_on(cloud: Cloud) -> None:
    client = cloud.client("cloudwatch")
    client.put_dashboard(DashboardName="kairos", DashboardBody=json.dumps({"widgets": []}))
    assert client.get_dashboard(DashboardName="kairos")["DashboardName"] == "kairos"


def test_each_protocol_returns_the_time_of_a_dashboard_in_its_format(cloud: Cloud) -> None:
    """https://smithy.io/2.0/spec/protocol-traits.html#timestampformat-trait"""
    client = cloud.client("cloudwatch")
    before = datetime.now(timezone.utc).replace(microsecond=0)
    client.put_dashboard(DashboardName="kairos", DashboardBody=json.dumps({"widgets": []}))
    client.put_dashboard(DashboardName="other", DashboardBody=json.dumps({"widgets": []}))
    after = datetime.now(timezone.utc)

    (entry,) = client.list_dashboards(DashboardNamePrefix="kai")["DashboardEntries"]
    assert entry["DashboardArn"] == "arn:aws:cloudwatch::992382417038:dashboard/kairos"
    assert before <= entry["LastModified"] <= after

    path = "/service/GraniteServiceVersion20100801/operation/ListDashboards"
    headers = {"Content-Type": "application/cbor", "Smithy-Protocol": "rpc-v2-cbor"}
    wanted = cbor2.dumps({"DashboardNamePrefix": "kai"})
    (entry,) = cbor2.loads(cloud.post("monitoring", wanted, headers, path)[1])["DashboardEntries"]
    # A tagged timestamp, which cbor2 reads as a date. The SDK for JavaScript accepts nothing else.
    assert before <= entry["LastModified"] <= after

    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": "GraniteServiceVersion20100801.ListDashboards",
    }
    (entry,) = json.loads(cloud.post("monitoring", b'{"DashboardNamePrefix": "kai"}', headers)[1])[
        "DashboardEntries"
    ]
    assert before.timestamp() <= entry["LastModified"] <= after.timestamp()

    query = urlencode({"Action": "ListDashboards", "Version": "2010-08-01", "DashboardNamePrefix": "kai"})
    _, body = cloud.post("monitoring", query.encode(), {"Content-Type": "application/x-www-form-urlencoded"})
    (text,) = ElementTree.fromstring(body).findall(".//aws:LastModified", NAMESPACE)
    assert before <= datetime.fromisoformat((text.text or "").replace("Z", "+00:00")) <= after
