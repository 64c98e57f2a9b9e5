"""Walks of HTTP APIs, CloudFront and certificates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from emulator.tests.cloud import ACCOUNT, REGION, Cloud
from emulator.tests.walks import Call, walk, walks
from emulator.tests.walks_firewall import EDGE, client_of, create, delete
from emulator.tests.walks_names import make_edge_function

FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:kairos"
URI = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"


def _api(cloud: Cloud) -> tuple[Any, str]:
    client = cloud.client("apigatewayv2")
    return client, client.create_api(Name="kairos", ProtocolType="HTTP")["ApiId"]


def _authorizer(client: Any, api: str, name: str = "origin") -> str:
    return client.create_authorizer(
        ApiId=api,
        Name=name,
        AuthorizerType="REQUEST",
        AuthorizerUri=URI,
        AuthorizerPayloadFormatVersion="2.0",
        IdentitySource=["$request.header.x-origin-verify"],
    )["AuthorizerId"]


def _parts(client: Any, api: str) -> dict[str, tuple[Callable[[int], Any], str, dict[str, Any]]]:
    """Kind of part -> how to create the n-th one, the member that identifies it, and the members of an
    update.
    """

    def integration(_: int) -> Any:
        return client.create_integration(
            ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=FUNCTION, PayloadFormatVersion="2.0"
        )

    def authorizer(number: int) -> Any:
        return {"AuthorizerId": _authorizer(client, api, f"origin-{number}")}

    return {
        "Route": (lambda n: client.create_route(ApiId=api, RouteKey=f"GET /{n}"), "RouteId", {}),
        "Integration": (integration, "IntegrationId", {"Description": "changed"}),
        "Authorizer": (authorizer, "AuthorizerId", {"AuthorizerResultTtlInSeconds": 0}),
        "Stage": (lambda n: client.create_stage(ApiId=api, StageName=f"s{n}"), "StageName", {}),
    }


@walks("api-being-written")
def written_at_one_time(cloud: Cloud, action: str) -> Iterator[Call]:
    client, api = _api(cloud)
    verb, kind = action[:6], action[6:]
    make, identity, changes = _parts(client, api)[kind]
    if verb == "Create":
        write = make
    else:
        made = [make(number)[identity] for number in range(16)]
        method = getattr(client, f"{verb.lower()}_{kind.lower()}")
        more = changes if verb == "Update" else {}

        def write(number: int) -> Any:
            return method(ApiId=api, **{identity: made[number]}, **more)

    def write_many() -> None:
        with ThreadPoolExecutor(15) as pool:
            list(pool.map(write, range(15)))

    yield write_many
    yield lambda: write(15)


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


@walk("api-route-exists")
def route_exists(cloud: Cloud) -> Iterator[Call]:
    client, api = _api(cloud)
    made = client.create_route(ApiId=api, RouteKey="ANY /{proxy+}")["RouteId"]
    yield lambda: client.create_route(ApiId=api, RouteKey="ANY /{proxy+}")
    client.delete_route(ApiId=api, RouteId=made)
    yield lambda: client.create_route(ApiId=api, RouteKey="ANY /{proxy+}")


@walk("api-stage-exists")
def stage_exists(cloud: Cloud) -> Iterator[Call]:
    client, api = _api(cloud)
    client.create_stage(ApiId=api, StageName="$default")
    yield lambda: client.create_stage(ApiId=api, StageName="$default")
    client.delete_stage(ApiId=api, StageName="$default")
    yield lambda: client.create_stage(ApiId=api, StageName="$default")


@walks("api-route-without-its-authorizer")
def absent_authorizer(cloud: Cloud, action: str) -> Iterator[Call]:
    client, api = _api(cloud)
    made = client.create_route(ApiId=api, RouteKey="ANY /")["RouteId"] if action == "UpdateRoute" else None

    def route(authorizer: str) -> Call:
        members = {"ApiId": api, "AuthorizationType": "CUSTOM", "AuthorizerId": authorizer}
        if made is None:
            return lambda: client.create_route(RouteKey="ANY /", **members)
        return lambda: client.update_route(RouteId=made, **members)

    yield route("absent")
    yield route(_authorizer(client, api))


@walk("waf-acl-of-a-distribution")
def acl_of_a_distribution(cloud: Cloud) -> Iterator[Call]:
    client = client_of(cloud)
    acl = create(client, "WebACL")
    made = distribute(cloud, WebACLId=acl["ARN"])
    yield delete(client, "WebACL", acl)
    _change(cloud, made, WebACLId="")
    yield delete(client, "WebACL", acl)


def distribute(
    cloud: Cloud, reference: str = "first", *, tagged: bool = False, **more: Any
) -> dict[str, Any]:
    """Create a distribution with an origin that does not exist. Returns CloudFront's response."""
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
    client = cloud.client("cloudfront")
    if tagged:
        tags = {"Items": [{"Key": "app", "Value": "kairos"}]}
        return client.create_distribution_with_tags(
            DistributionConfigWithTags={"DistributionConfig": config, "Tags": tags}
        )
    return client.create_distribution(DistributionConfig=config)


def _put_distribution(cloud: Cloud, action: str) -> Callable[..., Call]:
    """Create or change a distribution with these settings."""
    made = distribute(cloud, "put") if action == "UpdateDistribution" else None

    def put(**more: Any) -> Call:
        if made is None:
            tagged = action == "CreateDistributionWithTags"
            return lambda: distribute(cloud, "put", tagged=tagged, **more)
        before = made["Distribution"]["DistributionConfig"]["DefaultCacheBehavior"]
        behavior = {**before, **more.pop("behavior", {})}
        return lambda: _change(cloud, made, DefaultCacheBehavior=behavior, **more)

    return put


def _change(cloud: Cloud, made: dict[str, Any], **more: Any) -> str:
    """Change the distribution. Returns its new ETag."""
    client = cloud.client("cloudfront")
    identity = made["Distribution"]["Id"]
    known = client.get_distribution_config(Id=identity)
    config = {**known["DistributionConfig"], **more}
    changed = client.update_distribution(Id=identity, IfMatch=known["ETag"], DistributionConfig=config)
    return changed["ETag"]


def _no_behavior(made: dict[str, Any], member: str) -> dict[str, Any]:
    """The default cache behaviour without one member."""
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


@walks("cloudfront-function-not-live")
def function_not_live(cloud: Cloud, action: str) -> Iterator[Call]:
    function = make_edge_function(cloud, "kairos")
    put = _put_distribution(cloud, action)
    yield put(behavior=_runs(function))
    cloud.client("cloudfront").publish_function(Name="kairos", IfMatch=function["ETag"])
    yield put(behavior=_runs(function))


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


@walks("cloudfront-stale-etag", "UpdateDistribution", "DeleteDistribution")
def stale_etag(cloud: Cloud, action: str) -> Iterator[Call]:
    client = cloud.client("cloudfront")
    made = distribute(cloud)
    identity = made["Distribution"]["Id"]
    etag = _change(cloud, made, Enabled=False)

    def put(seen: str) -> Call:
        if action == "DeleteDistribution":
            return lambda: client.delete_distribution(Id=identity, IfMatch=seen)
        config = client.get_distribution_config(Id=identity)["DistributionConfig"]
        return lambda: client.update_distribution(Id=identity, IfMatch=seen, DistributionConfig=config)

    yield put(made["ETag"])
    yield put(etag)


@walks("cloudfront-stale-etag", "DeleteFunction")
def stale_etag_of_a_function(cloud: Cloud, action: str) -> Iterator[Call]:
    client = cloud.client("cloudfront")
    seen = make_edge_function(cloud, "kairos")["ETag"]
    client.update_function(
        Name="kairos",
        IfMatch=seen,
        FunctionConfig={"Comment": "changed", "Runtime": "cloudfront-js-2.0"},
        FunctionCode=b"function handler(event) { return event.request; }",
    )
    now = client.describe_function(Name="kairos", Stage="DEVELOPMENT")["ETag"]
    yield lambda: client.delete_function(Name="kairos", IfMatch=seen)
    yield lambda: client.delete_function(Name="kairos", IfMatch=now)


@walks("cloudfront-wrong-web-acl")
def wrong_web_acl(cloud: Cloud, action: str) -> Iterator[Call]:
    arn = create(client_of(cloud), "WebACL")["ARN"]
    put = _put_distribution(cloud, action)
    yield put(WebACLId=arn.replace(":global/", ":regional/"))
    yield put(WebACLId=arn)


def _serves(name: str, certificate: str) -> dict[str, Any]:
    return {
        "Aliases": {"Quantity": 1, "Items": [name]},
        "ViewerCertificate": {
            "ACMCertificateArn": certificate,
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
    }


@walks("cloudfront-certificate-absent")
def certificate_absent(cloud: Cloud, action: str) -> Iterator[Call]:
    elsewhere, right = _certificate(cloud), _certificate(cloud, region=EDGE)
    put = _put_distribution(cloud, action)
    yield put(**_serves("api.example.com", elsewhere))
    yield put(**_serves("api.example.com", right))


@walks("cloudfront-name-not-covered")
def name_not_covered(cloud: Cloud, action: str) -> Iterator[Call]:
    certificate = _certificate(cloud, "*.example.com", EDGE)
    put = _put_distribution(cloud, action)
    yield put(**_serves("example.com", certificate))
    yield put(**_serves("api.example.com", certificate))


@walks("cloudfront-name-taken")
def name_taken(cloud: Cloud, action: str) -> Iterator[Call]:
    serves = _serves("api.example.com", _certificate(cloud, region=EDGE))
    other = distribute(cloud, **serves)
    put = _put_distribution(cloud, action)
    yield put(**serves)
    _change(cloud, other, Aliases={"Quantity": 0})
    yield put(**serves)


@walk("certificate-in-use")
def certificate_in_use(cloud: Cloud) -> Iterator[Call]:
    certificate = _certificate(cloud)
    gateway = cloud.client("apigatewayv2")
    name = _domain(cloud, gateway, certificate)
    yield lambda: cloud.client("acm").delete_certificate(CertificateArn=certificate)
    gateway.delete_domain_name(DomainName=name)
    yield lambda: cloud.client("acm").delete_certificate(CertificateArn=certificate)
