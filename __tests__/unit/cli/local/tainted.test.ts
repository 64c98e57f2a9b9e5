import { taintedIn } from '../../../../cli/local/tainted';

const state = JSON.stringify({
  version: 4,
  serial: 3,
  resources: [
    { mode: 'managed', type: 'aws_kms_key', name: 'Key-dev', instances: [{ status: 'tainted' }] },
    { mode: 'managed', type: 'aws_kms_key', name: 'Key-prod', instances: [{ schema_version: 0 }] },
    { mode: 'managed', type: 'aws_sns_topic', name: 'Topic', instances: [{ status: 'tainted' }] },
  ],
});

describe('what a creation that was stopped has left', () => {
  it('is what the state calls tainted, where the condition holds', () => {
    expect(taintedIn(state, (address) => address.startsWith('aws_kms_key'))).toEqual(['aws_kms_key.Key-dev']);
  });

  it('is nothing without a state', () => {
    expect(taintedIn(undefined, () => true)).toEqual([]);
  });
});
