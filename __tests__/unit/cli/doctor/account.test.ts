import { configuration } from '../../../../config/environments';
import { UserError } from '../../../../errors';
import {
  type BucketLook,
  bucketsCheck,
  credentialsCheck,
  edgeRegionCheck,
  foundationCheck,
  quotaCheck,
  regionCheck,
} from '../../../../cli/doctor/account';
import { result } from '../../../../cli/doctor/check';

const fake = <T>(value: T) => Promise.resolve(value);

describe('credentials', () => {
  it("are reported with the account's id", async () => {
    const check = credentialsCheck(() => fake({ caller: 'user/ann', configuration }));
    expect(await check.run()).toEqual({ state: 'ok', found: 'user/ann of account 992382417038' });
  });

  it('that are missing are wrong, with how to sign in', async () => {
    const none = new UserError('AWS did not say whose credentials these are; sign in');
    expect(await credentialsCheck(() => Promise.reject(none)).run()).toMatchObject({
      state: 'wrong',
      advice: 'sign in',
    });
  });
});

describe('region', () => {
  it.each([
    ['eu-west-2', 'eu-west-2'],
    [undefined, 'eu-west-2'],
    ['', 'eu-west-2'],
    ['us-west-1', 'eu-west-2, as the table says; the aws command would use us-west-1 (AWS_REGION)'],
  ])('with AWS_REGION %j is right', async (named, found) => {
    expect(await regionCheck('eu-west-2', named).run()).toEqual({ state: 'ok', found });
  });
});

describe('state buckets', () => {
  const right: BucketLook = { there: true, region: 'eu-west-2', keepsVersions: true };
  const check = (looks: Readonly<Record<string, BucketLook>>) =>
    bucketsCheck({
      buckets: Object.keys(looks),
      region: 'eu-west-2',
      bootstrap: 'npx kairos bootstrap',
      look: (bucket) => fake(looks[bucket] ?? right),
    });

  it('are right with versioning, in the region of the table', async () => {
    expect(await check({ a: right, b: right }).run()).toMatchObject({ state: 'ok' });
  });

  it.each<[string, BucketLook, string, string]>([
    ['is missing', { there: false }, 'a is missing', 'npx kairos bootstrap'],
    ['has no versioning', { ...right, keepsVersions: false }, 'a keeps no versions', 'npx kairos bootstrap'],
    [
      'is in another region',
      { ...right, region: 'us-east-1' },
      'a lies in us-east-1, the table says eu-west-2',
      'set region in config/environments.ts, or KAIROS_AWS_REGION',
    ],
  ])('are wrong if one %s', async (_, look, found, advice) => {
    expect(await check({ a: look, b: right }).run()).toEqual({ state: 'wrong', found, advice });
  });

  it('are all named if all are missing', async () => {
    const { found } = await check({ a: { there: false }, b: { there: false } }).run();
    expect(found).toBe('a is missing, b is missing');
  });
});

describe('foundation', () => {
  it.each([
    [true, true, 'ok'],
    [false, false, 'wrong'],
    [true, false, 'wrong'],
    [false, true, 'wrong'],
  ])('with a state %s and a repository %s is %s', async (state, repository, expected) => {
    const check = foundationCheck({
      stack: 'kairos-foundation',
      repository: 'kairos',
      hasState: () => fake(state),
      hasRepository: () => fake(repository),
    });
    expect((await check.run()).state).toBe(expected);
  });
});

describe('the concurrency quota', () => {
  it.each([
    [1000, 'ok'],
    [10, 'wrong'],
    [3000, 'wrong'],
  ])('of %i is %s if the table says 1000', async (quota, state) => {
    expect(
      (await quotaCheck({ member: 'accountConcurrency', expected: 1000, read: () => fake(quota) }).run())
        .state,
    ).toBe(state);
  });

  it('can be raised if it is smaller', async () => {
    const { advice } = await quotaCheck({
      member: 'accountConcurrency',
      expected: 1000,
      read: () => fake(10),
    }).run();
    expect(advice).toMatch(/^accountConcurrency: 10 .* --desired-value 1000$/);
  });
});

describe('us-east-1', () => {
  const fails = (name: string, message: string) =>
    result(edgeRegionCheck(() => Promise.reject(Object.assign(new Error(message), { name }))));

  it('is right if AWS responds', async () => {
    expect(await edgeRegionCheck(() => fake(undefined)).run()).toMatchObject({ state: 'ok' });
  });

  it('is wrong if there is no response', async () => {
    expect(await fails('TimeoutError', 'no answer')).toMatchObject({ state: 'wrong' });
  });

  it('is wrong if a policy of the organization denies it', async () => {
    const words = 'with an explicit deny in a service control policy';
    expect(await fails('AccessDeniedException', words)).toMatchObject({ state: 'wrong' });
  });

  it('is unknown without permission to check', async () => {
    expect(await fails('AccessDeniedException', 'no identity-based policy')).toMatchObject({
      state: 'unknown',
    });
  });
});
