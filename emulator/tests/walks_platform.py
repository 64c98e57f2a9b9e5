"""Walks of log deliveries, IAM, KMS, ECR, S3, parameters and alarms."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from emulator.refusals.logs import BUSY
from emulator.tests.cloud import ACCOUNT, REGION, Cloud, allow, policy
from emulator.tests.walks import Call, walk, walks

EDGE = "us-east-1"


def _destination(cloud: Cloud, name: str, **more: Any) -> str:
    client = cloud.client("logs", EDGE)
    resource = f"arn:aws:logs:{EDGE}:{ACCOUNT}:log-group:/aws/vendedlogs/{name}"
    return client.put_delivery_destination(
        name=name,
        outputFormat="json",
        deliveryDestinationConfiguration={"destinationResourceArn": resource},
        **more,
    )["deliveryDestination"]["arn"]


def _source(cloud: Cloud, name: str) -> None:
    distribution = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E{name.upper()}"
    cloud.client("logs", EDGE).put_delivery_source(name=name, resourceArn=distribution, logType="ACCESS_LOGS")


def _delivery(cloud: Cloud) -> tuple[Any, str]:
    client = cloud.client("logs", EDGE)
    _source(cloud, "source")
    arn = _destination(cloud, "destination")
    made = client.create_delivery(deliverySourceName="source", deliveryDestinationArn=arn)
    return client, made["delivery"]["id"]


@walk("logs-source-of-a-delivery")
def source_of_a_delivery(cloud: Cloud) -> Iterator[Call]:
    client, delivery = _delivery(cloud)
    yield lambda: client.delete_delivery_source(name="source")
    client.delete_delivery(id=delivery)
    yield lambda: client.delete_delivery_source(name="source")


@walk("logs-destination-of-a-delivery")
def destination_of_a_delivery(cloud: Cloud) -> Iterator[Call]:
    client, delivery = _delivery(cloud)
    yield lambda: client.delete_delivery_destination(name="destination")
    client.delete_delivery(id=delivery)
    yield lambda: client.delete_delivery_destination(name="destination")


@walk("logs-delivery-being-made")
def delivery_being_made(cloud: Cloud) -> Iterator[Call]:
    client, _ = _delivery(cloud)
    other = _destination(cloud, "other")

    def create() -> Any:
        return client.create_delivery(deliverySourceName="source", deliveryDestinationArn=other)

    def create_when_free() -> Any:
        limit = time.monotonic() + 20 * BUSY
        while True:
            try:
                return create()
            except ClientError:
                if time.monotonic() > limit:
                    raise

    yield create
    yield create_when_free


@walk("logs-destination-tagged-again")
def destination_tagged_again(cloud: Cloud) -> Iterator[Call]:
    _destination(cloud, "destination", tags={"a": "1"})
    yield lambda: _destination(cloud, "destination", tags={"a": "1"})
    yield lambda: _destination(cloud, "destination")


def _put_source(cloud: Cloud, name: str, distribution: str) -> Call:
    arn = f"arn:aws:cloudfront::{ACCOUNT}:distribution/{distribution}"
    return lambda: cloud.client("logs", EDGE).put_delivery_source(
        name=name, resourceArn=arn, logType="ACCESS_LOGS"
    )


@walk("logs-source-of-another-resource")
def source_of_another_resource(cloud: Cloud) -> Iterator[Call]:
    _put_source(cloud, "source", "EFIRST")()
    yield _put_source(cloud, "source", "ESECOND")
    cloud.client("logs", EDGE).delete_delivery_source(name="source")
    yield _put_source(cloud, "source", "ESECOND")


@walk("logs-resource-of-another-source")
def resource_of_another_source(cloud: Cloud) -> Iterator[Call]:
    _put_source(cloud, "source", "EFIRST")()
    yield _put_source(cloud, "other", "EFIRST")
    cloud.client("logs", EDGE).delete_delivery_source(name="source")
    yield _put_source(cloud, "other", "EFIRST")


@walk("logs-101st-metric-filter")
def one_metric_filter_more(cloud: Cloud) -> Iterator[Call]:
    client = cloud.client("logs")
    client.create_log_group(logGroupName="group")

    def put(name: str) -> Any:
        value = {"metricName": "errors", "metricNamespace": "Kairos", "metricValue": "1"}
        return client.put_metric_filter(
            logGroupName="group", filterName=name, filterPattern="", metricTransformations=[value]
        )

    for number in range(100):
        put(f"filter-{number}")
    yield lambda: put("one-more")
    client.delete_metric_filter(logGroupName="group", filterName="filter-0")
    yield lambda: put("one-more")


@walk("logs-delivery-not-to-a-bucket")
def delivery_not_to_a_bucket(cloud: Cloud) -> Iterator[Call]:
    client, delivery = _delivery(cloud)

    def change(**more: Any) -> Call:
        return lambda: client.update_delivery_configuration(
            id=delivery, recordFields=["date", "time"], **more
        )

    yield change(s3DeliveryConfiguration={})
    yield change()


@walk("logs-delivery-absent")
def delivery_absent(cloud: Cloud) -> Iterator[Call]:
    client, delivery = _delivery(cloud)

    def change(identity: str) -> Call:
        return lambda: client.update_delivery_configuration(id=identity, recordFields=["date"])

    yield change("absent")
    yield change(delivery)


def _resource_policy(cloud: Cloud, name: str, document: str = "{}") -> Any:
    return cloud.client("logs").put_resource_policy(policyName=name, policyDocument=document)


@walk("logs-policy-too-large")
def policy_too_large(cloud: Cloud) -> Iterator[Call]:
    frame = len(json.dumps({"a": ""}))
    yield lambda: _resource_policy(cloud, "large", json.dumps({"a": "x" * (51_201 - frame)}))
    yield lambda: _resource_policy(cloud, "large", json.dumps({"a": "x" * (51_200 - frame)}))


@walk("logs-eleventh-policy")
def eleventh_policy(cloud: Cloud) -> Iterator[Call]:
    for number in range(10):
        _resource_policy(cloud, f"policy-{number}")
    yield lambda: _resource_policy(cloud, "one-more")
    cloud.client("logs").delete_resource_policy(policyName="policy-0")
    yield lambda: _resource_policy(cloud, "one-more")


@walk("logs-third-subscription")
def third_subscription(cloud: Cloud) -> Iterator[Call]:
    client = cloud.client("logs")
    client.create_log_group(logGroupName="group")
    stream = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/logs"

    def subscribe(name: str) -> Any:
        return client.put_subscription_filter(
            logGroupName="group", filterName=name, filterPattern="", destinationArn=stream
        )

    subscribe("first")
    subscribe("second")
    yield lambda: subscribe("third")
    client.delete_subscription_filter(logGroupName="group", filterName="first")
    yield lambda: subscribe("third")


READ = policy(allow("s3:ListBucket", "*"))
TRUST = policy(
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
)


def _role(cloud: Cloud, name: str = "kairos") -> Any:
    client = cloud.client("iam")
    client.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
    return client


def _attached(cloud: Cloud) -> tuple[Any, str]:
    client = _role(cloud)
    arn = client.create_policy(PolicyName="read", PolicyDocument=READ)["Policy"]["Arn"]
    client.attach_role_policy(RoleName="kairos", PolicyArn=arn)
    return client, arn


@walk("iam-role-with-attached-policy")
def role_with_attached_policy(cloud: Cloud) -> Iterator[Call]:
    client, arn = _attached(cloud)
    yield lambda: client.delete_role(RoleName="kairos")
    client.detach_role_policy(RoleName="kairos", PolicyArn=arn)
    yield lambda: client.delete_role(RoleName="kairos")


@walk("iam-policy-attached")
def policy_attached(cloud: Cloud) -> Iterator[Call]:
    client, arn = _attached(cloud)
    yield lambda: client.delete_policy(PolicyArn=arn)
    client.detach_role_policy(RoleName="kairos", PolicyArn=arn)
    yield lambda: client.delete_policy(PolicyArn=arn)


@walk("iam-role-with-inline-policy")
def role_with_inline_policy(cloud: Cloud) -> Iterator[Call]:
    client = _role(cloud)
    client.put_role_policy(RoleName="kairos", PolicyName="rights", PolicyDocument=READ)
    yield lambda: client.delete_role(RoleName="kairos")
    client.delete_role_policy(RoleName="kairos", PolicyName="rights")
    yield lambda: client.delete_role(RoleName="kairos")


@walk("iam-role-exists")
def role_exists(cloud: Cloud) -> Iterator[Call]:
    client = _role(cloud)
    yield lambda: _role(cloud)
    client.delete_role(RoleName="kairos")
    yield lambda: _role(cloud)


@walk("iam-provider-exists")
def provider_exists(cloud: Cloud) -> Iterator[Call]:
    client = cloud.client("iam")

    def create() -> Any:
        return client.create_open_id_connect_provider(
            Url="https://token.actions.githubusercontent.com", ClientIDList=["sts.amazonaws.com"]
        )

    arn = create()["OpenIDConnectProviderArn"]
    yield create
    client.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    yield create


def _document_of(length: int, frame: str) -> str:
    """A policy with this number of characters, without white space."""
    short = json.dumps(json.loads(frame), separators=(",", ":"))
    sid = "x" * (length - len(short) - len('"Sid":"",'))
    return json.dumps(json.loads(short.replace('{"Effect"', f'{{"Sid":"{sid}","Effect"', 1)), indent=4)


@walks("iam-trust-too-large")
def trust_too_large(cloud: Cloud, action: str) -> Iterator[Call]:
    client = cloud.client("iam")
    if action == "CreateRole":

        def put(length: int) -> Any:
            return client.create_role(RoleName="kairos", AssumeRolePolicyDocument=_document_of(length, TRUST))
    else:
        _role(cloud)

        def put(length: int) -> Any:
            return client.update_assume_role_policy(
                RoleName="kairos", PolicyDocument=_document_of(length, TRUST)
            )

    yield lambda: put(2049)
    yield lambda: put(2048)


@walks("iam-policy-too-large")
def managed_policy_too_large(cloud: Cloud, action: str) -> Iterator[Call]:
    client = cloud.client("iam")
    if action == "CreatePolicy":

        def put(length: int) -> Any:
            return client.create_policy(PolicyName="large", PolicyDocument=_document_of(length, READ))
    else:
        arn = client.create_policy(PolicyName="read", PolicyDocument=READ)["Policy"]["Arn"]

        def put(length: int) -> Any:
            return client.create_policy_version(PolicyArn=arn, PolicyDocument=_document_of(length, READ))

    yield lambda: put(6145)
    yield lambda: put(6144)


@walk("iam-policies-of-a-role-too-large")
def policies_of_a_role_too_large(cloud: Cloud) -> Iterator[Call]:
    """All policies of the role count, except the one that is replaced."""
    client = _role(cloud)

    def put(name: str, length: int) -> Any:
        return client.put_role_policy(
            RoleName="kairos", PolicyName=name, PolicyDocument=_document_of(length, READ)
        )

    put("first", 6000)
    put("second", 4240)
    yield lambda: put("second", 4241)
    put("first", 5999)
    yield lambda: put("second", 4241)


@walk("iam-sixth-version")
def sixth_version(cloud: Cloud) -> Iterator[Call]:
    client = cloud.client("iam")
    arn = client.create_policy(PolicyName="read", PolicyDocument=READ)["Policy"]["Arn"]

    def put() -> Any:
        return client.create_policy_version(PolicyArn=arn, PolicyDocument=READ)

    for _ in range(4):
        put()
    yield put
    client.delete_policy_version(PolicyArn=arn, VersionId="v2")
    yield put


@walk("iam-eleventh-policy")
def one_policy_more(cloud: Cloud) -> Iterator[Call]:
    client = _role(cloud)

    def attach(number: int) -> Any:
        return client.attach_role_policy(RoleName="kairos", PolicyArn=arns[number])

    arns = [
        client.create_policy(PolicyName=f"read-{number}", PolicyDocument=READ)["Policy"]["Arn"]
        for number in range(11)
    ]
    for number in range(10):
        attach(number)
    attach(0)
    yield lambda: attach(10)
    client.detach_role_policy(RoleName="kairos", PolicyArn=arns[0])
    yield lambda: attach(10)


def _statements(row: str, wrong: list[dict[str, Any]], right: list[dict[str, Any]]) -> None:
    @walks(row)
    def statements(cloud: Cloud, action: str) -> Iterator[Call]:
        client = _role(cloud)
        made = {"RoleName": "kairos", "PolicyName": "rights"}
        if action == "CreatePolicyVersion":
            made = {
                "PolicyArn": client.create_policy(PolicyName="read", PolicyDocument=READ)["Policy"]["Arn"]
            }
        elif action == "CreatePolicy":
            made = {"PolicyName": "rights"}
        ask = getattr(client, xform_name(action))
        yield lambda: ask(PolicyDocument=policy(*wrong), **made)
        yield lambda: ask(PolicyDocument=policy(*right), **made)


_READ = allow("s3:GetObject", "*")
_statements("policy-statement-id", [{**_READ, "Sid": "read-all"}], [{**_READ, "Sid": "ReadAll"}])
_statements(
    "policy-statement-id-twice",
    [{**_READ, "Sid": "Read"}, {**_READ, "Sid": "Read"}],
    [{**_READ, "Sid": "Read"}, {**_READ, "Sid": "ReadAgain"}, _READ, _READ],
)
_statements("policy-action-without-a-service", [allow("GetObject", "*")], [allow("*", "*")])
_statements(
    "policy-resource-no-arn",
    [allow("s3:GetObject", "kairos/*")],
    [allow(["s3:GetObject"], "arn:aws:s3:::kairos/*")],
)


@walks("iam-policy-no-json")
def policy_no_json(cloud: Cloud, action: str) -> Iterator[Call]:
    client = _role(cloud)
    role = {"RoleName": "kairos"} if action == "PutRolePolicy" else {}

    def put(document: str) -> Call:
        ask = getattr(client, xform_name(action))
        return lambda: ask(PolicyName="rights", PolicyDocument=document, **role)

    yield put("{")
    yield put(READ)


@walks("iam-principal-unknown")
def principal_unknown(cloud: Cloud, action: str) -> Iterator[Call]:
    client = cloud.client("iam")
    principal = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/kairos"}
    trust = policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})

    def put() -> Any:
        if action == "CreateRole":
            return client.create_role(RoleName="other", AssumeRolePolicyDocument=trust)
        return client.update_assume_role_policy(RoleName="other", PolicyDocument=trust)

    if action == "UpdateAssumeRolePolicy":
        _role(cloud, "other")
    yield put
    _role(cloud)
    yield put


@walk("kms-alias-taken")
def alias_taken(cloud: Cloud) -> Iterator[Call]:
    client = cloud.client("kms")
    key = client.create_key()["KeyMetadata"]["KeyId"]
    client.create_alias(AliasName="alias/kairos", TargetKeyId=key)
    yield lambda: client.create_alias(AliasName="alias/kairos", TargetKeyId=key)
    client.delete_alias(AliasName="alias/kairos")
    yield lambda: client.create_alias(AliasName="alias/kairos", TargetKeyId=key)


@walks("kms-key-pending-deletion")
def key_pending_deletion(cloud: Cloud, action: str) -> Iterator[Call]:
    client = cloud.client("kms")
    key = client.create_key()["KeyMetadata"]["KeyId"]
    more: dict[str, dict[str, Any]] = {
        "CreateAlias": {"AliasName": "alias/kairos", "TargetKeyId": key},
        "UpdateAlias": {"AliasName": "alias/other", "TargetKeyId": key},
        "Encrypt": {"KeyId": key, "Plaintext": b"1"},
        "Decrypt": {"KeyId": key},
        "GenerateDataKey": {"KeyId": key, "KeySpec": "AES_256"},
    }
    if action == "UpdateAlias":
        client.create_alias(AliasName="alias/other", TargetKeyId=client.create_key()["KeyMetadata"]["KeyId"])
    if action == "Decrypt":
        more["Decrypt"]["CiphertextBlob"] = client.encrypt(KeyId=key, Plaintext=b"1")["CiphertextBlob"]
    client.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)

    def ask() -> Any:
        return getattr(client, xform_name(action))(**more.get(action, {"KeyId": key}))

    yield ask
    client.cancel_key_deletion(KeyId=key)
    if action != "EnableKey":
        client.enable_key(KeyId=key)
    yield ask


@walk("ecr-repository-with-images")
def repository_with_images(cloud: Cloud) -> Iterator[Call]:
    cloud.image("src-1")
    client = cloud.client("ecr")
    yield lambda: client.delete_repository(repositoryName="kairos")
    client.batch_delete_image(repositoryName="kairos", imageIds=[{"imageTag": "src-1"}])
    yield lambda: client.delete_repository(repositoryName="kairos")


@walk("ecr-tag-immutable")
def tag_immutable(cloud: Cloud) -> Iterator[Call]:
    client = cloud.client("ecr")
    client.create_repository(repositoryName="kairos", imageTagMutability="IMMUTABLE")
    cloud.image("src-1")

    def put(tag: str) -> Call:
        return lambda: client.put_image(
            repositoryName="kairos", imageTag=tag, imageManifest='{"schemaVersion": 2}'
        )

    yield put("src-1")
    yield put("src-2")


def _lifecycle(row: str, wrong: list[dict[str, Any]], right: list[dict[str, Any]]) -> None:
    @walk(row)
    def lifecycle(cloud: Cloud) -> Iterator[Call]:
        client = cloud.client("ecr")
        client.create_repository(repositoryName="kairos")

        def put(rules: list[dict[str, Any]]) -> Call:
            text = json.dumps({"rules": rules})
            return lambda: client.put_lifecycle_policy(repositoryName="kairos", lifecyclePolicyText=text)

        yield put(wrong)
        yield put(right)


def _keep(priority: int, status: str = "untagged", **more: Any) -> dict[str, Any]:
    selection = {"tagStatus": status, "countType": "imageCountMoreThan", "countNumber": 5, **more}
    return {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}}


_lifecycle("ecr-lifecycle-no-policy", [_keep(1, countUnit=None)], [_keep(1)])
_lifecycle("ecr-lifecycle-priority-twice", [_keep(1), _keep(1, "any")], [_keep(1), _keep(2, "any")])
_lifecycle("ecr-lifecycle-any-not-last", [_keep(1, "any"), _keep(2)], [_keep(2, "any"), _keep(1)])


def _bucket(cloud: Cloud, *, versioned: bool = False) -> Any:
    client = cloud.client("s3")
    client.create_bucket(Bucket="kairos", CreateBucketConfiguration={"LocationConstraint": REGION})
    if versioned:
        client.put_bucket_versioning(Bucket="kairos", VersioningConfiguration={"Status": "Enabled"})
    client.put_object(Bucket="kairos", Key="state", Body=b"{}")
    return client


@walk("s3-bucket-with-objects")
def bucket_with_objects(cloud: Cloud) -> Iterator[Call]:
    client = _bucket(cloud)
    yield lambda: client.delete_bucket(Bucket="kairos")
    client.delete_object(Bucket="kairos", Key="state")
    yield lambda: client.delete_bucket(Bucket="kairos")


@walk("s3-bucket-with-versions")
def bucket_with_versions(cloud: Cloud) -> Iterator[Call]:
    client = _bucket(cloud, versioned=True)
    client.delete_object(Bucket="kairos", Key="state")
    yield lambda: client.delete_bucket(Bucket="kairos")
    found = client.list_object_versions(Bucket="kairos")
    for version in [*found["Versions"], *found["DeleteMarkers"]]:
        client.delete_object(Bucket="kairos", Key="state", VersionId=version["VersionId"])
    yield lambda: client.delete_bucket(Bucket="kairos")


@walk("s3-bucket-owned")
def bucket_owned(cloud: Cloud) -> Iterator[Call]:
    client = _bucket(cloud)
    yield lambda: _bucket(cloud)
    client.delete_object(Bucket="kairos", Key="state")
    client.delete_bucket(Bucket="kairos")
    yield lambda: _bucket(cloud)


def _put(cloud: Cloud, name: str = "/kairos/A", value: str = "1", **more: Any) -> Call:
    return lambda: cloud.client("ssm").put_parameter(Name=name, Value=value, Type="String", **more)


@walk("ssm-parameter-exists")
def parameter_exists(cloud: Cloud) -> Iterator[Call]:
    _put(cloud)()
    yield _put(cloud)
    yield _put(cloud, Overwrite=True)


@walk("ssm-value-empty")
def value_empty(cloud: Cloud) -> Iterator[Call]:
    yield _put(cloud, value="")
    yield _put(cloud, value=" ")


@walk("ssm-value-too-large")
def value_too_large(cloud: Cloud) -> Iterator[Call]:
    yield _put(cloud, value="x" * 4097)
    yield _put(cloud, value="x" * 4096)


@walk("ssm-name-too-deep")
def name_too_deep(cloud: Cloud) -> Iterator[Call]:
    yield _put(cloud, name="/a" * 16)
    yield _put(cloud, name="/a" * 15)


@walk("ssm-name-reserved")
def name_reserved(cloud: Cloud) -> Iterator[Call]:
    yield _put(cloud, name="ssmKEY")
    yield _put(cloud, name="/kairos/ssmKEY")


def _alarm(cloud: Cloud, name: str = "errors", **more: Any) -> Any:
    settings = {
        "Namespace": "AWS/Lambda",
        "MetricName": "Errors",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 0.0,
        "ComparisonOperator": "GreaterThanThreshold",
        **more,
    }
    return cloud.client("cloudwatch").put_metric_alarm(AlarmName=name, **settings)


def _composite(cloud: Cloud, rule: str, **more: Any) -> Any:
    return cloud.client("cloudwatch").put_composite_alarm(AlarmName="unwell", AlarmRule=rule, **more)


@walks("alarm-action-elsewhere")
def action_elsewhere(cloud: Cloud, action: str) -> Iterator[Call]:
    _alarm(cloud)

    def tell(region: str) -> Call:
        actions = [f"arn:aws:sns:{region}:{ACCOUNT}:kairos"]
        if action == "PutMetricAlarm":
            return lambda: _alarm(cloud, AlarmActions=actions)
        return lambda: _composite(cloud, 'ALARM("errors")', AlarmActions=actions)

    yield tell(EDGE)
    yield tell(REGION)


@walk("alarm-rule-elsewhere")
def rule_elsewhere(cloud: Cloud) -> Iterator[Call]:
    _alarm(cloud)
    rule = 'ALARM("arn:aws:cloudwatch:{}:{}:alarm:errors")'
    yield lambda: _composite(cloud, rule.format(EDGE, ACCOUNT))
    yield lambda: _composite(cloud, rule.format(REGION, ACCOUNT))


@walk("alarm-rule-of-an-absent-alarm")
def rule_of_an_absent_alarm(cloud: Cloud) -> Iterator[Call]:
    _alarm(cloud)
    yield lambda: _composite(cloud, "ALARM(errors) OR ALARM(latency)")
    _alarm(cloud, "latency")
    yield lambda: _composite(cloud, "ALARM(errors) OR ALARM(latency)")


_PERIODS = {"ActionsSuppressorWaitPeriod": 60, "ActionsSuppressorExtensionPeriod": 0}


@walk("alarm-suppressor-elsewhere")
def suppressor_elsewhere(cloud: Cloud) -> Iterator[Call]:
    _alarm(cloud)
    arn = "arn:aws:cloudwatch:{}:{}:alarm:errors"
    for region in (EDGE, REGION):
        suppressor = arn.format(region, ACCOUNT)
        yield partial(_composite, cloud, 'ALARM("errors")', ActionsSuppressor=suppressor, **_PERIODS)


@walk("alarm-suppressor-absent")
def suppressor_absent(cloud: Cloud) -> Iterator[Call]:
    _alarm(cloud)
    for name in ("release", "errors"):
        yield partial(_composite, cloud, 'ALARM("errors")', ActionsSuppressor=name, **_PERIODS)


@walk("alarm-suppressor-periods")
def suppressor_periods(cloud: Cloud) -> Iterator[Call]:
    _alarm(cloud)
    for periods in ({"ActionsSuppressorWaitPeriod": 60}, _PERIODS):
        yield partial(_composite, cloud, 'ALARM("errors")', ActionsSuppressor="errors", **periods)


@walk("alarm-period")
def alarm_period(cloud: Cloud) -> Iterator[Call]:
    yield lambda: _alarm(cloud, Period=90)
    yield lambda: _alarm(cloud, Period=120)


@walk("alarm-of-a-composite")
def alarm_of_a_composite(cloud: Cloud) -> Iterator[Call]:
    client = cloud.client("cloudwatch")
    _alarm(cloud)
    _composite(cloud, 'ALARM("errors")')
    yield lambda: client.delete_alarms(AlarmNames=["errors"])
    client.delete_alarms(AlarmNames=["unwell"])
    yield lambda: client.delete_alarms(AlarmNames=["errors"])
