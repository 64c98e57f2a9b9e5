import { ProgressCounter } from '../../../cli/progress';

describe('the progress of a deploy', () => {
  it('counts the changes that Terraform plans and has made, including imports', () => {
    const counter = new ProgressCounter();
    expect(counter.read('kairos-foundation  Plan: 4 to import, 2 to add, 1 to change, 0 to destroy.')).toBe(
      '0 of 7',
    );
    expect(counter.read('kairos-foundation  aws_kms_key.Key-dev: Creation complete after 1s [id=k]')).toBe(
      '1 of 7',
    );
    expect(counter.read('kairos-foundation  aws_s3_bucket.b: Import complete [id=b]')).toBe('2 of 7');
  });

  it('adds up the plans of several stacks', () => {
    const counter = new ProgressCounter();
    counter.read('kairos-dev  Plan: 2 to add, 0 to change, 0 to destroy.');
    expect(counter.read('kairos-prod  Plan: 3 to add, 0 to change, 0 to destroy.')).toBe('0 of 5');
  });

  it('names the resource that it waits for, and how long, until it exists', () => {
    const counter = new ProgressCounter();
    counter.read('Plan: 2 to add, 0 to change, 0 to destroy.');
    const distribution = 'aws_cloudfront_distribution.Edge_1 (Edge/Distribution/Default)';
    expect(counter.read(`kairos-prod  ${distribution}: Still creating... [1m30s elapsed]`)).toBe(
      '0 of 2, waits for aws_cloudfront_distribution since 1m30s',
    );
    expect(counter.read('  aws_kms_key.Key-dev: Still modifying... [id=k-1, 10s elapsed]')).toBe(
      '0 of 2, waits for aws_cloudfront_distribution since 1m30s and 1 more',
    );
    expect(counter.read(`${distribution}: Creation complete after 2m [id=E]`)).toBe(
      '1 of 2, waits for aws_kms_key since 10s',
    );
  });

  it('ignores other lines', () => {
    expect(new ProgressCounter().read('aws_kms_key.Key-dev: Creating...')).toBeUndefined();
  });
});
