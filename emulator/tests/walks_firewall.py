"""Walks of WAF."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from botocore import xform_name

from emulator.tests.cloud import ACCOUNT, REGION, Cloud, policy
from emulator.tests.walks import Call, walk, walks

EDGE = "us-east-1"
"""The region of CloudFront's certificates and firewalls."""
VISIBLE = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "kairos"}
_EMPTY: dict[str, dict[str, Any]] = {
    "WebACL": {"DefaultAction": {"Allow": {}}, "VisibilityConfig": VISIBLE, "Rules": []},
    "IPSet": {"Addresses": []},
    "RuleGroup": {"VisibilityConfig": VISIBLE, "Rules": []},
    "RegexPatternSet": {"RegularExpressionList": []},
}
"""The required members of each kind."""
_WHEN_MADE: dict[str, dict[str, Any]] = {"IPSet": {"IPAddressVersion": "IPV4"}, "RuleGroup": {"Capacity": 10}}


def client_of(cloud: Cloud, region: str = EDGE) -> Any:
    return cloud.client("wafv2", region)


def _split(action: str) -> tuple[str, str]:
    """The verb and the kind."""
    kind = next(kind for kind in _EMPTY if action.endswith(kind))
    return action.removesuffix(kind), kind


def create(
    client: Any, kind: str, name: str = "kairos", scope: str = "CLOUDFRONT", **more: Any
) -> dict[str, Any]:
    """Create an empty resource of a kind. Returns its summary."""
    members = {**_EMPTY[kind], **_WHEN_MADE.get(kind, {}), **more}
    return getattr(client, xform_name(f"Create{kind}"))(Name=name, Scope=scope, **members)["Summary"]


def _named(made: dict[str, Any]) -> dict[str, Any]:
    return {**{name: made[name] for name in ("Name", "Id", "LockToken")}, "Scope": "CLOUDFRONT"}


def update(client: Any, kind: str, made: dict[str, Any], **more: Any) -> str:
    """Update it. Returns its next lock token."""
    members = {**_named(made), **_EMPTY[kind], **more}
    return getattr(client, xform_name(f"Update{kind}"))(**members)["NextLockToken"]


def delete(client: Any, kind: str, made: dict[str, Any]) -> Call:
    return lambda: getattr(client, xform_name(f"Delete{kind}"))(**_named(made))


def refers_to(made: dict[str, Any]) -> dict[str, Any]:
    """A statement that refers to an IP set."""
    return {"IPSetReferenceStatement": {"ARN": made["ARN"]}}


def rule(statement: dict[str, Any], name: str = "first", priority: int = 0) -> dict[str, Any]:
    return {
        "Name": name,
        "Priority": priority,
        "Statement": statement,
        "Action": {"Block": {}},
        "VisibilityConfig": VISIBLE,
    }


def put_acl(client: Any, action: str, name: str = "kairos") -> Any:
    """Create or change a web ACL with these rules."""
    made = create(client, "WebACL", name) if action == "UpdateWebACL" else None

    def put(rules: list[dict[str, Any]]) -> Call:
        if made is None:
            return lambda: create(client, "WebACL", name, Rules=rules)
        return lambda: update(client, "WebACL", made, Rules=rules)

    return put


@walk("waf-set-of-an-acl")
def set_of_an_acl(cloud: Cloud) -> Iterator[Call]:
    client = client_of(cloud)
    made = create(client, "IPSet")
    inner = refers_to(made)
    acl = create(client, "WebACL", Rules=[rule({"OrStatement": {"Statements": [inner, inner]}})])
    yield delete(client, "IPSet", made)
    update(client, "WebACL", acl)
    yield delete(client, "IPSet", made)


@walks("waf-scope-elsewhere")
def scope_elsewhere(cloud: Cloud, action: str) -> Iterator[Call]:
    verb, kind = _split(action)
    made = create(client_of(cloud), kind, "made")

    def ask(region: str) -> Call:
        client = client_of(cloud, region)
        if verb == "Create":
            return lambda: create(client, kind)
        if verb == "Update":
            return lambda: update(client, kind, made)
        if verb == "Delete":
            return delete(client, kind, made)
        named = {name: value for name, value in _named(made).items() if name != "LockToken"}
        return lambda: getattr(client, xform_name(action))(**named)

    yield ask(REGION)
    yield ask(EDGE)


def _two_rules(row: str, second: dict[str, Any]) -> None:
    @walks(row)
    def two_rules(cloud: Cloud, action: str) -> Iterator[Call]:
        client = client_of(cloud)
        statement = refers_to(create(client, "IPSet"))
        put = put_acl(client, action)
        yield put([rule(statement), rule(statement, **second)])
        yield put([rule(statement), rule(statement, "second", 1)])


_two_rules("waf-priority-twice", {"name": "second", "priority": 0})
_two_rules("waf-rule-name-twice", {"name": "first", "priority": 1})


@walks("waf-one-statement-of-and-or")
def one_statement(cloud: Cloud, action: str) -> Iterator[Call]:
    client = client_of(cloud)
    inner = refers_to(create(client, "IPSet"))
    put = put_acl(client, action)
    yield put([rule({"OrStatement": {"Statements": [inner]}})])
    yield put([rule({"OrStatement": {"Statements": [inner, inner]}})])


@walks("waf-over-capacity")
def over_capacity(cloud: Cloud, action: str) -> Iterator[Call]:
    put = put_acl(client_of(cloud), action)
    group = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}

    def groups(count: int) -> list[dict[str, Any]]:
        made = [rule(group, f"group-{number}", number) for number in range(count)]
        return [{**one, "OverrideAction": {"None": {}}} for one in made for _ in [one.pop("Action")]]

    yield put(groups(8))
    yield put(groups(7))


def _put_addresses(cloud: Cloud, action: str, version: str = "IPV4") -> Callable[..., Call]:
    client = client_of(cloud)
    made = create(client, "IPSet", "made", IPAddressVersion=version)

    def put(*addresses: str) -> Call:
        if action == "CreateIPSet":
            return lambda: create(client, "IPSet", Addresses=addresses, IPAddressVersion=version)
        return lambda: update(client, "IPSet", made, Addresses=addresses)

    return put


@walks("waf-address-of-all")
def address_of_all(cloud: Cloud, action: str) -> Iterator[Call]:
    put = _put_addresses(cloud, action)
    yield put("192.0.2.0/24", "0.0.0.0/0")
    yield put("0.0.0.0/1", "128.0.0.0/1")


@walks("waf-address-within-a-network")
def address_within_a_network(cloud: Cloud, action: str) -> Iterator[Call]:
    put = _put_addresses(cloud, action)
    yield put("192.0.2.0/24", "195.178.188.66/29")
    yield put("192.0.2.0/24", "195.178.188.64/29", "195.178.188.66/32")


@walks("waf-log-policies-used-up")
def log_policies_used_up(cloud: Cloud, action: str) -> Iterator[Call]:
    client, logs = client_of(cloud), cloud.client("logs", EDGE)
    acl = create(client, "WebACL")

    def let_write(name: str, service: str) -> None:
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "logs:PutLogEvents"}
        logs.put_resource_policy(policyName=name, policyDocument=policy({**statement, "Resource": "*"}))

    for number in range(10):
        let_write(f"policy-{number}", "es.amazonaws.com")
    group = f"arn:aws:logs:{EDGE}:{ACCOUNT}:log-group:aws-waf-logs-kairos"
    configuration = {"ResourceArn": acl["ARN"], "LogDestinationConfigs": [group]}
    yield lambda: client.put_logging_configuration(LoggingConfiguration=configuration)
    let_write("policy-0", "delivery.logs.amazonaws.com")
    yield lambda: client.put_logging_configuration(LoggingConfiguration=configuration)


@walk("waf-log-destination-name")
def log_destination(cloud: Cloud) -> Iterator[Call]:
    client = client_of(cloud)
    acl = create(client, "WebACL")

    def log_to(group: str) -> Call:
        arn = f"arn:aws:logs:{EDGE}:{ACCOUNT}:log-group:{group}"
        return lambda: client.put_logging_configuration(
            LoggingConfiguration={"ResourceArn": acl["ARN"], "LogDestinationConfigs": [arn]}
        )

    yield log_to("kairos")
    yield log_to("aws-waf-logs-kairos")


@walks("waf-name-taken")
def name_taken(cloud: Cloud, action: str) -> Iterator[Call]:
    client, kind = client_of(cloud), _split(action)[1]
    made = create(client, kind)
    yield lambda: create(client, kind)
    delete(client, kind, made)()
    yield lambda: create(client, kind)


@walks("waf-stale-lock-token")
def stale_lock_token(cloud: Cloud, action: str) -> Iterator[Call]:
    client = client_of(cloud)
    verb, kind = _split(action)
    made = create(client, kind)
    now = {**made, "LockToken": update(client, kind, made)}

    def put(seen: dict[str, Any]) -> Call:
        return delete(client, kind, seen) if verb == "Delete" else lambda: update(client, kind, seen)

    yield put(made)
    yield put(now)


@walks("name-of-a-firewall-part-characters")
def name_of_a_part(cloud: Cloud, action: str) -> Iterator[Call]:
    client, kind = client_of(cloud), _split(action)[1]
    yield lambda: create(client, kind, "kairos.prod")
    yield lambda: create(client, kind, "kairos-prod")


@walks("name-of-a-firewall-part-length")
def length_of_a_part(cloud: Cloud, action: str) -> Iterator[Call]:
    client, kind = client_of(cloud), _split(action)[1]
    yield lambda: create(client, kind, "a" * 129)
    yield lambda: create(client, kind, "a" * 128)
