"""HTTP requests to HTTP APIs of a running local cloud."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from emulator.serving.paths import decoded
from emulator.tests.cloud import ACCOUNT, REGION, Cloud, wait_until_active
from emulator.tests.staging import (
    LOGS,
    NAME,
    ROLE,
    DeployedApi,
    address,
    ask,
    make_api,
    make_function,
    make_role,
    messages,
    permit,
    platform,
    stage,
)

# Responds with the body of the request, or with the event.
PUPPET = """
import base64, json, os, time

def handler(event, context):
    body = event.get("body", "")
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body).decode("latin-1")
    if event["rawPath"] == "/event":
        return event
    if event["rawPath"] == "/sleep":
        time.sleep(float(event["queryStringParameters"]["seconds"]))
    if event["rawPath"] == "/raise":
        raise ValueError("the password is hunter2")
    if event["rawPath"] == "/exit":
        os._exit(7)
    if event["rawPath"] == "/kill":
        os.kill(os.getpid(), 9)
    if event["rawPath"] == "/large":
        return {"statusCode": 200, "body": "a" * 6_400_000}
    if event["rawPath"] == "/large-bytes":
        body = base64.b64encode(bytes(4_900_000)).decode()
        return {"statusCode": 200, "body": body, "isBase64Encoded": True}
    if event["rawPath"] == "/large-error":
        raise ValueError("a" * 7_000_000)
    if event["rawPath"] == "/size":
        return {"statusCode": 200, "body": str(len(body))}
    return json.loads(body) if body else {"statusCode": 200, "body": "hello"}
"""


def deploy(cloud: Cloud, home: Path, **more: Any) -> DeployedApi:
    make_role(cloud, LOGS)
    make_function(cloud, stage(cloud, home, PUPPET))
    return make_api(cloud, **more)


def test_the_function_gets_the_request_and_the_client_gets_the_response(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    found = ask(api.url, "/anything")
    assert (found.status, found.body, found.header("content-type")) == (
        200,
        b"hello",
        "text/plain;charset=UTF-8",
    )


def test_the_event_is_that_of_the_request(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    found = ask(
        api.url, "/event?a=1&a=2&b=%C3%BC", source="127.0.0.2", Cookie="one=1; two=2", X_Thing="thing"
    )
    event = found.json
    assert event["routeKey"] == "ANY /{proxy+}"
    assert event["pathParameters"] == {"proxy": "event"}
    assert event["queryStringParameters"] == {"a": "1,2", "b": "ü"}
    assert event["cookies"] == ["one=1", "two=2"]
    assert event["headers"]["x-thing"] == "thing"
    assert event["headers"]["host"] == event["requestContext"]["domainName"] == api.domain
    assert event["requestContext"]["domainPrefix"] == api.identity
    assert event["headers"]["x-forwarded-for"] == event["requestContext"]["http"]["sourceIp"] == "127.0.0.2"
    assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", event["headers"]["x-amzn-trace-id"])


def test_one_request_id_is_in_event_header_and_log(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    found = ask(api.url, "/event")
    identity = found.json["requestContext"]["requestId"]
    assert found.header("apigw-requestid") == identity == api.log[0]["requestId"]
    assert re.fullmatch(r"[\w+/-]{15}=", identity)
    assert api.log[0]["integrationRequestId"] == platform(cloud, "platform.start")[0]["requestId"]


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        ("/a%20b/%C3%BC/", "/a b/ü/"),
        ("/a%2Fb", "/a/b"),
        ("/a%23b", "/a#b"),
        ("/a%3Fb", "/a"),
        ("/a%252Fb", "/a/b"),
        ("/a%253Fb", "/a?b"),
        ("/a%2525b", "/a%b"),
    ],
)
def test_a_path_is_decoded_like_by_a_real_api(sent: str, path: str) -> None:
    assert decoded(sent) == path


def test_the_decoded_path_is_that_of_event_parameters_and_log(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    answer = b'{"statusCode":200}'
    assert ask(api.url, "/a%252Fb%2525%3Fc?d=e", "POST", answer).status == 200
    assert api.log[0]["path"] == "/a/b%"
    event = ask(api.url, "/event%3F?d=%3F").json
    assert (event["rawPath"], event["rawQueryString"]) == ("/event", "d=%3F")
    assert event["pathParameters"] == {"proxy": "event"}


@pytest.mark.parametrize("sent", ["/a%25b", "/100%25/"])
def test_a_path_that_cannot_be_decoded_twice_is_refused(cloud: Cloud, home: Path, sent: str) -> None:
    api = deploy(cloud, home)
    found = ask(api.url, sent)
    assert (found.status, found.json) == (400, {"message": "Bad Request"})
    assert platform(cloud, "platform.start") == []


def test_the_root_has_its_own_route(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home, routes=("ANY /{proxy+}",))
    assert ask(api.url, "/below").status == 200
    found = ask(api.url, "/")
    assert (found.status, found.json) == (404, {"message": "Not Found"})


def test_a_path_without_a_route_reaches_no_function(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home, routes=("GET /only",))
    assert ask(api.url, "/only").status == 200
    for method, path in (("GET", "/other"), ("POST", "/only"), ("PURGE", "/only")):
        found = ask(api.url, path, method)
        assert (found.status, found.json) == (404, {"message": "Not Found"})
    assert len(platform(cloud, "platform.start")) == 1


def test_a_stage_with_a_name_is_the_first_part_of_the_path(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home, stage="dev")
    event = ask(api.url, "/dev/event", "POST", b"null").json
    assert event is None
    assert api.log[0]["path"] == "/dev/event"
    assert ask(api.url, "/event").status == 404


def test_bytes_are_unchanged_in_both_directions(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    raw = bytes(range(256))
    answer = {"statusCode": 200, "isBase64Encoded": True, "body": base64.b64encode(raw).decode()}
    found = ask(api.url, "/x", "POST", json.dumps(answer).encode(), Content_Type="application/octet-stream")
    assert found.body == raw
    assert ask(api.url, "/size", "POST", raw, Content_Type="application/octet-stream").body == b"256"


def test_ten_cookies_are_ten_lines(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    cookies = [f"c{number}=v; Expires=Wed, 21 Oct 2065 07:28:00 GMT" for number in range(10)]
    found = ask(api.url, "/x", "POST", json.dumps({"statusCode": 200, "cookies": cookies}).encode())
    assert [value for name, value in found.headers if name.lower() == "set-cookie"] == cookies


def test_head_has_the_headers_and_no_body(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    found = ask(api.url, "/x", "HEAD")
    assert (found.status, found.body, found.header("content-length")) == (200, b"", "5")


@pytest.mark.parametrize(
    "answer",
    [
        '{"statusCode":"x"}',
        '{"statusCode":101}',
        '{"statusCode":200,"body":{}}',
        '{"statusCode":200,"headers":[]}',
        '{"statusCode":200,"headers":{"no name":"a"}}',
    ],
)
def test_an_invalid_response_is_hidden(cloud: Cloud, home: Path, answer: str) -> None:
    api = deploy(cloud, home)
    found = ask(api.url, "/x", "POST", answer.encode())
    assert (found.status, found.json) == (500, {"message": "Internal Server Error"})
    assert "doesn't match the format that API Gateway expects" in api.log[0]["integrationErrorMessage"]


@pytest.mark.parametrize(
    ("path", "told"), [("/raise", "the password is hunter2"), ("/exit", "exit status 7")]
)
def test_a_failing_function_is_hidden_and_logged(cloud: Cloud, home: Path, path: str, told: str) -> None:
    api = deploy(cloud, home)
    found = ask(api.url, path)
    assert (found.status, found.json) == (500, {"message": "Internal Server Error"})
    line = api.log[0]
    assert told in line["integrationErrorMessage"]
    assert (line["status"], line["integrationStatus"]) == ("500", "200")
    assert ask(api.url, "/").status == 200


def test_the_request_after_one_that_stopped_its_environment_is_answered(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    for path in ("/large", "/large-bytes", "/large-error", "/kill", "/exit"):
        assert (path, ask(api.url, path).status, ask(api.url, "/").status) == (path, 500, 200)


def test_requests_at_the_same_time_as_a_too_large_one_are_answered(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    with ThreadPoolExecutor(6) as askers:
        found = list(askers.map(lambda path: ask(api.url, path).status, ["/large", "/"] * 3))
    assert found == [500, 200] * 3


def test_a_function_slower_than_the_integration_waits_is_503(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home, timeout=1000)
    assert ask(api.url, "/").status == 200
    found = ask(api.url, "/sleep?seconds=3")
    assert (found.status, found.json) == (503, {"message": "Service Unavailable"})
    assert api.log[1]["status"] == "503"
    assert int(api.log[1]["integrationLatency"]) >= 1000


def test_a_function_slower_than_its_time_out_is_500(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    cloud.client("lambda").update_function_configuration(FunctionName=NAME, Timeout=1)
    wait_until_active(cloud.client("lambda"), NAME)
    second = cloud.client("lambda").publish_version(FunctionName=NAME)["Version"]
    cloud.client("lambda").update_alias(FunctionName=NAME, Name="live", FunctionVersion=second)
    found = ask(api.url, "/sleep?seconds=30")
    assert (found.status, found.json) == (500, {"message": "Internal Server Error"})
    assert "Task timed out after 1.00 seconds" in api.log[0]["integrationErrorMessage"]


def test_a_function_at_its_concurrency_limit_is_503(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    cloud.client("lambda").put_function_concurrency(FunctionName=NAME, ReservedConcurrentExecutions=0)
    found = ask(api.url, "/")
    assert (found.status, found.json) == (503, {"message": "Service Unavailable"})
    assert api.log[0]["integrationStatus"] == "429"


def test_a_stage_admits_its_burst_and_refuses_the_rest(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home, limits=(0.001, 3))
    found = [ask(api.url, "/") for _ in range(5)]
    assert [response.status for response in found] == [200, 200, 200, 429, 429]
    assert found[-1].json == {"message": "Too Many Requests"}
    assert len(platform(cloud, "platform.start")) == 3
    assert [line["status"] for line in api.log] == ["200", "200", "200", "429", "429"]


def test_a_body_over_ten_megabytes_is_413(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    kind = {"Content_Type": "text/plain"}
    assert ask(api.url, "/size", "POST", b"x" * 4_000_000, **kind).body == b"4000000"
    for size in (10 * 1024 * 1024 + 1, 12_000_000):
        found = ask(api.url, "/size", "POST", b"x" * size, **kind)
        assert (found.status, found.json) == (413, {"message": "Request Entity Too Large"})
    assert len(platform(cloud, "platform.start")) == 1


def test_an_event_over_six_megabytes_is_refused_by_lambda(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    assert ask(api.url, "/size", "POST", b"x" * 7_000_000, Content_Type="text/plain").status == 413
    assert "6291456 bytes" in api.log[0]["integrationErrorMessage"]


def test_headers_over_ten_kilobytes_are_431(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    assert ask(api.url, "/", X_Long="x" * 9000).status == 200
    assert ask(api.url, "/", X_Long="x" * 10300).status == 431


def test_an_api_that_may_not_invoke_the_function_is_500(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home, permitted=False)
    found = ask(api.url, "/")
    assert (found.status, found.json) == (500, {"message": "Internal Server Error"})
    assert "doesn't have permissions to call the integration" in api.log[0]["integrationErrorMessage"]
    assert messages(cloud) == []
    permit(cloud, api.identity)
    assert ask(api.url, "/").status == 200


@pytest.mark.parametrize("path", ["/*/GET/only", "/authorizers/*", "/dev/*"])
def test_a_permission_for_another_resource_does_not_help(cloud: Cloud, home: Path, path: str) -> None:
    api = deploy(cloud, home, permitted=False)
    permit(cloud, api.identity, path)
    assert ask(api.url, "/other").status == 500


def test_without_cors_the_api_passes_preflights_to_the_function(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    found = ask(api.url, "/x", "OPTIONS", Origin="https://app.test", Access_Control_Request_Method="PUT")
    assert (found.status, found.body) == (200, b"hello")


def test_with_cors_the_api_answers_preflights(cloud: Cloud, home: Path) -> None:
    cors = {"AllowOrigins": ["https://app.test"], "AllowMethods": ["PUT"]}
    api = deploy(cloud, home, CorsConfiguration=cors)
    found = ask(api.url, "/x", "OPTIONS", Origin="https://app.test", Access_Control_Request_Method="PUT")
    assert (found.status, found.header("access-control-allow-origin")) == (204, "https://app.test")
    answer = {"statusCode": 200, "headers": {"access-control-allow-origin": "*"}}
    replaced = ask(api.url, "/x", "POST", json.dumps(answer).encode(), Origin="https://app.test")
    origins = [value for name, value in replaced.headers if name.lower() == "access-control-allow-origin"]
    assert origins == ["https://app.test"]
    assert len(platform(cloud, "platform.start")) == 1


def test_the_log_contains_route_and_result_of_a_request(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    ask(api.url, "/x", source="127.0.0.3")
    ask(api.url, "/x", "PURGE")
    first, second = api.log
    expected = {
        "routeKey": "ANY /{proxy+}",
        "httpMethod": "GET",
        "path": "/x",
        "status": "200",
        "responseLength": "5",
        "integrationStatus": "200",
        "integrationErrorMessage": "-",
        "sourceIp": "127.0.0.3",
        "stage": "$default",
    }
    assert {name: first[name] for name in expected} == expected
    assert (second["status"], second["message"], second["routeKey"]) == ("404", "Not Found", "-")


def total(cloud: Cloud, metric: str, **dimensions: str) -> float:
    return cloud.total("AWS/ApiGateway", metric, dimensions)


def test_requests_are_counted_with_the_names_and_dimensions_of_aws(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    for path in ("/", "/raise"):
        ask(api.url, path)
    ask(api.url, "/", "PURGE")
    assert total(cloud, "Count", ApiId=api.identity) == 3
    of_stage = {"ApiId": api.identity, "Stage": "$default"}
    assert [total(cloud, name, **of_stage) for name in ("Count", "4xx", "5xx")] == [3, 1, 1]
    assert total(cloud, "Count", **of_stage, Method="GET", Resource="/{proxy+}") == 1
    assert total(cloud, "Latency", **of_stage) >= total(cloud, "IntegrationLatency", **of_stage) > 0


AUTHORIZER = """
exports.handler = async (event) => {
  if (event.headers['x-key'] === 'broken') throw new Error('down');
  return { isAuthorized: event.headers['x-key'] === 'right',
           context: { seen: JSON.stringify(event), names: Object.keys(process.env).join(',') } };
};
"""


def lock(cloud: Cloud, api: DeployedApi, permitted: bool = True) -> None:
    """Add an authorizer, a Node.js function from a zip file, to every route."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("index.js", AUTHORIZER)
    client = cloud.client("lambda")
    cloud.client("logs").create_log_group(logGroupName="/aws/lambda/lock")
    arn = client.create_function(
        FunctionName="lock",
        Role=ROLE,
        Runtime="nodejs20.x",
        Handler="index.handler",
        Code={"ZipFile": archive.getvalue()},
        Environment={"Variables": {"OWN": "1"}},
        LoggingConfig={"LogFormat": "JSON", "LogGroup": "/aws/lambda/lock"},
    )["FunctionArn"]
    gateway = cloud.client("apigatewayv2")
    authorizer = gateway.create_authorizer(
        ApiId=api.identity,
        Name="lock",
        AuthorizerType="REQUEST",
        AuthorizerUri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{arn}/invocations",
        AuthorizerPayloadFormatVersion="2.0",
        EnableSimpleResponses=True,
        IdentitySource=["$request.header.x-key"],
        AuthorizerResultTtlInSeconds=300,
    )["AuthorizerId"]
    if permitted:
        client.add_permission(
            FunctionName="lock",
            StatementId="api",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api.identity}/authorizers/*",
        )
    for route in gateway.get_routes(ApiId=api.identity)["Items"]:
        gateway.update_route(
            ApiId=api.identity, RouteId=route["RouteId"], AuthorizationType="CUSTOM", AuthorizerId=authorizer
        )


def test_an_authorizer_decides_before_the_function_runs(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    lock(cloud, api)
    missing, wrong = ask(api.url, "/x"), ask(api.url, "/x", X_Key="wrong")
    assert (missing.status, missing.json) == (401, {"message": "Unauthorized"})
    assert (wrong.status, wrong.json) == (403, {"message": "Forbidden"})
    assert messages(cloud) == []
    assert ask(api.url, "/x", X_Key="right").status == 200
    assert [line["status"] for line in api.log] == ["401", "403", "200"]


def test_an_authorizer_gets_the_same_request_as_the_function(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    lock(cloud, api)
    event = ask(api.url, "/event", source="127.0.0.2", X_Key="right", Cookie="a=b").json
    seen = json.loads(event["requestContext"]["authorizer"]["lambda"]["seen"])
    assert seen["headers"] == event["headers"]
    assert seen["cookies"] == event["cookies"] == ["a=b"]
    assert seen["identitySource"] == ["right"]
    for name in ("requestId", "domainName", "domainPrefix", "time", "timeEpoch"):
        assert seen["requestContext"][name] == event["requestContext"][name]
    assert seen["requestContext"]["http"] == event["requestContext"]["http"]


def test_nothing_of_the_servers_environment_reaches_a_zip_function(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    lock(cloud, api)
    event = ask(api.url, "/event", X_Key="right").json
    names = set(event["requestContext"]["authorizer"]["lambda"]["names"].split(","))
    assert "OWN" in names
    assert names.isdisjoint({"HOME", "PYTEST_CURRENT_TEST", "STATE_DIR", "MINISTACK_HOST", "AUTH", "PWD"})


def test_an_authorizer_that_fails_or_may_not_be_invoked_is_500(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    lock(cloud, api, permitted=False)
    assert ask(api.url, "/x", X_Key="right").status == 500
    assert "doesn't have permissions" in api.log[0]["error"]
    cloud.client("lambda").add_permission(
        FunctionName="lock",
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    found = ask(api.url, "/x", X_Key="broken")
    assert (found.status, found.json) == (500, {"message": "Internal Server Error"})


def test_a_zip_function_logs_in_its_format(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    lock(cloud, api)
    ask(api.url, "/x", X_Key="right")
    kinds = [json.loads(line)["type"] for line in messages(cloud, "/aws/lambda/lock")]
    assert kinds == ["platform.start", "platform.report"]


def test_an_api_answers_to_its_names_on_the_clouds_own_port(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    for host in (api.domain, f"{api.identity}.execute-api.localhost:{cloud.port}"):
        assert ask(cloud.url, "/event", Host=host).json["requestContext"]["domainName"] == api.domain
    assert ask(cloud.url, f"/_aws/execute-api/{api.identity}/docs/").status == 200
    assert api.log[-1]["path"] == "/docs/"


def test_the_event_contains_the_custom_domain_of_the_request(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    certificate = cloud.client("acm").request_certificate(DomainName="api.kairos.test")["CertificateArn"]
    gateway = cloud.client("apigatewayv2")
    gateway.create_domain_name(
        DomainName="api.kairos.test", DomainNameConfigurations=[{"CertificateArn": certificate}]
    )
    gateway.create_api_mapping(DomainName="api.kairos.test", ApiId=api.identity, Stage="$default")
    context = ask(cloud.url, "/event", Host="api.kairos.test").json["requestContext"]
    assert (context["domainName"], context["domainPrefix"]) == ("api.kairos.test", "api")


def test_moving_an_alias_under_load_loses_no_request(cloud: Cloud, home: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    api = deploy(cloud, home)
    client = cloud.client("lambda")
    second = client.update_function_code(
        FunctionName=NAME, ImageUri=stage(cloud, home, PUPPET + "\n# second\n"), Publish=True
    )["Version"]

    def requests(_: int) -> list[int]:
        return [ask(api.url, "/").status for _ in range(25)]

    with ThreadPoolExecutor(9) as threads:
        clients = [threads.submit(requests, number) for number in range(8)]
        while not all(found.done() for found in clients):
            for version in (second, "1"):
                client.update_alias(FunctionName=NAME, Name="live", FunctionVersion=version)
    assert [status for found in clients for status in found.result()] == [200] * 200


def test_an_api_without_a_function_is_500(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    cloud.client("lambda").delete_function(FunctionName=NAME)
    assert ask(api.url, "/").status == 500


def test_a_deleted_api_does_not_answer_any_more(cloud: Cloud, home: Path) -> None:
    api = deploy(cloud, home)
    assert address(cloud, api.identity) == api.url
    cloud.client("apigatewayv2").delete_api(ApiId=api.identity)
    assert ask(cloud.url, "/", Host=api.domain).status >= 400
