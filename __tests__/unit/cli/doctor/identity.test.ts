import { providerCheck, rolesCheck } from '../../../../cli/doctor/identity';

describe('GitHub as identity provider', () => {
  it.each([
    ['make', true, true, 'ok', undefined],
    ['make', false, true, 'wrong', 'npx cdktf deploy kairos-foundation'],
    ['make', false, false, 'unknown', 'npx cdktf deploy kairos-foundation'],
    ['make', true, false, 'wrong', "provider: 'take-over' in the row github of config/environments.ts"],
    ['take-over', true, false, 'ok', undefined],
    ['take-over', false, true, 'wrong', "provider: 'make' in the row github of config/environments.ts"],
  ] as const)(
    'with provider %s, existing %s, and the foundation deployed %s, is %s',
    async (origin, there, applied, state, advice) => {
      const check = providerCheck({
        origin,
        stack: 'kairos-foundation',
        isThere: () => Promise.resolve(there),
        hasState: () => Promise.resolve(applied),
      });
      const found = await check.run();
      expect([found.state, found.advice]).toEqual([state, advice]);
    },
  );
});

describe('the roles of the pipelines', () => {
  const trust = (id: string) => JSON.stringify({ Condition: { StringEquals: { repository_id: [id] } } });
  const check = (trusts: Readonly<Record<string, string>>) =>
    rolesCheck({
      roles: ['kairos-dev-plan', 'kairos-dev-deploy'],
      stack: 'kairos-foundation',
      repositoryId: 22,
      trustOf: (role) => Promise.resolve(trusts[role]),
    }).run();

  it('are right if each trusts the repository of the table', async () => {
    const trusts = { 'kairos-dev-plan': trust('22'), 'kairos-dev-deploy': trust('22') };
    expect(await check(trusts)).toEqual({ state: 'ok', found: '2, for the repository of the table' });
  });

  it('are named if they are missing', async () => {
    expect(await check({ 'kairos-dev-plan': trust('22') })).toEqual({
      state: 'wrong',
      found: 'no role kairos-dev-deploy',
      advice: 'npx cdktf deploy kairos-foundation',
    });
  });

  it('are named if they trust another repository, even one whose id has the same beginning', async () => {
    const trusts = { 'kairos-dev-plan': trust('22'), 'kairos-dev-deploy': trust('221') };
    expect(await check(trusts)).toMatchObject({
      state: 'wrong',
      found: 'another repository is trusted by kairos-dev-deploy',
    });
  });
});
