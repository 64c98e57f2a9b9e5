"""S3: what MiniStack itself refuses."""

from __future__ import annotations

from emulator.refusals.row import Row

ROWS = (
    Row(
        name="s3-bucket-with-objects",
        service="s3",
        actions=("DeleteBucket",),
        when="the bucket has objects",
        code="BucketNotEmpty",
        status=409,
        message="The bucket you tried to delete is not empty",
        source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html",
    ),
    Row(
        name="s3-bucket-with-versions",
        service="s3",
        actions=("DeleteBucket",),
        when="the bucket has versions of deleted objects",
        code="BucketNotEmpty",
        status=409,
        message="The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
        source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html",
    ),
    Row(
        name="s3-bucket-owned",
        service="s3",
        actions=("CreateBucket",),
        when="the account has the bucket, and the region is not us-east-1",
        code="BucketAlreadyOwnedByYou",
        status=409,
        message="Your previous request to create the named bucket succeeded and you already own it.",
        source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html",
    ),
)
