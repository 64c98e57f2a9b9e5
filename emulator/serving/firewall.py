"""A web ACL in front of a distribution: its rules in their order, what they answer, count and log.

https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html
"""

from __future__ import annotations

import ipaddress
import logging
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from emulator import wire
from emulator.serving import metrics, waf_log
from emulator.serving.exchange import Answer, Headers, ViewerRequest
from emulator.serving.waf_fields import Unknown
from emulator.serving.waf_rates import Rates
from emulator.serving.waf_statements import Inspection, Network, matches
from emulator.wire import Handler, Request

logger = logging.getLogger("emulator.firewall")

REGION = "us-east-1"
"""Where the web ACLs of CloudFront live."""
_TARGET = "AWSWAF_20190729"
_BODY_LIMIT = 16 * 1024
"""Bytes that WAF reads of a body for CloudFront when nothing else is set.
https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-setting-body-inspection-limit.html"""
_CONTENT_TYPES = {
    "TEXT_PLAIN": "text/plain",
    "TEXT_HTML": "text/html",
    "APPLICATION_JSON": "application/json",
}


@dataclass(frozen=True)
class WebAcl:
    """What a web ACL holds, and what it refers to."""

    arn: str
    settings: dict[str, Any]
    addresses: dict[str, list[Network]]
    logging: dict[str, Any] | None

    @property
    def account(self) -> str:
        return self.arn.split(":")[4]

    @property
    def own_labels(self) -> str:
        return f"awswaf:{self.account}:webacl:{self.settings['Name']}:"

    @property
    def body_limit(self) -> int:
        bodies = (self.settings.get("AssociationConfig") or {}).get("RequestBody") or {}
        named = (bodies.get("CLOUDFRONT") or {}).get("DefaultSizeInspectionLimit", "")
        return int(named.removeprefix("KB_")) * 1024 if named else _BODY_LIMIT


@dataclass(frozen=True)
class Verdict:
    """The request as it goes on, or the response that it is refused with."""

    request: ViewerRequest
    response: Answer | None = None


_app: ModuleType | None = None
_known: dict[str, WebAcl] = {}
_rates = Rates()
_told: set[str] = set()


async def judge(arn: str, distribution: str, request: ViewerRequest) -> Verdict:
    """Ask the rules of a web ACL for a request to a distribution, by its id; count and log it."""
    acl = _known.get(arn)
    if acl is None:
        acl = await _read(arn)
        if acl is None:
            return Verdict(request)
        _known[arn] = acl
    inspection = Inspection(request, acl.addresses, _rates, acl.body_limit, acl.own_labels)
    decision = waf_log.Decision(source=distribution)
    rule, action, settings = _decide(acl, inspection, decision)
    decision.rule, decision.action = rule, action
    verdict = _apply(acl, request, action, settings)
    if verdict.response is not None:
        decision.response_code = verdict.response[0]
    _count(acl, rule, action, decision)
    waf_log.write(acl.arn, acl.settings["Name"], acl.logging, inspection, decision)
    return verdict


def _decide(
    acl: WebAcl, inspection: Inspection, decision: waf_log.Decision
) -> tuple[dict[str, Any] | None, str, dict[str, Any]]:
    """The rule that ends the asking (None: the default), its action and the action's settings."""
    for rule in sorted(acl.settings.get("Rules") or [], key=lambda entry: entry["Priority"]):
        inspection.rule = f"{acl.arn}/{rule['Name']}"
        try:
            matched = matches(rule["Statement"], inspection)
        except Unknown as unknown:
            _tell_once(f"the rule {rule['Name']} of {acl.settings['Name']} is not evaluated: {unknown}")
            continue
        if not matched:
            continue
        inspection.labels += [acl.own_labels + label["Name"] for label in rule.get("RuleLabels") or []]
        action, settings = next(iter((rule.get("Action") or {"Count": {}}).items()))
        if action != "Count":
            return rule, action, settings or {}
        decision.counted.append(rule)
    action, settings = next(iter(acl.settings["DefaultAction"].items()))
    return None, action, settings or {}


def _apply(acl: WebAcl, request: ViewerRequest, action: str, settings: dict[str, Any]) -> Verdict:
    match action:
        case "Allow":
            inserted = (settings.get("CustomRequestHandling") or {}).get("InsertHeaders") or []
            added = {f"x-amzn-waf-{header['Name'].lower()}": header["Value"] for header in inserted}
            return Verdict(replace(request, headers={**request.headers, **added}))
        case "Captcha":
            return Verdict(request, (405, {"x-amzn-waf-action": "captcha"}, b""))
        case "Challenge":
            return Verdict(request, (202, {"x-amzn-waf-action": "challenge"}, b""))
    custom = settings.get("CustomResponse")
    return Verdict(request, _custom_response(acl, custom) if custom else (403, {}, b""))


def _custom_response(acl: WebAcl, custom: dict[str, Any]) -> Answer:
    headers: Headers = {
        header["Name"].lower(): header["Value"] for header in custom.get("ResponseHeaders") or []
    }
    body = b""
    if key := custom.get("CustomResponseBodyKey"):
        found = (acl.settings.get("CustomResponseBodies") or {})[key]
        headers["content-type"] = _CONTENT_TYPES[found["ContentType"]]
        body = found["Content"].encode()
    # Even an empty one is a response of its own, not CloudFront's page.
    return custom["ResponseCode"], headers or {"content-type": "text/html"}, body


def _count(acl: WebAcl, rule: dict[str, Any] | None, action: str, decision: waf_log.Decision) -> None:
    whole = acl.settings["VisibilityConfig"]["MetricName"]
    ending = rule["VisibilityConfig"]["MetricName"] if rule else "Default_Action"
    name = {"Allow": "AllowedRequests", "Block": "BlockedRequests"}.get(action, f"{action}Requests")

    def put(metric: str, of_rule: str) -> None:
        dimensions = [{"WebACL": whole, "Rule": of_rule}]
        metrics.put(acl.account, REGION, "AWS/WAFV2", [(metric, 1, "Count")], dimensions)

    put(name, ending)
    put(name, "ALL")
    for counted in decision.counted:
        put("CountedRequests", counted["VisibilityConfig"]["MetricName"])
        put("CountedRequests", "ALL")


def _tell_once(text: str) -> None:
    if text not in _told:
        _told.add(text)
        logger.warning("%s", text)


async def _read(arn: str) -> WebAcl | None:
    """Ask the emulated WAF for a web ACL as AWS describes it; None when it is not there."""
    from ministack.core.responses import request_scope

    with request_scope(arn.split(":")[4], REGION):
        found = await _get("GetWebACL", arn)
        if found is None:
            return None
        addresses = {}
        for named in _ip_sets(found["WebACL"].get("Rules") or []):
            ip_set = await _get("GetIPSet", named)
            listed = ip_set["IPSet"]["Addresses"] if ip_set else []
            addresses[named] = [ipaddress.ip_network(address, strict=False) for address in listed]
        configuration = await _ask("GetLoggingConfiguration", {"ResourceArn": arn})
        where = configuration["LoggingConfiguration"] if configuration else None
        return WebAcl(arn, found["WebACL"], addresses, where)


def _ip_sets(found: Any) -> set[str]:
    """The ARNs of the IP sets that rules refer to, however deep."""
    if isinstance(found, list):
        return set().union(*(_ip_sets(entry) for entry in found))
    if not isinstance(found, dict):
        return set()
    deeper = set().union(*(_ip_sets(value) for value in found.values()))
    reference = found.get("IPSetReferenceStatement")
    return deeper | ({reference["ARN"]} if reference else set())


async def _get(action: str, arn: str) -> Any:
    _, _, name, identity = arn.rpartition(":")[2].split("/")
    return await _ask(action, {"Name": name, "Id": identity, "Scope": "CLOUDFRONT"})


async def _ask(action: str, members: dict[str, Any]) -> Any:
    assert _app is not None
    answer = await wire.ask(_app, "wafv2", f"{_TARGET}.{action}", members)
    return wire.members_of(answer) if wire.succeeded(answer) else None


def install(app: ModuleType) -> None:
    from ministack.services import waf

    global _app
    _app = app
    reset = waf.reset

    async def forget_what_changes(request: Request, inner: Handler) -> wire.Answer:
        answer = await inner(request)
        if not request.action.startswith(("Get", "List", "Describe", "Check")):
            _known.clear()
        return answer

    def reset_waf() -> None:
        reset()
        _known.clear()
        _rates.clear()

    wire.wrap(app, "wafv2", forget_what_changes)
    waf.reset = reset_waf
