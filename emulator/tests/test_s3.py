from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.tests.cloud import Cloud, Statement, allow

BUCKET = "kairos-state"
MISSING = "kairos-prod.tfstate"
READ = allow("s3:GetObject", f"arn:aws:s3:::{BUCKET}/*")
LIST = allow("s3:ListBucket", f"arn:aws:s3:::{BUCKET}")


@pytest.fixture(autouse=True)
def bucket(cloud: Cloud) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    s3.put_object(Bucket=BUCKET, Key="there", Body=b"it is")


def _as(cloud: Cloud, *statements: Statement) -> Any:
    return cloud.client("s3", keys=cloud.keys_of_role("reader", *statements))


def test_a_caller_who_may_list_gets_no_such_key(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match="NoSuchKey"):
        _as(cloud, READ, LIST).get_object(Bucket=BUCKET, Key=MISSING)


def test_a_caller_who_may_not_list_gets_access_denied(cloud: Cloud) -> None:
    refused = f'AccessDenied.* perform: s3:ListBucket on resource: "arn:aws:s3:::{BUCKET}"'
    with pytest.raises(ClientError, match=refused):
        _as(cloud, READ).get_object(Bucket=BUCKET, Key=MISSING)


@pytest.mark.parametrize(("statements", "status"), [((READ,), 403), ((READ, LIST), 404)])
def test_a_head_request_returns_the_status(
    cloud: Cloud, statements: tuple[Statement, ...], status: int
) -> None:
    with pytest.raises(ClientError, match=str(status)):
        _as(cloud, *statements).head_object(Bucket=BUCKET, Key=MISSING)


def test_an_existing_object_needs_no_permission_to_list(cloud: Cloud) -> None:
    assert _as(cloud, READ).get_object(Bucket=BUCKET, Key="there")["Body"].read() == b"it is"


def test_every_caller_gets_no_such_bucket(cloud: Cloud) -> None:
    anything = allow("s3:GetObject", "*")
    with pytest.raises(ClientError, match="NoSuchBucket"):
        _as(cloud, anything).get_object(Bucket="kairos-none", Key=MISSING)
