import { accountsFor, shellIn, stacksOf } from '../../../../cli/local/accounts';
import { configuration } from '../../../../config/environments';
import type { Configuration } from '../../../../config/types';

const own = '111122223333';
const { accountId, environments } = configuration;
const separate: Configuration = {
  ...configuration,
  environments: { ...environments, staging: { ...environments.staging, account: { id: own } } },
};

describe('the accounts of a local cloud', () => {
  it('are one, where no environment has its own', () => {
    expect(accountsFor(configuration, ['dev', 'staging'])).toEqual([
      {
        accountId,
        foundation: 'kairos-foundation',
        owners: ['shared', 'dev', 'staging', 'prod'],
        environments: ['dev', 'staging'],
      },
    ]);
  });

  it('are two for an environment with its own: the images lie in the other', () => {
    const accounts = accountsFor(separate, ['staging']);
    expect(accounts).toEqual([
      { accountId, foundation: 'kairos-foundation', owners: ['shared', 'dev', 'prod'], environments: [] },
      {
        accountId: own,
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

  it('leave out one whose environment nobody asked for', () => {
    expect(accountsFor(separate, ['dev'])).toHaveLength(1);
  });

  it('are reached by the key that the emulator takes for them', () => {
    const shell = { KAIROS_AWS_ACCOUNT_ID: accountId, AWS_ACCESS_KEY_ID: 'test', OTHER: 'kept' };
    expect(shellIn(shell, own)).toEqual({ ...shell, AWS_ACCESS_KEY_ID: own });
    // As 12 digits too, it would be the same account, of which a shell never says so.
    expect(shellIn(shell, accountId)).toEqual(shell);
  });
});
