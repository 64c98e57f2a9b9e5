"""SNS: names of topics, and valid subscriptions."""

from __future__ import annotations

import re

from emulator.refusals.row import Asked, Facts, Row

_PROTOCOLS = ("http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\.fifo")


def _other_name(asked: Asked) -> Facts | None:
    name = asked.members.get("Name")
    return {} if name and not _NAME.fullmatch(name) else None


def _other_protocol(asked: Asked) -> Facts | None:
    protocol = asked.members.get("Protocol")
    return {"protocol": protocol} if protocol and protocol not in _PROTOCOLS else None


def _no_address(asked: Asked) -> Facts | None:
    by_mail = asked.members.get("Protocol") in ("email", "email-json")
    address = asked.members.get("Endpoint") or ""
    return {} if by_mail and not re.fullmatch(r"[^@\s;,]+@[^@\s;,]+", address) else None


def _pairs(asked: Asked, of: str, name: str, value: str) -> dict[str, str]:
    """The members `Tags.member.1.Key` and `Tags.member.1.Value` of a Query request."""
    form = asked.request.form
    keys = [key for key in form if re.fullmatch(rf"{of}\.\d+\.{name}", key)]
    return {form[key]: form.get(f"{key.removesuffix(name)}{value}", "") for key in keys}


def _others(asked: Asked, wanted: dict[str, str], kept: str) -> Facts | None:
    from ministack.services import sns

    known = sns._topics.get(f"arn:aws:sns:{asked.region}:{asked.account}:{asked.members.get('Name')}")
    differ = known and any(known[kept].get(name) != value for name, value in wanted.items())
    return {} if differ else None


def _other_attributes(asked: Asked) -> Facts | None:
    return _others(asked, _pairs(asked, r"Attributes\.entry", "key", "value"), "attributes")


def _other_tags(asked: Asked) -> Facts | None:
    return _others(asked, _pairs(asked, r"Tags\.member", "Key", "Value"), "tags")


_SUBSCRIBE = "https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html"
_SEEN = "https://github.com/localstack/localstack, tests/aws/services/sns: recorded from AWS"

ROWS = (
    Row(
        name="topic-name",
        service="sns",
        actions=("CreateTopic",),
        when="the name has characters other than letters, digits, - and _, or more than 256 characters",
        code="InvalidParameter",
        message="Invalid parameter: Topic Name",
        source="https://github.com/awsdocs/aws-cloudformation-user-guide/pull/860",
        refuses=_other_name,
    ),
    Row(
        name="topic-exists-with-other-attributes",
        service="sns",
        actions=("CreateTopic",),
        when="the account has the topic with other values of the attributes in the request",
        code="InvalidParameter",
        message="Invalid parameter: Attributes Reason: Topic already exists with different attributes",
        source=_SEEN,
        refuses=_other_attributes,
    ),
    Row(
        name="topic-exists-with-other-tags",
        service="sns",
        actions=("CreateTopic",),
        when="the account has the topic with other tags",
        code="InvalidParameter",
        message="Invalid parameter: Tags Reason: Topic already exists with different tags",
        source=_SEEN,
        refuses=_other_tags,
    ),
    Row(
        name="subscription-protocol",
        service="sns",
        actions=("Subscribe",),
        when="the protocol is unknown",
        code="InvalidParameter",
        message="Invalid parameter: Amazon SNS does not support this protocol string: {protocol}",
        source=_SEEN,
        refuses=_other_protocol,
    ),
    Row(
        name="subscription-address",
        service="sns",
        actions=("Subscribe",),
        when="the endpoint of an email subscription is not a single address",
        code="InvalidParameter",
        message="Invalid parameter: Email address",
        source=f"{_SUBSCRIBE}; several users have reported the message",
        refuses=_no_address,
    ),
)
