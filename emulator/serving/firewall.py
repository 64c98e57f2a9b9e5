"""A web ACL of a distribution: its rules in their order, their responses, counts and log.

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
from emulator.serving.waf_statements import Inspection, Network, Test, matcher, only
from emulator.wire import Handler, Request

logger = logging.getLogger("emulator.firewall")

REGION = "us-east-1"
"""The region of CloudFront's web ACLs."""
_TARGET = "AWSWAF_20190729"
_BODY_LIMIT = 16 * 1024
"""How many bytes of a body WAF reads for CloudFront by default.
https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-setting-body-inspection-limit.html
"""
_MEMBERS = ("Name", "Priority", "Statement", "Action", "OverrideAction", "VisibilityConfig")
"""Members of a rule. No rule of this project has labels, or its own CAPTCHA settings."""
_CONTENT_TYPES = {
    "TEXT_PLAIN": "text/plain",
    "TEXT_HTML": "text/html",
    "APPLICATION_JSON": "application/json",
}


@dataclass(frozen=True)
class WebAcl:
    """The content of a web ACL, and what it refers to."""

    arn: str
    settings: dict[str, Any]
    addresses: dict[str, list[Network]]
    logging: dict[str, Any] | None
    rules: list[tuple[dict[str, Any], Test]]
    """In order of evaluation."""

    @property
    def account(self) -> str:
        return self.arn.split(":")[4]

    @property
    def body_limit(self) -> int:
        bodies = (self.settings.get("AssociationConfig") or {}).get("RequestBody") or {}
        named = (bodies.get("CLOUDFRONT") or {}).get("DefaultSizeInspectionLimit", "")
        return int(named.removeprefix("KB_")) * 1024 if named else _BODY_LIMIT


@dataclass(frozen=True)
class Verdict:
    """The request that is passed on, or the response with which it is blocked."""

    request: ViewerRequest
    response: Answer | None = None


_app: ModuleType | None = None
_known: dict[str, WebAcl] = {}
_rates = Rates()


async def judge(arn: str, distribution: str, request: ViewerRequest) -> Verdict:
    """Evaluate the rules of a distribution's web ACL for a request, by the id of the distribution; count
    and log it.
    """
    acl = _known.get(arn)
    if acl is None:
        acl = await _read(arn)
        if acl is None:
            return Verdict(request)
        _known[arn] = acl
    inspection = Inspection(request, acl.addresses, _rates, acl.body_limit)
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
    """The rule that ends the evaluation (None: the default action), its action and the action's settings."""
    for rule, matches in acl.rules:
        inspection.rule = f"{acl.arn}/{rule['Name']}"
        if not matches(inspection):
            continue
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
    # Even an empty one is a custom response, not CloudFront's page.
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


def _rules(settings: dict[str, Any]) -> list[tuple[dict[str, Any], Test]]:
    """Each rule and its evaluation function, by priority. Raises Unknown, which names the rule."""
    rules = []
    for rule in sorted(settings.get("Rules") or [], key=lambda entry: entry["Priority"]):
        try:
            only(rule, "Rule", *_MEMBERS)
            rules.append((rule, matcher(rule["Statement"])))
        except Unknown as unknown:
            raise Unknown(f"{unknown} of the rule {rule['Name']}") from None
    return rules


async def _read(arn: str) -> WebAcl | None:
    """Get a web ACL from the emulated WAF, as AWS describes it; None if it does not exist."""
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
        return WebAcl(arn, found["WebACL"], addresses, where, _rules(found["WebACL"]))


def _ip_sets(found: Any) -> set[str]:
    """The ARNs of the IP sets that rules refer to, at any depth."""
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

    async def refuse_what_is_not_evaluated(request: Request, inner: Handler) -> wire.Answer:
        """A rule that is not supported here must not let requests pass that AWS would block."""
        if request.action in ("CreateWebACL", "UpdateWebACL"):
            try:
                _rules(request.json)
            except Unknown as unknown:
                problem = f"the local cloud does not evaluate {unknown}; AWS may"
                logger.warning("%s is refused: %s", request.action, problem)
                return wire.error("WAFInvalidParameterException", problem)
        return await inner(request)

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
    wire.wrap(app, "wafv2", refuse_what_is_not_evaluated)
    waf.reset = reset_waf
