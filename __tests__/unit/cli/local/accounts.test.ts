import { accountsFor, shellIn, stacksOf } from '../../../../cli/local/accounts';
import { configuration } from '../../../../config/environments';
import type { Configuration } from '../../../../config/types';

const own = '111122223333';
const { accountId, region, environments } = configuration;
const separate: Configuration = {
  ...configuration,
  environments: { ...environments, staging: { ...environments.staging, account: { id: own } } },
};

describe('the accounts of a local cloud', () => {
  it('are one if no environment has its own', () => {
    expect(accountsFor(configuration, ['dev', 'staging'])).toEqual([
      {
        accountId,
        region,
        foundation: 'kairos-foundation',
        owners: ['shared', 'dev', 'staging', 'prod'],
        environments: ['dev', 'staging'],
      },
    ]);
  });

  it('are two for an environment with its own account: its images are in the other', () => {
    const accounts = accountsFor(separate, ['staging']);
    expect(accounts).toEqual([
      {
        accountId,
        region,
        foundation: 'kairos-foundation',
        owners: ['shared', 'dev', 'prod'],
        environments: [],
      },
      {
        accountId: own,
        region,
        foundation: 'kairos-foundation-staging',
        owners: ['shared', 'staging'],
        environments: ['staging'],
      },
    ]);
    expect(accounts.map(stacksOf)).toEqual([
      ['kairos-foundation'],
      ['kairos-foundation-staging', 'kairos-staging'],
    ]);
  });

  it('do not include the account of an environment that is not deployed', () => {
    expect(accountsFor(separate, ['dev'])).toHaveLength(1);
  });

  it('are selected by an access key that the emulator maps to them', () => {
    const shell = {
      KAIROS_AWS_ACCOUNT_ID: accountId,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      OTHER: 'kept',
    };
    expect(shellIn(shell, { accountId: own, region: 'eu-central-1' })).toEqual({
      ...shell,
      AWS_ACCESS_KEY_ID: own,
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
    });
    // A key of 12 digits would select that account, but a shell never has such a key for AWS.
    expect(shellIn(shell, { accountId, region })).toEqual(shell);
  });
});
