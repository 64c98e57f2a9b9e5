"""The log of a web ACL, with its redaction and filters.

https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from emulator.runner.logs import write_events
from emulator.serving.waf_statements import Inspection

_ACTIONS = {
    "Allow": "ALLOW",
    "Block": "BLOCK",
    "Count": "COUNT",
    "Captcha": "CAPTCHA",
    "Challenge": "CHALLENGE",
}
REDACTED = "REDACTED"


@dataclass
class Decision:
    """The result of the evaluation."""

    rule: dict[str, Any] | None = None
    """The rule that ended it; None for the default action."""
    action: str = "Allow"
    counted: list[dict[str, Any]] = field(default_factory=list)
    """The rules that matched and only count."""
    response_code: int | None = None
    source: str = ""
    """The id of the requested distribution."""


def write(
    arn: str, name: str, configuration: dict[str, Any] | None, inspection: Inspection, decision: Decision
) -> None:
    """Write the record of a request, if the web ACL has a log in CloudWatch Logs and its filters keep the
    record.
    """
    if configuration is None or not _kept(configuration.get("LoggingFilter"), decision):
        return
    line = json.dumps(
        record(arn, configuration, inspection, decision), ensure_ascii=False, separators=(",", ":")
    )
    for destination in configuration["LogDestinationConfigs"]:
        parts = destination.split(":")
        if parts[2] == "logs":
            write_events(parts[4], parts[3], parts[6], f"{parts[3]}_{name}_0", [(time.time(), line)])


def record(
    arn: str, configuration: dict[str, Any], inspection: Inspection, decision: Decision
) -> dict[str, Any]:
    request = inspection.request
    redacted = configuration.get("RedactedFields") or []
    hidden = {entry["SingleHeader"]["Name"].lower() for entry in redacted if "SingleHeader" in entry}
    parts = {next(iter(entry)) for entry in redacted}
    headers = [
        {"name": header, "value": REDACTED if header in hidden else value}
        for header, value in request.headers.items()
    ]
    return {
        "timestamp": int(time.time() * 1000),
        "formatVersion": 1,
        "webaclId": arn,
        "terminatingRuleId": decision.rule["Name"] if decision.rule else "Default_Action",
        "terminatingRuleType": "RATE_BASED" if _is_rate(decision.rule) else "REGULAR",
        "action": _ACTIONS[decision.action],
        "terminatingRuleMatchDetails": [],
        "httpSourceName": "CF",
        "httpSourceId": decision.source,
        "ruleGroupList": [],
        "rateBasedRuleList": inspection.over_rate,
        "nonTerminatingMatchingRules": [
            {"ruleId": rule["Name"], "action": "COUNT", "ruleMatchDetails": []} for rule in decision.counted
        ],
        "requestHeadersInserted": None,
        "responseCodeSent": decision.response_code,
        "httpRequest": {
            "clientIp": request.source_ip,
            "country": "-",
            "headers": headers,
            "uri": REDACTED if "UriPath" in parts else request.path,
            "args": REDACTED if "QueryString" in parts else request.query,
            "httpVersion": "HTTP/1.1",
            "httpMethod": REDACTED if "Method" in parts else request.method,
            "requestId": secrets.token_urlsafe(40),
        },
    }


def _is_rate(rule: dict[str, Any] | None) -> bool:
    return rule is not None and "RateBasedStatement" in rule["Statement"]


def _kept(filters: dict[str, Any] | None, decision: Decision) -> bool:
    """The first filter that matches a request decides whether its record is kept.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_LoggingFilter.html
    """
    if not filters:
        return True
    happened = {_ACTIONS[decision.action], *(["COUNT"] if decision.counted else [])}
    for entry in filters["Filters"]:
        met = [
            # No rule here adds a label, so a label condition never matches.
            condition.get("ActionCondition", {}).get("Action") in happened
            for condition in entry["Conditions"]
        ]
        if all(met) if entry["Requirement"] == "MEETS_ALL" else any(met):
            return entry["Behavior"] == "KEEP"
    return filters["DefaultBehavior"] == "KEEP"
