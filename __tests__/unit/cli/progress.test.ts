import { ProgressCounter } from '../../../cli/local/progress';

describe('the progress of a deploy', () => {
  it('counts what Terraform plans and what it has done, imports among it', () => {
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

  it('says nothing of other lines', () => {
    expect(new ProgressCounter().read('aws_kms_key.Key-dev: Creating...')).toBeUndefined();
  });
});
