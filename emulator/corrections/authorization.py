"""What IAM evaluates in the services without other corrections: actions, resources and tags.

MiniStack names an action after the operation, and uses `*` as the resource by default, which a policy for
named resources never allows. https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

from emulator import trial
from emulator.corrections import iam
from emulator.settings import Settings
from emulator.wire import Request

_CLOUDFRONT_KINDS = ("distribution", "function", "response-headers-policy")

_SAME_RIGHT = {
    "budgets:CreateBudget": "budgets:ModifyBudget",
    "budgets:UpdateBudget": "budgets:ModifyBudget",
    "budgets:DeleteBudget": "budgets:ModifyBudget",
    "budgets:CreateNotification": "budgets:ModifyBudget",
    "budgets:UpdateNotification": "budgets:ModifyBudget",
    "budgets:DeleteNotification": "budgets:ModifyBudget",
    "budgets:CreateSubscriber": "budgets:ModifyBudget",
    "budgets:UpdateSubscriber": "budgets:ModifyBudget",
    "budgets:DeleteSubscriber": "budgets:ModifyBudget",
    "budgets:DescribeBudget": "budgets:ViewBudget",
    "budgets:DescribeBudgets": "budgets:ViewBudget",
    "budgets:DescribeNotificationsForBudget": "budgets:ViewBudget",
    "budgets:DescribeSubscribersForNotification": "budgets:ViewBudget",
    "cloudfront:CreateDistributionWithTags": "cloudfront:CreateDistribution",
}
"""Operations that IAM evaluates as another action."""


def install(app: ModuleType, settings: Settings) -> None:
    name_the_right()
    iam.decide_on("acm", certificate_arn)
    iam.decide_on("budgets", budget_arn)
    iam.decide_on("cloudfront", cloudfront_arn)
    iam.decide_on("events", rule_arn)
    iam.decide_on("logs", delivery_arn)
    iam.decide_on("route53", route53_arn)
    iam.decide_on("sns", subscribed_topic_arn)
    iam.take_keys_from("acm", tags_of_certificate)
    iam.take_keys_from("cloudfront", tags_of_distribution)
    iam.take_keys_from_the_request("acm", names_of_new_certificate)
    iam.take_keys_from_the_request("cloudfront", tags_of_new_distribution)
    iam.take_keys_from_the_request("route53", changes_of_records)


def name_the_right() -> None:
    """The action that a policy names, if it differs from the operation.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbudgetservice.html
    """
    if trial.leaves_out_function(name_the_right):
        return
    from ministack.core import iam_actions

    extract = iam_actions.extract_iam_action

    def extract_iam_action(
        service: str,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        query: Mapping[str, list[str]],
    ) -> str | None:
        action = extract(service, method, path, headers, body, query)
        return _SAME_RIGHT.get(action, action)

    iam_actions.extract_iam_action = extract_iam_action


def certificate_arn(request: Request, region: str, account: str) -> str | None:
    """A certificate has no ARN before it exists.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscertificatemanager.html
    """
    return request.json.get("CertificateArn")


def budget_arn(request: Request, region: str, account: str) -> str | None:
    """A budget has a name, even before it exists.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbudgetservice.html
    """
    members = request.json
    if arn := members.get("ResourceARN"):
        return str(arn)
    name = members.get("BudgetName") or members.get("Budget", {}).get("BudgetName")
    name = name or members.get("NewBudget", {}).get("BudgetName")
    return f"arn:aws:budgets::{account}:budget/{name}" if name else None


def cloudfront_arn(request: Request, region: str, account: str) -> str | None:
    """Functions are evaluated by name, everything else by id, and a new resource as any of its kind.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html
    """
    _, *parts = request.path.strip("/").split("/")
    if parts[:1] == ["tagging"]:
        return request.query.get("Resource", [""])[0] or None
    kind, name = (parts[0] if parts else ""), (unquote(parts[1]) if len(parts) > 1 else "")
    if kind not in _CLOUDFRONT_KINDS or (not name and request.method != "POST"):
        return None
    if not name and kind == "function":
        name = _member(request.body, "Name")
    return f"arn:aws:cloudfront::{account}:{kind}/{name or '*'}"


def rule_arn(request: Request, region: str, account: str) -> str | None:
    """The name of the default bus is not part of a rule's ARN.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
    """
    members = request.json
    if arn := members.get("ResourceARN"):
        return str(arn)
    named = members.get("Rule") or (members.get("Name") if request.action.endswith("Rule") else None)
    bus = members.get("EventBusName", "default")
    if not named:
        return None
    return f"arn:aws:events:{region}:{account}:rule/{named if bus == 'default' else f'{bus}/{named}'}"


def delivery_arn(request: Request, region: str, account: str) -> str | None:
    """Sources and destinations of deliveries are evaluated by name, a delivery by its id.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
    """
    base, members = f"arn:aws:logs:{region}:{account}", request.json
    match request.action:
        case "PutDeliverySource" | "GetDeliverySource" | "DeleteDeliverySource":
            return f"{base}:delivery-source:{members.get('name', '')}"
        case "PutDeliveryDestination" | "GetDeliveryDestination" | "DeleteDeliveryDestination":
            return f"{base}:delivery-destination:{members.get('name', '')}"
        case "CreateDelivery":
            return f"{base}:delivery-source:{members.get('deliverySourceName', '')}"
        case "GetDelivery" | "DeleteDelivery" | "UpdateDeliveryConfiguration":
            return f"{base}:delivery:{members.get('id', '')}"
    return None


def route53_arn(request: Request, region: str, account: str) -> str | None:
    """A change and a health check have their own ARNs. A tag is evaluated as the resource that has it.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonroute53.html
    """
    _, *parts = request.path.strip("/").split("/")
    match parts[1:] if parts[:1] == ["tags"] else parts:
        case [("change" | "healthcheck" | "hostedzone") as kind, name, *_]:
            return f"arn:aws:route53:::{kind}/{name}"
    return None


def subscribed_topic_arn(request: Request, region: str, account: str) -> str | None:
    """A subscription is evaluated as its topic, and a tag as the resource that has it.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
    """
    form = request.form
    if subscription := form.get("SubscriptionArn"):
        return subscription.rpartition(":")[0]
    return form.get("ResourceArn")


def tags_of_certificate(arn: str) -> dict[str, str]:
    """`aws:ResourceTag/…` of a certificate."""
    from ministack.services import acm

    certificate = acm._certificates.get(arn) or {}
    return {f"aws:ResourceTag/{tag['Key']}": tag.get("Value", "") for tag in certificate.get("Tags", [])}


def tags_of_distribution(arn: str) -> dict[str, str]:
    """`aws:ResourceTag/…` of a distribution. Nothing else here can be restricted by tags."""
    from ministack.services import cloudfront

    return {f"aws:ResourceTag/{tag['Key']}": tag.get("Value", "") for tag in cloudfront._tags.get(arn, [])}


def tags_of_new_distribution(action: str, request: Request) -> dict[str, str]:
    """`aws:RequestTag/…` of a resource to be created or tagged."""
    if action not in ("cloudfront:CreateDistribution", "cloudfront:TagResource") or not request.body:
        return {}
    found = {}
    for tag in ElementTree.fromstring(request.body).iter():
        if tag.tag.rpartition("}")[2] == "Tag":
            members = {each.tag.rpartition("}")[2]: each.text or "" for each in tag}
            found[f"aws:RequestTag/{members.get('Key', '')}"] = members.get("Value", "")
    return found


def names_of_new_certificate(action: str, request: Request) -> dict[str, Any]:
    """`acm:DomainNames`: every name in a requested certificate.

    https://docs.aws.amazon.com/acm/latest/userguide/acm-conditions.html
    """
    if action != "acm:RequestCertificate":
        return {}
    members = request.json
    names = [members.get("DomainName", ""), *members.get("SubjectAlternativeNames", [])]
    return {"acm:DomainNames": list(dict.fromkeys(names))}


def changes_of_records(action: str, request: Request) -> dict[str, Any]:
    """The changes of records: names in lower case without the dot at their end.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html
    """
    if action != "route53:ChangeResourceRecordSets" or not request.body:
        return {}
    found: dict[str, list[str]] = {"Action": [], "Name": [], "Type": []}
    for change in ElementTree.fromstring(request.body).iter():
        kind = change.tag.rpartition("}")[2]
        if kind in ("Change", "ResourceRecordSet"):
            for each in change:
                found.get(each.tag.rpartition("}")[2], []).append(each.text or "")
    names = [name.lower().removesuffix(".").replace("*", "\\052") for name in found["Name"]]
    base = "route53:ChangeResourceRecordSets"
    return {
        f"{base}NormalizedRecordNames": names,
        f"{base}RecordTypes": found["Type"],
        f"{base}Actions": found["Action"],
    }


def _member(body: bytes, name: str) -> str:
    for each in ElementTree.fromstring(body).iter():
        if each.tag.rpartition("}")[2] == name:
            return each.text or ""
    return ""
