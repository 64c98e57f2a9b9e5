import { StateBucket } from '../../../../constructs/foundation/state-bucket';
import { Template } from '../../../support/template';

const template = Template.from((scope) => {
  new StateBucket(scope, 'State', { name: 'kairos-tfstate-111122223333-prod' });
});

describe('a state bucket', () => {
  it('cannot be destroyed', () => {
    expect(template.resource('aws_s3_bucket')).toMatchObject({
      bucket: 'kairos-tfstate-111122223333-prod',
      lifecycle: { prevent_destroy: true },
    });
  });

  it('keeps versions', () => {
    expect(template.resource('aws_s3_bucket_versioning')).toMatchObject({
      versioning_configuration: { status: 'Enabled' },
    });
  });

  it('is encrypted', () => {
    expect(template.resource('aws_s3_bucket_server_side_encryption_configuration')).toMatchObject({
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }],
    });
  });

  it('is never public', () => {
    expect(template.resource('aws_s3_bucket_public_access_block')).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  it('owns every object, even if another account writes it', () => {
    expect(template.resource('aws_s3_bucket_ownership_controls')).toMatchObject({
      rule: { object_ownership: 'BucketOwnerEnforced' },
    });
  });

  it('deletes old versions after half a year, and never the current one', () => {
    const { rule } = template.resource('aws_s3_bucket_lifecycle_configuration');
    expect(rule).toEqual([
      {
        id: 'old-versions',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        noncurrent_version_expiration: [{ noncurrent_days: 180 }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
    ]);
  });

  it('refuses every call without TLS', () => {
    expect(template.policyStatements()).toEqual([
      expect.objectContaining({
        effect: 'Deny',
        actions: ['s3:*'],
        principals: [{ type: '*', identifiers: ['*'] }],
        resources: ['${aws_s3_bucket.State.arn}', '${aws_s3_bucket.State.arn}/*'],
        condition: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }],
      }),
    ]);
  });
});
