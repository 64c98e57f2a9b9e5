"""WAF: logging, the members that MiniStack drops, and the resources that IAM evaluates."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from emulator import wire
from emulator.corrections import iam
from emulator.settings import Settings
from emulator.wire import Answer, Handler, Request

_logging = wire.store()
_dropped = wire.store()

# What Create and Update accept and Get returns, but MiniStack does not store (`Description`: not on update).
_KEPT_BESIDE = {
    "WebACL": (
        "Description",
        "CustomResponseBodies",
        "CaptchaConfig",
        "ChallengeConfig",
        "TokenDomains",
        "AssociationConfig",
        "DataProtectionConfig",
        "OnSourceDDoSProtectionConfig",
        "ApplicationConfig",
    ),
    "RuleGroup": ("Description", "CustomResponseBodies"),
    "IPSet": ("Description",),
}


def install(app: ModuleType, settings: Settings) -> None:
    wire.wrap(app, "wafv2", keep_dropped_members)
    wire.wrap(app, "wafv2", keep_logging_configurations)
    iam.decide_on("wafv2", resource_arn)


def resource_arn(request: Request, region: str, account: str) -> str | None:
    """Each kind is evaluated by its own ARN. MiniStack uses a web ACL's ARN for all of them, and `*` for tags
    and logging.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awswafv2.html
    """
    members = request.json
    for named in ("ResourceARN", "ResourceArn", "WebACLArn"):
        if named in members:
            return members[named]
    if "LoggingConfiguration" in members:
        return members["LoggingConfiguration"]["ResourceArn"]
    kind = _split_action(request.action)[1].lower()
    if kind not in ("webacl", "rulegroup", "ipset", "regexpatternset") or "Name" not in members:
        return None
    scope = "global" if members.get("Scope") == "CLOUDFRONT" else "regional"
    identity = members.get("Id", "*")
    return f"arn:aws:wafv2:{region}:{account}:{scope}/{kind}/{members['Name']}/{identity}"


async def keep_dropped_members(request: Request, inner: Handler) -> Answer:
    """Store the members of a web ACL, rule group or IP set that MiniStack drops.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateWebACL.html
    """
    answer = await inner(request)
    verb, kind = _split_action(request.action)
    if kind not in _KEPT_BESIDE or not wire.succeeded(answer):
        return answer
    found = wire.members_of(answer)
    if verb == "Get":
        resource = found[kind]
        kept = _dropped.get(resource["Id"], {})
        # An update replaces the whole resource, so members that it does not name are removed.
        rest = {name: value for name, value in resource.items() if name not in _KEPT_BESIDE[kind]}
        return wire.with_members(answer, {**found, kind: {**rest, **kept}})
    identity = found["Summary"]["Id"] if verb == "Create" else request.json["Id"]
    if verb == "Delete":
        _dropped.pop(identity, None)
    else:
        _dropped[identity] = {
            name: request.json[name] for name in _KEPT_BESIDE[kind] if request.json.get(name) is not None
        }
    return answer


def _split_action(action: str) -> tuple[str, str]:
    for verb in ("Create", "Update", "Delete", "Get"):
        if action.startswith(verb):
            return verb, action.removeprefix(verb)
    return "", ""


async def keep_logging_configurations(request: Request, inner: Handler) -> Answer:
    """Put, get, list and delete a web ACL's logging, for which MiniStack returns `Unknown WAF action`.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_PutLoggingConfiguration.html
    """
    match request.action:
        case "PutLoggingConfiguration":
            configuration = request.json["LoggingConfiguration"]
            return await _put_logging(request, inner, configuration)
        case "GetLoggingConfiguration":
            kept = _logging.get(request.json["ResourceArn"])
            return wire.json_answer({"LoggingConfiguration": kept}) if kept else _nonexistent()
        case "ListLoggingConfigurations":
            return wire.json_answer({"LoggingConfigurations": list(_logging.values())})
        case "DeleteLoggingConfiguration":
            removed = _logging.pop(request.json["ResourceArn"], None)
            return wire.json_answer({}) if removed else _nonexistent()
    answer = await inner(request)
    if request.action == "DeleteWebACL" and wire.succeeded(answer):
        for arn in [arn for arn in _logging if arn.endswith(f"/{request.json['Id']}")]:
            del _logging[arn]
    return answer


async def _put_logging(request: Request, inner: Handler, configuration: dict[str, Any]) -> Answer:
    arn = configuration["ResourceArn"]
    known = await inner(request.ask("ListTagsForResource", {"ResourceARN": arn}))
    if not wire.succeeded(known):
        return known
    _logging[arn] = configuration
    return wire.json_answer({"LoggingConfiguration": configuration})


def _nonexistent() -> Answer:
    return wire.error(
        "WAFNonexistentItemException",
        "AWS WAF couldn’t perform the operation because your resource doesn’t exist.",  # noqa: RUF001,
    )
