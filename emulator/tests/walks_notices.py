"""Walks of topics, dashboards and zones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from emulator.tests.cloud import Cloud
from emulator.tests.walks import Call, walk


@walk("topic-name")
def topic_name(cloud: Cloud) -> Iterator[Call]:
    client = cloud.client("sns")
    yield lambda: client.create_topic(Name="kairos prod")
    yield lambda: client.create_topic(Name="kairos-prod")


@walk("topic-exists-with-other-attributes")
def topic_with_other_attributes(cloud: Cloud) -> Iterator[Call]:
    client = cloud.client("sns")
    client.create_topic(Name="kairos", Attributes={"DisplayName": "Kairos"})
    yield lambda: client.create_topic(Name="kairos", Attributes={"DisplayName": "Other"})
    yield lambda: client.create_topic(Name="kairos", Attributes={"DisplayName": "Kairos"})


@walk("topic-exists-with-other-tags")
def topic_with_other_tags(cloud: Cloud) -> Iterator[Call]:
    client = cloud.client("sns")
    tags = [{"Key": "environment", "Value": "prod"}, {"Key": "project", "Value": "kairos"}]
    topic = client.create_topic(Name="kairos", Tags=tags[:1])["TopicArn"]
    yield lambda: client.create_topic(Name="kairos", Tags=tags)
    client.tag_resource(ResourceArn=topic, Tags=tags)
    yield lambda: client.create_topic(Name="kairos", Tags=tags)


def _subscribe(row: str, wrong: dict[str, str], right: dict[str, str]) -> None:
    @walk(row)
    def subscribe(cloud: Cloud) -> Iterator[Call]:
        client = cloud.client("sns")
        topic = client.create_topic(Name="kairos")["TopicArn"]
        yield lambda: client.subscribe(TopicArn=topic, **wrong)
        yield lambda: client.subscribe(TopicArn=topic, **right)


_MAIL = {"Protocol": "email", "Endpoint": "ops@example.com"}
_subscribe("subscription-protocol", {**_MAIL, "Protocol": "mail"}, _MAIL)
_subscribe("subscription-address", {**_MAIL, "Endpoint": "ops@example.com;dev@example.com"}, _MAIL)


@walk("dashboard-body")
def dashboard_body(cloud: Cloud) -> Iterator[Call]:
    client = cloud.client("cloudwatch")
    widget = {"type": "text", "properties": {"markdown": "# Kairos"}}

    def put(*widgets: dict[str, Any]) -> Call:
        body = json.dumps({"widgets": widgets})
        return lambda: client.put_dashboard(DashboardName="kairos", DashboardBody=body)

    yield put(widget, {"type": "text"})
    yield put(widget)


def _zone(cloud: Cloud) -> tuple[Any, str]:
    client = cloud.client("route53")
    made = client.create_hosted_zone(Name="example.com", CallerReference="first")["HostedZone"]
    return client, made["Id"]


def _change(
    client: Any,
    zone: str,
    action: str,
    name: str = "api.example.com",
    value: str = "192.0.2.1",
    kind: str = "A",
) -> Call:
    record = {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}]}
    changes = [{"Action": action, "ResourceRecordSet": record}]
    return lambda: client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


@walk("record-outside-the-zone")
def record_outside_the_zone(cloud: Cloud) -> Iterator[Call]:
    client, zone = _zone(cloud)
    yield _change(client, zone, "UPSERT", "api.notexample.com")
    yield _change(client, zone, "UPSERT", "example.com")


@walk("record-exists")
def record_exists(cloud: Cloud) -> Iterator[Call]:
    client, zone = _zone(cloud)
    _change(client, zone, "CREATE")()
    yield _change(client, zone, "CREATE")
    _change(client, zone, "DELETE")()
    yield _change(client, zone, "CREATE")


@walk("record-other-than-named")
def record_other_than_named(cloud: Cloud) -> Iterator[Call]:
    client, zone = _zone(cloud)
    _change(client, zone, "CREATE")()
    yield _change(client, zone, "DELETE", value="192.0.2.2")
    yield _change(client, zone, "DELETE")


@walk("record-beside-a-cname")
def record_beside_a_cname(cloud: Cloud) -> Iterator[Call]:
    client, zone = _zone(cloud)
    old = {"value": "old.example.net", "kind": "CNAME"}
    _change(client, zone, "CREATE", **old)()
    yield _change(client, zone, "UPSERT")
    _change(client, zone, "DELETE", **old)()
    yield _change(client, zone, "UPSERT")


@walk("cname-beside-a-record")
def cname_beside_a_record(cloud: Cloud) -> Iterator[Call]:
    client, zone = _zone(cloud)
    _change(client, zone, "CREATE")()
    yield _change(client, zone, "CREATE", value="new.example.net", kind="CNAME")
    _change(client, zone, "DELETE")()
    yield _change(client, zone, "CREATE", value="new.example.net", kind="CNAME")


@walk("zone-with-records")
def zone_with_records(cloud: Cloud) -> Iterator[Call]:
    client, zone = _zone(cloud)
    _change(client, zone, "CREATE")()
    yield lambda: client.delete_hosted_zone(Id=zone)
    _change(client, zone, "DELETE")()
    yield lambda: client.delete_hosted_zone(Id=zone)
