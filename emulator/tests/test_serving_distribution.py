"""HTTP requests to distributions of a running local cloud."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import ACCOUNT, Cloud
from emulator.tests.staging import NAME, DeployedApi, address, ask, messages
from emulator.tests.test_serving_http_api import deploy

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
GROUP = f"aws-waf-logs-{NAME}"


def put_in_front(cloud: Cloud, api: DeployedApi, acl: str = "", **more: Any) -> dict[str, Any]:
    """Create a distribution for an API. Returns CloudFront's description of it."""
    behavior = {
        "TargetOriginId": "api",
        "ViewerProtocolPolicy": "https-only",
        "AllowedMethods": {
            "Quantity": 7,
            "Items": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
            "CachedMethods": {"Quantity": 2, "Items": ["GET", "HEAD"]},
        },
        "CachePolicyId": CACHING_DISABLED,
        "OriginRequestPolicyId": ALL_VIEWER_EXCEPT_HOST,
        **more.pop("behavior", {}),
    }
    origin = {
        "Id": "api",
        "DomainName": api.domain,
        "CustomHeaders": {
            "Quantity": 1,
            "Items": [{"HeaderName": "x-origin-verify", "HeaderValue": "secret"}],
        },
        "CustomOriginConfig": {
            "HTTPPort": 80,
            "HTTPSPort": 443,
            "OriginProtocolPolicy": "https-only",
            "OriginReadTimeout": 35,
        },
        **more.pop("origin", {}),
    }
    config = {
        "CallerReference": "test",
        "Comment": NAME,
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": behavior,
        "WebACLId": acl,
        **more,
    }
    return cloud.client("cloudfront").create_distribution(DistributionConfig=config)["Distribution"]


def named(cloud: Cloud, name: str) -> dict[str, Any]:
    """The settings for an alternate domain name, with a certificate for it."""
    request = {"DomainName": name, "ValidationMethod": "DNS"}
    certificate = cloud.client("acm", "us-east-1").request_certificate(**request)["CertificateArn"]
    return {
        "Aliases": {"Quantity": 1, "Items": [name]},
        "ViewerCertificate": {
            "ACMCertificateArn": certificate,
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
    }


@pytest.fixture
def api(cloud: Cloud, home: Path) -> DeployedApi:
    return deploy(cloud, home)


def front_of(cloud: Cloud, api: DeployedApi, acl: str = "", **more: Any) -> str:
    return address(cloud, put_in_front(cloud, api, acl, **more)["Id"])


def test_a_request_reaches_the_api_with_the_origins_header(cloud: Cloud, api: DeployedApi) -> None:
    url = front_of(cloud, api)
    found = ask(url, "/event?a=1", source="127.0.0.2", User_Agent="agent", Authorization="Bearer token")
    event = found.json
    assert event["headers"]["x-origin-verify"] == "secret"
    assert event["headers"]["host"] == api.domain
    assert event["headers"]["authorization"] == "Bearer token"
    assert (event["rawQueryString"], event["headers"]["user-agent"]) == ("a=1", "agent")
    assert "cloudfront.net (CloudFront)" in event["headers"]["via"]
    assert event["headers"]["x-forwarded-for"].startswith("127.0.0.2, ")
    assert event["requestContext"]["http"]["sourceIp"] == event["headers"]["x-forwarded-for"].split(", ")[1]
    assert found.header("x-cache") == "Miss from cloudfront"
    assert found.header("apigw-requestid") == event["requestContext"]["requestId"]


def test_cookies_and_bodies_are_passed_in_both_directions(cloud: Cloud, api: DeployedApi) -> None:
    url = front_of(cloud, api)
    answer = {"statusCode": 201, "cookies": ["a=1; Path=/", "b=2"], "body": "made"}
    found = ask(url, "/x", "POST", json.dumps(answer).encode(), Content_Type="application/json")
    assert (found.status, found.body) == (201, b"made")
    assert [value for name, value in found.headers if name.lower() == "set-cookie"] == ["a=1; Path=/", "b=2"]
    assert ask(url, "/event", Cookie="x=1; y=2").json["cookies"] == ["x=1", "y=2"]


def test_the_clouds_own_port_distinguishes_http_from_https(cloud: Cloud, api: DeployedApi) -> None:
    domain = put_in_front(cloud, api)["DomainName"]
    assert ask(cloud.url, "/", Host=domain).status == 403
    assert ask(cloud.url, "/", Host=domain, X_Forwarded_Proto="https").status == 200


def test_the_api_does_not_see_the_viewers_host(cloud: Cloud, api: DeployedApi) -> None:
    url = front_of(cloud, api, behavior={"OriginRequestPolicyId": ALL_VIEWER})
    found = ask(url, "/")
    assert (found.status, found.json) == (403, {"message": "Forbidden"})
    assert messages(cloud) == []


def test_an_unknown_origin_is_502(cloud: Cloud, api: DeployedApi) -> None:
    other = api.domain.replace(api.identity, "ffffffff")
    assert ask(front_of(cloud, api, origin={"DomainName": other}), "/").status == 502


def test_an_api_slower_than_the_origin_limit_is_504(cloud: Cloud, api: DeployedApi) -> None:
    slow = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only", "OriginReadTimeout": 1}
    url = front_of(cloud, api, origin={"CustomOriginConfig": slow})
    assert ask(url, "/").status == 200
    assert ask(url, "/sleep?seconds=3").status == 504


def test_an_alias_is_the_host_and_a_redirect_to_it_reaches_the_front(cloud: Cloud, api: DeployedApi) -> None:
    made = put_in_front(cloud, api, **named(cloud, "api.kairos.test"))
    url = address(cloud, made["Id"])

    def redirected(location: str) -> str | None:
        answer = {"statusCode": 307, "headers": {"location": location}}
        return ask(url, "/x", "POST", json.dumps(answer).encode()).header("location")

    assert redirected("https://api.kairos.test/docs/") == f"{url}/docs/"
    assert redirected("/docs/") == "/docs/"
    assert redirected("https://api.kairos.test.evil.test/") == "https://api.kairos.test.evil.test/"
    for host in ("api.kairos.test", made["DomainName"]):
        assert ask(cloud.url, "/", Host=host, X_Forwarded_Proto="https").status == 200


FUNCTION = """
function handler(event) {
  var response = event.response;
  response.headers['x-function'] = { value: String(response.statusCode) };
  return response;
}
"""


def test_a_function_changes_responses_below_400(cloud: Cloud, api: DeployedApi) -> None:
    client = cloud.client("cloudfront")
    made = client.create_function(
        Name="mark",
        FunctionConfig={"Comment": "", "Runtime": "cloudfront-js-2.0"},
        FunctionCode=FUNCTION.encode(),
    )
    client.publish_function(Name="mark", IfMatch=made["ETag"])
    arn = made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    associated = {"Quantity": 1, "Items": [{"EventType": "viewer-response", "FunctionARN": arn}]}
    url = front_of(cloud, api, behavior={"FunctionAssociations": associated})
    assert ask(url, "/").header("x-function") == "200"
    assert ask(url, "/x", "POST", b'{"statusCode":307}').header("x-function") == "307"
    assert ask(url, "/x", "POST", b'{"statusCode":404}').header("x-function") is None


def test_requests_longer_than_cloudfront_accepts_are_refused(cloud: Cloud, api: DeployedApi) -> None:
    url = front_of(cloud, api)
    assert ask(url, "/" + "a" * 8192).status == 414
    assert ask(url, "/", X_Long="x" * 40000).status == 494


def visibility(name: str) -> dict[str, Any]:
    return {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}


def rule(name: str, priority: int, statement: dict[str, Any], action: dict[str, Any]) -> dict[str, Any]:
    settings = {"Name": name, "Priority": priority, "Statement": statement, "Action": action}
    return {**settings, "VisibilityConfig": visibility(name)}


def refuse(status: int, key: str, *headers: dict[str, str]) -> dict[str, Any]:
    response: dict[str, Any] = {"ResponseCode": status, "CustomResponseBodyKey": key}
    if headers:
        response["ResponseHeaders"] = list(headers)
    return {"Block": {"CustomResponse": response}}


def starts_with(path: str) -> dict[str, Any]:
    return {
        "ByteMatchStatement": {
            "SearchString": path.encode(),
            "FieldToMatch": {"UriPath": {}},
            "TextTransformations": [
                {"Priority": 0, "Type": "URL_DECODE"},
                {"Priority": 1, "Type": "LOWERCASE"},
            ],
            "PositionalConstraint": "STARTS_WITH",
        }
    }


BODIES = {
    "slow-down": {"ContentType": "APPLICATION_JSON", "Content": '{"message":"Too Many Requests"}'},
    "no": {"ContentType": "TEXT_PLAIN", "Content": "no"},
}


def make_acl(cloud: Cloud, *rules: dict[str, Any], default: dict[str, Any] | None = None, **more: Any) -> str:
    """Create a web ACL with a log. Returns its ARN."""
    client = cloud.client("wafv2", "us-east-1")
    arn = client.create_web_acl(
        Name=NAME,
        Scope="CLOUDFRONT",
        DefaultAction=default or {"Allow": {}},
        Rules=list(rules),
        VisibilityConfig=visibility(NAME),
        CustomResponseBodies=BODIES,
        **more,
    )["Summary"]["ARN"]
    cloud.client("logs", "us-east-1").create_log_group(logGroupName=GROUP)
    client.put_logging_configuration(
        LoggingConfiguration={
            "ResourceArn": arn,
            "LogDestinationConfigs": [f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{GROUP}"],
            "RedactedFields": [{"SingleHeader": {"Name": "authorization"}}],
        }
    )
    return arn


def make_ip_set(cloud: Cloud, *addresses: str) -> dict[str, Any]:
    client = cloud.client("wafv2", "us-east-1")
    return client.create_ip_set(
        Name="blocked", Scope="CLOUDFRONT", IPAddressVersion="IPV4", Addresses=list(addresses)
    )["Summary"]


def log_of(cloud: Cloud) -> list[dict[str, Any]]:
    return [json.loads(line) for line in messages(cloud, GROUP, "us-east-1")]


def counted(cloud: Cloud, metric: str, of_rule: str) -> float:
    dimensions = {"WebACL": NAME, "Rule": of_rule}
    return cloud.total("AWS/WAFV2", metric, dimensions, region="us-east-1")


def test_a_blocked_address_is_refused_before_the_api(cloud: Cloud, api: DeployedApi) -> None:
    ip_set = make_ip_set(cloud, "127.0.0.66/32")
    blocked = rule("blocked", 10, {"IPSetReferenceStatement": {"ARN": ip_set["ARN"]}}, refuse(403, "no"))
    url = front_of(cloud, api, make_acl(cloud, blocked))
    found = ask(url, "/", source="127.0.0.66")
    assert (found.status, found.body, found.header("content-type")) == (403, b"no", "text/plain")
    assert messages(cloud) == []
    assert ask(url, "/").status == 200
    cloud.client("wafv2", "us-east-1").update_ip_set(
        Name="blocked", Scope="CLOUDFRONT", Id=ip_set["Id"], Addresses=[], LockToken=ip_set["LockToken"]
    )
    assert ask(url, "/", source="127.0.0.66").status == 200


def test_a_block_without_a_response_has_cloudfronts_page(cloud: Cloud, api: DeployedApi) -> None:
    url = front_of(cloud, api, make_acl(cloud, rule("admin", 1, starts_with("/admin"), {"Block": {}})))
    found = ask(url, "/%41dmin")
    assert (found.status, found.header("x-cache")) == (403, "Error from cloudfront")
    assert b"Request blocked." in found.body


def test_requests_above_the_rate_get_the_configured_response(cloud: Cloud, api: DeployedApi) -> None:
    limited = {"RateBasedStatement": {"Limit": 10, "AggregateKeyType": "IP", "EvaluationWindowSec": 300}}
    header = {"Name": "retry-after", "Value": "300"}
    url = front_of(cloud, api, make_acl(cloud, rule("rate", 1, limited, refuse(429, "slow-down", header))))
    found = [ask(url, "/") for _ in range(12)]
    assert [response.status for response in found] == [200] * 10 + [429] * 2
    last = found[-1]
    assert (last.json, last.header("retry-after")) == ({"message": "Too Many Requests"}, "300")
    assert last.header("content-type") == "application/json"
    assert ask(url, "/", source="127.0.0.2").status == 200


def test_rules_are_evaluated_by_priority_and_counting_continues(cloud: Cloud, api: DeployedApi) -> None:
    acl = make_acl(
        cloud,
        rule("last", 3, starts_with("/"), refuse(403, "no")),
        rule("allowed", 2, starts_with("/open"), {"Allow": {}}),
        rule("watched", 1, starts_with("/"), {"Count": {}}),
    )
    url = front_of(cloud, api, acl)
    assert (ask(url, "/open").status, ask(url, "/closed").status) == (200, 403)
    assert counted(cloud, "CountedRequests", "watched") == 2
    assert counted(cloud, "AllowedRequests", "allowed") == counted(cloud, "AllowedRequests", "ALL") == 1
    assert counted(cloud, "BlockedRequests", "last") == counted(cloud, "BlockedRequests", "ALL") == 1


def test_a_default_of_block_admits_only_allowed_requests(cloud: Cloud, api: DeployedApi) -> None:
    acl = make_acl(cloud, rule("open", 1, starts_with("/open"), {"Allow": {}}), default={"Block": {}})
    url = front_of(cloud, api, acl)
    assert (ask(url, "/open").status, ask(url, "/").status) == (200, 403)
    assert counted(cloud, "BlockedRequests", "Default_Action") == 1


def test_a_managed_group_admits_requests(cloud: Cloud, api: DeployedApi) -> None:
    group = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}
    managed = {
        "Name": "common",
        "Priority": 1,
        "Statement": group,
        "OverrideAction": {"None": {}},
        "VisibilityConfig": visibility("common"),
    }
    url = front_of(cloud, api, make_acl(cloud, managed))
    assert ask(url, "/?q=<script>alert(1)</script>").status == 200


def test_a_body_over_the_configured_limit_is_refused(cloud: Cloud, api: DeployedApi) -> None:
    over = {
        "SizeConstraintStatement": {
            "FieldToMatch": {"Body": {"OversizeHandling": "MATCH"}},
            "ComparisonOperator": "GT",
            "Size": 65536,
            "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
        }
    }
    limit = {"RequestBody": {"CLOUDFRONT": {"DefaultSizeInspectionLimit": "KB_64"}}}
    url = front_of(
        cloud, api, make_acl(cloud, rule("size", 1, over, refuse(413, "no")), AssociationConfig=limit)
    )
    kind = {"Content_Type": "text/plain"}
    assert ask(url, "/size", "POST", b"x" * 65536, **kind).body == b"65536"
    assert ask(url, "/size", "POST", b"x" * 65537, **kind).status == 413


def test_the_log_contains_client_request_and_rule(cloud: Cloud, api: DeployedApi) -> None:
    acl = make_acl(cloud, rule("admin", 1, starts_with("/admin"), refuse(403, "no")))
    made = put_in_front(cloud, api, acl)
    url = address(cloud, made["Id"])
    ask(url, "/admin?a=b", source="127.0.0.5", Authorization="Bearer secret")
    ask(url, "/")
    first, second = log_of(cloud)
    assert (first["action"], first["terminatingRuleId"], first["responseCodeSent"]) == ("BLOCK", "admin", 403)
    request = first["httpRequest"]
    assert (request["clientIp"], request["uri"], request["args"]) == ("127.0.0.5", "/admin", "a=b")
    assert {"name": "authorization", "value": "REDACTED"} in request["headers"]
    assert "Bearer secret" not in json.dumps(first)
    assert (first["httpSourceName"], first["httpSourceId"]) == ("CF", made["Id"])
    assert "x-forwarded-proto" not in {header["name"] for header in request["headers"]}
    assert (second["action"], second["terminatingRuleId"]) == ("ALLOW", "Default_Action")


def test_an_updated_web_acl_is_used_at_once(cloud: Cloud, api: DeployedApi) -> None:
    arn = make_acl(cloud, rule("admin", 1, starts_with("/admin"), refuse(403, "no")))
    url = front_of(cloud, api, arn)
    assert ask(url, "/admin").status == 403
    client = cloud.client("wafv2", "us-east-1")
    whole = {"Name": NAME, "Scope": "CLOUDFRONT", "Id": arn.rpartition("/")[2]}
    token = client.get_web_acl(**whole)["LockToken"]
    client.update_web_acl(
        **whole, LockToken=token, DefaultAction={"Allow": {}}, Rules=[], VisibilityConfig=visibility(NAME)
    )
    assert ask(url, "/admin").status == 200


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"Statement": {"GeoMatchStatement": {"CountryCodes": ["GB"]}}}, "GeoMatchStatement"),
        ({"RuleLabels": [{"Name": "path:admin"}]}, "Rule.RuleLabels"),
    ],
)
def test_a_rule_that_is_not_evaluated_here_is_refused_by_its_name(
    cloud: Cloud, changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(ClientError) as refused:
        make_acl(cloud, rule("odd", 1, starts_with("/admin"), {"Block": {}}) | changes)
    error = refused.value.response["Error"]
    assert error["Code"] == "WAFInvalidParameterException"
    assert f"does not evaluate {named} of the rule odd" in error["Message"]
    unset = {"CaptchaConfig": {}, "ChallengeConfig": {}, "RuleLabels": []}
    assert make_acl(cloud, rule("odd", 1, starts_with("/admin"), {"Block": {}}) | unset)
