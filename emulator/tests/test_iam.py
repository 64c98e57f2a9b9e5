from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import ACCOUNT, Cloud, allow, policy


def _deny(bucket: str, secure: str) -> dict[str, object]:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": secure}},
    }


def _bucket(cloud: Cloud, secure: str) -> dict[str, str]:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    s3.put_bucket_policy(Bucket="state", Policy=policy(_deny("state", secure)))
    return cloud.keys_of_role("deployer", allow("s3:*", "*"))


def test_a_tls_only_bucket_is_open_over_loopback(cloud: Cloud) -> None:
    keys = _bucket(cloud, "false")
    assert "Contents" not in cloud.client("s3", keys=keys).list_objects_v2(Bucket="state")


def test_the_transport_still_counts(cloud: Cloud) -> None:
    keys = _bucket(cloud, "true")
    with pytest.raises(ClientError, match="AccessDenied"):
        cloud.client("s3", keys=keys).list_objects_v2(Bucket="state")


def test_a_role_uses_a_key_by_its_alias(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/kairos-prod", TargetKeyId=key)
    keys = cloud.keys_of_role("user", allow("kms:DescribeKey", key))
    found = cloud.client("kms", keys=keys).describe_key(KeyId="alias/kairos-prod")
    assert found["KeyMetadata"]["Arn"] == key


def test_an_alias_as_the_resource_of_a_policy_allows_nothing(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    kms.create_alias(AliasName="alias/kairos-prod", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    alias = f"arn:aws:kms:eu-west-2:{ACCOUNT}:alias/kairos-prod"
    keys = cloud.keys_of_role("user", allow("kms:DescribeKey", alias))
    with pytest.raises(ClientError, match="AccessDenied"):
        cloud.client("kms", keys=keys).describe_key(KeyId="alias/kairos-prod")
