"""An error in the protocol of the request."""

from __future__ import annotations

import uuid
from xml.etree import ElementTree

from emulator import wire
from emulator.corrections import cloudwatch
from emulator.refusals.row import Facts, Row
from emulator.wire import Answer, Request

_NAMESPACES = {
    "cloudfront": "http://cloudfront.amazonaws.com/doc/2020-05-31/",
    "iam": "https://iam.amazonaws.com/doc/2010-05-08/",
    "route53": "https://route53.amazonaws.com/doc/2013-04-01/",
    "sns": "http://sns.amazonaws.com/doc/2010-03-31/",
}


def refusal(row: Row, facts: Facts, request: Request) -> Answer:
    """AWS's error response."""
    message = row.message.format_map(facts)
    if row.service in _NAMESPACES:
        return _xml(row, message)
    answer = wire.error(row.code, message, row.status)
    if row.service == "monitoring":
        return cloudwatch.write_error(answer, cloudwatch.protocol_of(request))
    return answer


def _xml(row: Row, message: str) -> Answer:
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/api-request-error-response.html"""
    root = ElementTree.Element("ErrorResponse", xmlns=_NAMESPACES[row.service])
    error = ElementTree.SubElement(root, "Error")
    for name, text in (("Type", "Sender"), ("Code", row.code), ("Message", message)):
        ElementTree.SubElement(error, name).text = text
    ElementTree.SubElement(root, "RequestId").text = str(uuid.uuid4())
    return row.status, {"Content-Type": "text/xml"}, ElementTree.tostring(root, encoding="utf-8")
