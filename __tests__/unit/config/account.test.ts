import { neighboursOf, placeOf, separateEnvironments, sharingEnvironments } from '../../../config/account';
import { configuration } from '../../../config/environments';
import { faultsIn } from '../../../config/schema';
import type { AccountConfiguration, Configuration, Environment } from '../../../config/types';

/** The real table, with separate accounts for some environments. */
function tableWith(accounts: Readonly<Partial<Record<'dev' | 'staging' | 'prod', unknown>>>): unknown {
  const rows = Object.entries(configuration.environments).map(([name, row]: [string, Environment]) => [
    name,
    name in accounts ? { ...row, account: Reflect.get(accounts, name) as unknown } : row,
  ]);
  return { ...configuration, environments: Object.fromEntries(rows) as unknown };
}

function withProd(account: AccountConfiguration, changes: Partial<Configuration> = {}): Configuration {
  const { environments } = configuration;
  return {
    ...configuration,
    ...changes,
    environments: { ...environments, prod: { ...environments.prod, account } },
  };
}

describe('a separate account', () => {
  it('is accepted, with and without a quota', () => {
    expect(faultsIn(tableWith({ prod: { id: '111122223333' } }))).toEqual([]);
    expect(faultsIn(tableWith({ prod: { id: '111122223333', concurrency: 500 } }))).toEqual([]);
    expect(faultsIn(tableWith({ prod: { id: '111122223333', region: 'eu-central-1' } }))).toEqual([]);
  });

  it("is refused if it is malformed, the shared account, or another environment's, and all faults are reported at once", () => {
    const table = tableWith({
      dev: { id: configuration.accountId },
      staging: { id: '11112222333' },
      prod: { id: configuration.accountId },
    });
    expect(faultsIn(table).map(({ path, right }) => [path, right])).toEqual([
      ['environments.staging.account.id', 'the 12 digits of an AWS account'],
      ['environments.dev.account.id', expect.stringMatching(/^an account other than accountId/)],
      ['environments.prod.account.id', expect.stringMatching(/^an account other than accountId/)],
    ]);
  });

  it('belongs to one environment only', () => {
    const faults = faultsIn(tableWith({ staging: { id: '111122223333' }, prod: { id: '111122223333' } }));
    expect(faults).toEqual([
      {
        path: 'environments.prod.account.id',
        found: "'111122223333'",
        right: 'a different account: staging has this one already',
      },
    ]);
    expect(faultsIn(tableWith({ staging: { id: '111122223333' }, prod: { id: '444455556666' } }))).toEqual(
      [],
    );
  });

  it.each([
    ['a string', '111122223333', 'environments.prod.account'],
    ['without an id', {}, 'environments.prod.account.id'],
    [
      'with a region that AWS does not have',
      { id: '111122223333', region: 'London' },
      'environments.prod.account.region',
    ],
    ['with a quota of 0', { id: '111122223333', concurrency: 0 }, 'environments.prod.account.concurrency'],
  ])('is refused if it is %s', (_, account, path) => {
    expect(faultsIn(tableWith({ prod: account })).map((fault) => fault.path)).toContain(path);
  });

  it('has its own quota, which only its environment uses', () => {
    // 10, 20 and 50 are reserved: more than 160 - 100 in one account, but not in separate ones.
    const together = { ...configuration, accountConcurrency: 160 };
    expect(faultsIn(together)).toHaveLength(1);
    expect(faultsIn(withProd({ id: '111122223333', concurrency: 160 }, { accountConcurrency: 160 }))).toEqual(
      [],
    );
    expect(faultsIn(withProd({ id: '111122223333', concurrency: 149 }))).toEqual([
      expect.objectContaining({
        path: 'environments.prod.function.reservedConcurrency',
        right: expect.stringContaining(
          'the account has 149 (environments.prod.account.concurrency)',
        ) as string,
      }),
    ]);
  });
});

describe('the accounts of an environment', () => {
  const table = withProd({ id: '111122223333', concurrency: 10 }, { accountConcurrency: 400 });

  it('are its own account, and the shared one for its image', () => {
    expect(placeOf(table, 'prod')).toEqual({
      accountId: '111122223333',
      region: configuration.region,
      registryId: configuration.accountId,
      accountConcurrency: 10,
    });
  });

  it('has copies of the images in its own account if it is in another region', () => {
    expect(placeOf(withProd({ id: '111122223333', region: 'eu-central-1' }), 'prod')).toMatchObject({
      accountId: '111122223333',
      region: 'eu-central-1',
      registryId: '111122223333',
    });
  });

  it('has no copies if its account names the region of the table', () => {
    const { accountId, region } = configuration;
    expect(placeOf(withProd({ id: '111122223333', region }), 'prod')).toMatchObject({
      region,
      registryId: accountId,
    });
  });

  it.each(['dev', undefined] as const)('are the account of the table for %s', (name) => {
    const { accountId, region } = configuration;
    expect(placeOf(table, name)).toEqual({
      accountId,
      region,
      registryId: accountId,
      accountConcurrency: 400,
    });
  });

  it('are shared with the environments in the same account', () => {
    expect([sharingEnvironments(table), separateEnvironments(table)]).toEqual([['dev', 'staging'], ['prod']]);
    expect(neighboursOf(table, 'prod')).toEqual(['prod']);
    expect(neighboursOf(table, 'staging')).toEqual(['dev', 'staging']);
    expect(neighboursOf(table)).toEqual(['dev', 'staging']);
  });
});
