import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { policyOf, refersTo, siblingsOf } from './reading';
import { rendered } from './rendered';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html */
export const closedBuckets = policyOf('closed-buckets', S3Bucket, (bucket) => [
  isClosed(bucket)
    ? undefined
    : 'the bucket can be made public; give it an S3BucketPublicAccessBlock with all four members true',
  refusesPlainHttp(bucket)
    ? undefined
    : 'the bucket accepts requests without TLS; give it a policy that denies when aws:SecureTransport is false',
]);

function isClosed(bucket: S3Bucket): boolean {
  return siblingsOf(bucket, S3BucketPublicAccessBlock).some(
    (block) =>
      refersTo(block, block.bucketInput, bucket) &&
      block.blockPublicAclsInput === true &&
      block.blockPublicPolicyInput === true &&
      block.ignorePublicAclsInput === true &&
      block.restrictPublicBucketsInput === true,
  );
}

function refusesPlainHttp(bucket: S3Bucket): boolean {
  return (
    siblingsOf(bucket, S3BucketPolicy).some((policy) => refersTo(policy, policy.bucketInput, bucket)) &&
    siblingsOf(bucket, DataAwsIamPolicyDocument).some((document) => {
      const text = rendered(document, document.statementInput);
      return refersTo(document, document.statementInput, bucket) && text.includes('aws:SecureTransport');
    })
  );
}
