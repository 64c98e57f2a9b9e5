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

describe('resources whose creation was interrupted', () => {
  it('are those that the state marks as tainted, if they match', () => {
    expect(taintedIn(state, (address) => address.startsWith('aws_kms_key'))).toEqual(['aws_kms_key.Key-dev']);
  });

  it('are none without a state', () => {
    expect(taintedIn(undefined, () => true)).toEqual([]);
  });
});
