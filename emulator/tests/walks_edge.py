"""Walks of HTTP APIs, WAF, CloudFront and certificates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from emulator.tests.cloud import ACCOUNT, REGION, Cloud
from emulator.tests.walks import Call, walk
from emulator.tests.walks_names import make_edge_function

FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:kairos"
URI = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
EDGE = "us-east-1"
"""Where CloudFront's certificates and firewalls lie."""


def _api(cloud: Cloud) -> tuple[Any, str]:
    client = cloud.client("apigatewayv2")
    return client, client.create_api(Name="kairos", ProtocolType="HTTP")["ApiId"]


def _authorizer(client: Any, api: str) -> str:
    return client.create_authorizer(
        ApiId=api,
        Name="origin",
        AuthorizerType="REQUEST",
        AuthorizerUri=URI,
        AuthorizerPayloadFormatVersion="2.0",
        IdentitySource=["$request.header.x-origin-verify"],
    )["AuthorizerId"]


@walk("api-authorizer-of-a-route")
def authorizer_of_a_route(cloud: Cloud) -> Iterator[Call]:
    client, api = _api(cloud)
    authorizer = _authorizer(client, api)
    route = client.create_route(
        ApiId=api, RouteKey="ANY /", AuthorizationType="CUSTOM", AuthorizerId=authorizer
    )
    yield lambda: client.delete_authorizer(ApiId=api, AuthorizerId=authorizer)
    client.delete_route(ApiId=api, RouteId=route["RouteId"])
    yield lambda: client.delete_authorizer(ApiId=api, AuthorizerId=authorizer)


@walk("api-integration-of-a-route")
def integration_of_a_route(cloud: Cloud) -> Iterator[Call]:
    client, api = _api(cloud)
    made = client.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=URI, PayloadFormatVersion="2.0"
    )["IntegrationId"]
    route = client.create_route(ApiId=api, RouteKey="ANY /", Target=f"integrations/{made}")["RouteId"]
    yield lambda: client.delete_integration(ApiId=api, IntegrationId=made)
    client.delete_route(ApiId=api, RouteId=route)
    yield lambda: client.delete_integration(ApiId=api, IntegrationId=made)


def _certificate(cloud: Cloud, name: str = "api.example.com", region: str = REGION) -> str:
    return cloud.client("acm", region).request_certificate(DomainName=name, ValidationMethod="DNS")[
        "CertificateArn"
    ]


def _domain(cloud: Cloud, client: Any, certificate: str = "") -> str:
    name = "api.example.com"
    configuration = {
        "CertificateArn": certificate or _certificate(cloud),
        "EndpointType": "REGIONAL",
        "SecurityPolicy": "TLS_1_2",
    }
    client.create_domain_name(DomainName=name, DomainNameConfigurations=[configuration])
    return name


def _mapped(cloud: Cloud) -> tuple[Any, str, str, str]:
    client, api = _api(cloud)
    client.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
    name = _domain(cloud, client)
    mapping = client.create_api_mapping(DomainName=name, ApiId=api, Stage="$default")["ApiMappingId"]
    return client, api, name, mapping


@walk("api-mapped")
def mapped_api(cloud: Cloud) -> Iterator[Call]:
    client, api, name, mapping = _mapped(cloud)
    yield lambda: client.delete_api(ApiId=api)
    client.delete_api_mapping(DomainName=name, ApiMappingId=mapping)
    yield lambda: client.delete_api(ApiId=api)


@walk("api-stage-mapped")
def mapped_stage(cloud: Cloud) -> Iterator[Call]:
    client, api, name, mapping = _mapped(cloud)
    yield lambda: client.delete_stage(ApiId=api, StageName="$default")
    client.delete_api_mapping(DomainName=name, ApiMappingId=mapping)
    yield lambda: client.delete_stage(ApiId=api, StageName="$default")


@walk("api-mapping-key-taken")
def mapping_key_taken(cloud: Cloud) -> Iterator[Call]:
    client, api, name, mapping = _mapped(cloud)
    yield lambda: client.create_api_mapping(DomainName=name, ApiId=api, Stage="$default")
    client.delete_api_mapping(DomainName=name, ApiMappingId=mapping)
    yield lambda: client.create_api_mapping(DomainName=name, ApiId=api, Stage="$default")


@walk("api-route-without-its-authorizer")
def absent_authorizer(cloud: Cloud) -> Iterator[Call]:
    client, api = _api(cloud)

    def route(authorizer: str) -> Call:
        return lambda: client.create_route(
            ApiId=api, RouteKey="ANY /", AuthorizationType="CUSTOM", AuthorizerId=authorizer
        )

    yield route("absent")
    yield route(_authorizer(client, api))


VISIBLE = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "kairos"}


def _address_set(cloud: Cloud, name: str = "allowed") -> tuple[Any, dict[str, Any]]:
    client = cloud.client("wafv2", EDGE)
    made = client.create_ip_set(
        Name=name, Scope="CLOUDFRONT", IPAddressVersion="IPV4", Addresses=["192.0.2.0/24"]
    )["Summary"]
    return client, made


def _rule(statement: dict[str, Any], name: str = "first", priority: int = 0) -> dict[str, Any]:
    return {
        "Name": name,
        "Priority": priority,
        "Statement": statement,
        "Action": {"Block": {}},
        "VisibilityConfig": VISIBLE,
    }


def _acl(client: Any, rules: list[dict[str, Any]], name: str = "kairos") -> dict[str, Any]:
    return client.create_web_acl(
        Name=name, Scope="CLOUDFRONT", DefaultAction={"Allow": {}}, VisibilityConfig=VISIBLE, Rules=rules
    )["Summary"]


def _delete(client: Any, kind: str, made: dict[str, Any]) -> Call:
    named = {name: made[name] for name in ("Name", "Id", "LockToken")}
    return lambda: getattr(client, f"delete_{kind}")(Scope="CLOUDFRONT", **named)


@walk("waf-set-of-an-acl")
def set_of_an_acl(cloud: Cloud) -> Iterator[Call]:
    client, made = _address_set(cloud)
    inner = {"IPSetReferenceStatement": {"ARN": made["ARN"]}}
    acl = _acl(client, [_rule({"OrStatement": {"Statements": [inner, inner]}})])
    yield _delete(client, "ip_set", made)
    client.update_web_acl(
        **{name: acl[name] for name in ("Name", "Id", "LockToken")},
        Scope="CLOUDFRONT",
        DefaultAction={"Allow": {}},
        VisibilityConfig=VISIBLE,
        Rules=[],
    )
    yield _delete(client, "ip_set", made)


@walk("waf-acl-of-a-distribution")
def acl_of_a_distribution(cloud: Cloud) -> Iterator[Call]:
    client, _ = _address_set(cloud)
    acl = _acl(client, [])
    made = distribute(cloud, WebACLId=acl["ARN"])
    yield _delete(client, "web_acl", acl)
    _change(cloud, made, WebACLId="")
    yield _delete(client, "web_acl", acl)


@walk("waf-scope-elsewhere")
def scope_elsewhere(cloud: Cloud) -> Iterator[Call]:
    def make(region: str) -> Call:
        return lambda: cloud.client("wafv2", region).create_ip_set(
            Name="allowed", Scope="CLOUDFRONT", IPAddressVersion="IPV4", Addresses=[]
        )

    yield make(REGION)
    yield make(EDGE)


def _two_rules(row: str, second: dict[str, Any]) -> None:
    @walk(row)
    def two_rules(cloud: Cloud) -> Iterator[Call]:
        client, made = _address_set(cloud)
        statement = {"IPSetReferenceStatement": {"ARN": made["ARN"]}}
        yield lambda: _acl(client, [_rule(statement), _rule(statement, **second)])
        yield lambda: _acl(client, [_rule(statement), _rule(statement, "second", 1)])


_two_rules("waf-priority-twice", {"name": "second", "priority": 0})
_two_rules("waf-rule-name-twice", {"name": "first", "priority": 1})


@walk("waf-one-statement-of-and-or")
def one_statement(cloud: Cloud) -> Iterator[Call]:
    client, made = _address_set(cloud)
    inner = {"IPSetReferenceStatement": {"ARN": made["ARN"]}}

    def make(count: int) -> Call:
        return lambda: _acl(client, [_rule({"OrStatement": {"Statements": [inner] * count}})])

    yield make(1)
    yield make(2)


@walk("waf-log-destination-name")
def log_destination(cloud: Cloud) -> Iterator[Call]:
    client, _ = _address_set(cloud)
    acl = _acl(client, [])

    def log_to(group: str) -> Call:
        arn = f"arn:aws:logs:{EDGE}:{ACCOUNT}:log-group:{group}"
        return lambda: client.put_logging_configuration(
            LoggingConfiguration={"ResourceArn": acl["ARN"], "LogDestinationConfigs": [arn]}
        )

    yield log_to("kairos")
    yield log_to("aws-waf-logs-kairos")


@walk("waf-name-taken")
def set_name_taken(cloud: Cloud) -> Iterator[Call]:
    client, made = _address_set(cloud)
    yield lambda: _address_set(cloud)
    _delete(client, "ip_set", made)()
    yield lambda: _address_set(cloud)


@walk("waf-stale-lock-token")
def stale_lock_token(cloud: Cloud) -> Iterator[Call]:
    client, made = _address_set(cloud)
    named = {name: made[name] for name in ("Name", "Id", "LockToken")}
    token = client.update_ip_set(Scope="CLOUDFRONT", Addresses=[], **named)["NextLockToken"]
    yield _delete(client, "ip_set", made)
    yield _delete(client, "ip_set", {**made, "LockToken": token})


def distribute(cloud: Cloud, reference: str = "first", **more: Any) -> dict[str, Any]:
    """Make a distribution in front of an origin that is nowhere; what CloudFront answers."""
    behavior = {
        "TargetOriginId": "origin",
        "ViewerProtocolPolicy": "https-only",
        "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        **more.pop("behavior", {}),
    }
    origin = {
        "Id": "origin",
        "DomainName": "origin.example.com",
        "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
    }
    config = {
        "CallerReference": reference,
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": behavior,
        **more,
    }
    return cloud.client("cloudfront").create_distribution(DistributionConfig=config)


def _change(cloud: Cloud, made: dict[str, Any], **more: Any) -> str:
    """Change the distribution; its new ETag."""
    client = cloud.client("cloudfront")
    identity = made["Distribution"]["Id"]
    known = client.get_distribution_config(Id=identity)
    config = {**known["DistributionConfig"], **more}
    changed = client.update_distribution(Id=identity, IfMatch=known["ETag"], DistributionConfig=config)
    return changed["ETag"]


def _no_behavior(made: dict[str, Any], member: str) -> dict[str, Any]:
    """The default behaviour without a member."""
    behavior = made["Distribution"]["DistributionConfig"]["DefaultCacheBehavior"]
    return {name: value for name, value in behavior.items() if name != member}


def _runs(function: dict[str, Any]) -> dict[str, Any]:
    arn = function["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    items = [{"FunctionARN": arn, "EventType": "viewer-request"}]
    return {"FunctionAssociations": {"Quantity": 1, "Items": items}}


@walk("cloudfront-function-of-a-distribution")
def function_of_a_distribution(cloud: Cloud) -> Iterator[Call]:
    client = cloud.client("cloudfront")
    function = make_edge_function(cloud, "kairos")
    client.publish_function(Name="kairos", IfMatch=function["ETag"])
    made = distribute(cloud, behavior=_runs(function))
    yield lambda: client.delete_function(Name="kairos", IfMatch=function["ETag"])
    _change(cloud, made, DefaultCacheBehavior=_no_behavior(made, "FunctionAssociations"))
    yield lambda: client.delete_function(Name="kairos", IfMatch=function["ETag"])


@walk("cloudfront-function-not-live")
def function_not_live(cloud: Cloud) -> Iterator[Call]:
    function = make_edge_function(cloud, "kairos")
    yield lambda: distribute(cloud, behavior=_runs(function))
    cloud.client("cloudfront").publish_function(Name="kairos", IfMatch=function["ETag"])
    yield lambda: distribute(cloud, behavior=_runs(function))


@walk("cloudfront-headers-policy-of-a-distribution")
def headers_policy_of_a_distribution(cloud: Cloud) -> Iterator[Call]:
    client = cloud.client("cloudfront")
    security = {"ContentTypeOptions": {"Override": True}}
    policy = client.create_response_headers_policy(
        ResponseHeadersPolicyConfig={"Name": "kairos", "SecurityHeadersConfig": security}
    )
    identity = policy["ResponseHeadersPolicy"]["Id"]
    made = distribute(cloud, behavior={"ResponseHeadersPolicyId": identity})
    yield lambda: client.delete_response_headers_policy(Id=identity, IfMatch=policy["ETag"])
    _change(cloud, made, DefaultCacheBehavior=_no_behavior(made, "ResponseHeadersPolicyId"))
    yield lambda: client.delete_response_headers_policy(Id=identity, IfMatch=policy["ETag"])


@walk("cloudfront-distribution-enabled")
def distribution_enabled(cloud: Cloud) -> Iterator[Call]:
    client = cloud.client("cloudfront")
    made = distribute(cloud)
    identity = made["Distribution"]["Id"]
    yield lambda: client.delete_distribution(Id=identity, IfMatch=made["ETag"])
    etag = _change(cloud, made, Enabled=False)
    yield lambda: client.delete_distribution(Id=identity, IfMatch=etag)


@walk("cloudfront-stale-etag")
def stale_etag(cloud: Cloud) -> Iterator[Call]:
    client = cloud.client("cloudfront")
    made = distribute(cloud)
    identity = made["Distribution"]["Id"]
    etag = _change(cloud, made, Enabled=False)
    yield lambda: client.delete_distribution(Id=identity, IfMatch=made["ETag"])
    yield lambda: client.delete_distribution(Id=identity, IfMatch=etag)


@walk("cloudfront-wrong-web-acl")
def wrong_web_acl(cloud: Cloud) -> Iterator[Call]:
    client, _ = _address_set(cloud)
    arn = _acl(client, [])["ARN"]
    yield lambda: distribute(cloud, WebACLId=arn.replace(":global/", ":regional/"))
    yield lambda: distribute(cloud, WebACLId=arn)


def _serves(name: str, certificate: str) -> dict[str, Any]:
    return {
        "Aliases": {"Quantity": 1, "Items": [name]},
        "ViewerCertificate": {
            "ACMCertificateArn": certificate,
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
    }


@walk("cloudfront-certificate-absent")
def certificate_absent(cloud: Cloud) -> Iterator[Call]:
    elsewhere, right = _certificate(cloud), _certificate(cloud, region=EDGE)
    yield lambda: distribute(cloud, **_serves("api.example.com", elsewhere))
    yield lambda: distribute(cloud, **_serves("api.example.com", right))


@walk("cloudfront-name-not-covered")
def name_not_covered(cloud: Cloud) -> Iterator[Call]:
    certificate = _certificate(cloud, "*.example.com", EDGE)
    yield lambda: distribute(cloud, **_serves("example.com", certificate))
    yield lambda: distribute(cloud, **_serves("api.example.com", certificate))


@walk("cloudfront-name-taken")
def name_taken(cloud: Cloud) -> Iterator[Call]:
    serves = _serves("api.example.com", _certificate(cloud, region=EDGE))
    made = distribute(cloud, **serves)
    yield lambda: distribute(cloud, "second", **serves)
    _change(cloud, made, Aliases={"Quantity": 0})
    yield lambda: distribute(cloud, "second", **serves)


@walk("certificate-in-use")
def certificate_in_use(cloud: Cloud) -> Iterator[Call]:
    certificate = _certificate(cloud)
    gateway = cloud.client("apigatewayv2")
    name = _domain(cloud, gateway, certificate)
    yield lambda: cloud.client("acm").delete_certificate(CertificateArn=certificate)
    gateway.delete_domain_name(DomainName=name)
    yield lambda: cloud.client("acm").delete_certificate(CertificateArn=certificate)
