"""CloudWatch: alarms are returned as they were put, in each protocol of the SDKs, and IAM evaluates them."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timezone
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree

import cbor2
from botocore.model import ListShape, OperationModel, Shape, StructureShape

from emulator import wire
from emulator.corrections import iam
from emulator.models import service_model
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

_requested = wire.store()

_NAMESPACE = "http://monitoring.amazonaws.com/doc/2010-08-01/"
_PUTS = {"PutMetricAlarm": "MetricAlarms", "PutCompositeAlarm": "CompositeAlarms"}
_DESCRIPTIONS = ("DescribeAlarms", "DescribeAlarmsForMetric")
# The default members of an alarm.
_MADE = {
    "AlarmArn",
    "ActionsEnabled",
    "AlarmConfigurationUpdatedTimestamp",
    "StateReason",
    "StateReasonData",
    "StateTransitionedTimestamp",
    "StateUpdatedTimestamp",
    "StateValue",
    "TreatMissingData",
    "EvaluationState",
    "OKActions",
    "AlarmActions",
    "InsufficientDataActions",
    "Dimensions",
    "ActionsSuppressedBy",
    "ActionsSuppressedReason",
}


def install(app: ModuleType, settings: Settings) -> None:
    async def round_trip_alarms(request: Request, inner: Handler) -> Answer:
        """Put and describe alarms with all their members. MiniStack's Query responses have nine of them, and
        none of its protocols keeps metric math or the suppressor of a composite alarm.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
        """
        action = request.action
        if action not in _PUTS and action not in _DESCRIPTIONS:
            return await inner(request)
        operation = _operation(action)
        protocol = protocol_of(request)
        members = _read(request, protocol, operation.input_shape)
        answer = await inner(_as_json(request, action, members))
        if not wire.succeeded(answer):
            return write_error(answer, protocol)
        if action in _PUTS:
            _requested[f"{_PUTS[action]}/{members['AlarmName']}"] = members
            return _write({}, protocol, action, operation.output_shape)
        found = wire.members_of(answer)
        for kind in _PUTS.values():
            if kind in found:
                found[kind] = [_as_requested(kind, alarm) for alarm in found[kind]]
        return _write(found, protocol, action, operation.output_shape)

    async def date_dashboards(request: Request, inner: Handler) -> Answer:
        """List dashboards with the time of their last change, in the time format of each protocol. MiniStack
        writes the same string in all of them, which the SDK for JavaScript cannot read.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DashboardEntry.html
        """
        if request.action != "ListDashboards":
            return await inner(request)
        operation = _operation(request.action)
        protocol = protocol_of(request)
        members = _read(request, protocol, operation.input_shape)
        answer = await inner(_as_json(request, request.action, members))
        if not wire.succeeded(answer):
            return write_error(answer, protocol)
        found = wire.members_of(answer)
        for entry in found["DashboardEntries"]:
            changed = datetime.strptime(entry["LastModified"], "%Y-%m-%dT%H:%M:%S%z")
            entry["LastModified"] = changed.timestamp()
        return _write(found, protocol, request.action, operation.output_shape)

    wire.wrap(app, "monitoring", round_trip_alarms)
    wire.wrap(app, "monitoring", date_dashboards)
    iam.decide_on("monitoring", alarm_arn)
    iam.take_keys_from_the_request("monitoring", namespace_of_request)


def _operation(action: str) -> OperationModel:
    return service_model("cloudwatch").operation_model(action)


def alarm_arn(request: Request, region: str, account: str) -> str | None:
    """Alarms and dashboards are evaluated by their ARNs, and describing alarms on all of them. MiniStack uses
    `*` except for putting an alarm.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
    """
    protocol = protocol_of(request)
    members = request.form if protocol == "query" else _read(request, protocol, None)
    if tagged := members.get("ResourceARN"):
        return tagged
    if name := members.get("DashboardName") or _first(members, "DashboardNames"):
        return f"arn:aws:cloudwatch::{account}:dashboard/{name}"
    alarms = f"arn:aws:cloudwatch:{region}:{account}:alarm:"
    if request.action in ("DescribeAlarms", "DescribeAlarmsForMetric", "DescribeAlarmHistory"):
        return f"{alarms}*"
    if name := members.get("AlarmName") or _first(members, "AlarmNames"):
        return f"{alarms}{name}"
    return None


def _first(members: dict[str, Any], name: str) -> str | None:
    listed = members.get(name)
    return listed[0] if isinstance(listed, list) and listed else members.get(f"{name}.member.1")


def _as_requested(kind: str, alarm: dict[str, Any]) -> dict[str, Any]:
    """The alarm without the members that MiniStack adds, and with those that it drops."""
    requested = _requested.get(f"{kind}/{alarm['AlarmName']}")
    if requested is None:
        return {name: value for name, value in alarm.items() if value is not None}
    given = {name: value for name, value in requested.items() if name != "Tags"}
    made = {name: value for name, value in alarm.items() if name in _MADE and value is not None}
    # EnableAlarmActions and DisableAlarmActions may have changed the state of the actions since.
    return {**given, **made}


def protocol_of(request: Request) -> str:
    if "cbor" in request.headers.get("smithy-protocol", "") + request.headers.get("content-type", ""):
        return "cbor"
    return "json" if request.headers.get("x-amz-target") else "query"


def members_of_alarm(request: Request, action: str) -> dict[str, Any]:
    """The members of a request about alarms or dashboards, in any protocol."""
    return _read(request, protocol_of(request), _operation(action).input_shape)


def requested_alarm(name: str) -> dict[str, Any] | None:
    """The members with which a metric alarm of the current account and region was put."""
    return _requested.get(f"MetricAlarms/{name}")


def requested_composite(name: str) -> dict[str, Any] | None:
    """The members with which a composite alarm of the current account and region was put."""
    return _requested.get(f"CompositeAlarms/{name}")


def namespace_of_request(action: str, request: Request) -> dict[str, Any]:
    """The only key that can restrict putting values. The request has no headers here.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
    """
    if not action.endswith(":PutMetricData"):
        return {}
    body = request.body
    if body.startswith(b"Action="):
        found = parse_qs(body.decode()).get("Namespace", [None])[0]
    else:
        found = (json.loads(body) if body.startswith(b"{") else cbor2.loads(body)).get("Namespace")
    return {"cloudwatch:namespace": found} if found else {}


def _as_json(request: Request, action: str, members: dict[str, Any]) -> Request:
    headers = {name: value for name, value in request.headers.items() if name != "smithy-protocol"}
    headers["content-type"] = "application/x-amz-json-1.0"
    headers["x-amz-target"] = f"GraniteServiceVersion20100801.{action}"
    return Request("POST", "/", headers, json.dumps(members).encode())


def _read(request: Request, protocol: str, shape: StructureShape | None) -> dict[str, Any]:
    if protocol == "cbor":
        return cbor2.loads(request.body) if request.body else {}
    if protocol == "json":
        return request.json
    return _from_form(request.form, "", shape) or {}


def _from_form(form: dict[str, str], name: str, shape: Shape) -> Any:
    """The value at `name` in the Query protocol; None if the form does not have it.

    https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
    """
    if isinstance(shape, StructureShape):
        prefix = f"{name}." if name else ""
        members = {
            member: _from_form(form, f"{prefix}{member}", inner) for member, inner in shape.members.items()
        }
        return {member: value for member, value in members.items() if value is not None} or None
    if isinstance(shape, ListShape):
        items = []
        while (item := _from_form(form, f"{name}.member.{len(items) + 1}", shape.member)) is not None:
            items.append(item)
        return items or ([] if name in form else None)
    text = form.get(name)
    if text is None:
        return None
    match shape.type_name:
        case "boolean":
            return text == "true"
        case "integer" | "long":
            return int(text)
        case "float" | "double":
            return float(text)
    return text


def _write(members: dict[str, Any], protocol: str, action: str, shape: StructureShape | None) -> Answer:
    if protocol == "json":
        return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(members).encode()
    if protocol == "cbor":
        headers = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
        return 200, headers, cbor2.dumps(_for_cbor(members, shape))
    root = ElementTree.Element(f"{action}Response", xmlns=_NAMESPACE)
    if shape is not None:
        _to_xml(ElementTree.SubElement(root, f"{action}Result"), members, shape)
    metadata = ElementTree.SubElement(root, "ResponseMetadata")
    ElementTree.SubElement(metadata, "RequestId").text = str(uuid.uuid4())
    return 200, {"Content-Type": "text/xml"}, ElementTree.tostring(root, encoding="utf-8")


def _to_xml(element: ElementTree.Element, value: Any, shape: Shape) -> None:
    if isinstance(shape, StructureShape):
        for name, inner in shape.members.items():
            if value.get(name) is not None:
                _to_xml(ElementTree.SubElement(element, name), value[name], inner)
    elif isinstance(shape, ListShape):
        for item in value:
            _to_xml(ElementTree.SubElement(element, "member"), item, shape.member)
    elif shape.type_name == "timestamp":
        moment = datetime.fromtimestamp(value, timezone.utc)
        element.text = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    elif shape.type_name == "boolean":
        element.text = "true" if value else "false"
    else:
        element.text = str(value)


def _for_cbor(value: Any, shape: Shape | None) -> Any:
    """The value with its timestamps marked as such.

    https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
    """
    if isinstance(shape, StructureShape):
        return {
            name: _for_cbor(value[name], inner)
            for name, inner in shape.members.items()
            if value.get(name) is not None
        }
    if isinstance(shape, ListShape):
        return [_for_cbor(item, shape.member) for item in value]
    if shape is not None and shape.type_name == "timestamp":
        return cbor2.CBORTag(1, float(value))
    return value


def write_error(answer: Answer, protocol: str) -> Answer:
    if protocol == "json":
        return answer
    status, _, body = answer
    found = json.loads(body)
    if protocol == "cbor":
        headers = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
        return status, headers, cbor2.dumps({"__type": found["__type"], "message": found["message"]})
    root = ElementTree.Element("ErrorResponse", xmlns=_NAMESPACE)
    error = ElementTree.SubElement(root, "Error")
    for name, text in (("Type", "Sender"), ("Code", found["__type"]), ("Message", found["message"])):
        ElementTree.SubElement(error, name).text = text
    ElementTree.SubElement(root, "RequestId").text = str(uuid.uuid4())
    return status, {"Content-Type": "text/xml"}, ElementTree.tostring(root, encoding="utf-8")
