import { zoneCheck } from '../../../../cli/doctor/domain';
import { imageCheck, secretsCheck } from '../../../../cli/doctor/environment';

describe('secrets', () => {
  const check = (secrets: Parameters<typeof secretsCheck>[0]['describe']) =>
    secretsCheck({
      environment: 'prod',
      foundation: 'kairos-foundation-prod',
      wanted: ['SECRET_KEY', 'API_KEY_PARTNER'],
      describe: secrets,
    });
  const set = (name: 'SECRET_KEY' | 'API_KEY_PARTNER') => ({ name, version: 2, isSet: true });
  const unset = (name: 'SECRET_KEY' | 'API_KEY_PARTNER') => ({ name, version: 1, isSet: false });

  it('are right if all are set', async () => {
    const fakeSecrets = () => Promise.resolve([set('SECRET_KEY'), set('API_KEY_PARTNER')]);
    expect(await check(fakeSecrets).run()).toEqual({ state: 'ok', found: '2, all set' });
  });

  it('that were never set are named, including API keys', async () => {
    const fakeSecrets = () => Promise.resolve([set('SECRET_KEY'), unset('API_KEY_PARTNER')]);
    expect(await check(fakeSecrets).run()).toEqual({
      state: 'wrong',
      found: 'unset: API_KEY_PARTNER',
      advice: 'npx kairos secrets set prod API_KEY_PARTNER',
    });
  });

  it("without a parameter first need a deploy of their account's foundation", async () => {
    expect(await check(() => Promise.resolve([unset('SECRET_KEY')])).run()).toEqual({
      state: 'wrong',
      found: 'no parameter for API_KEY_PARTNER',
      advice: 'npx cdktf deploy kairos-foundation-prod',
    });
  });
});

describe('image', () => {
  const check = (applied: string | undefined, has: boolean) =>
    imageCheck({
      environment: 'prod',
      applied: () => Promise.resolve(applied),
      has: () => Promise.resolve(has),
    });

  it.each([
    ['sha256:1234567890ab', true, 'ok'],
    ['sha256:1234567890ab', false, 'wrong'],
    [undefined, false, 'unknown'],
  ])('%s, in ECR %s, is %s', async (applied, has, state) => {
    expect((await check(applied, has).run()).state).toBe(state);
  });
});

describe('hosted zone', () => {
  const ours = ['ns-1.awsdns-1.org', 'ns-2.awsdns-2.com.'];
  const check = (own: readonly string[] | undefined, asked: readonly string[], zone?: string) =>
    zoneCheck({
      zone,
      nameServers: () => Promise.resolve(own),
      delegatedTo: () => Promise.resolve(asked),
    });

  it('is not checked if the table has no domain', async () => {
    expect(await check(undefined, []).run()).toMatchObject({ state: 'ok' });
  });

  it('is right if it is delegated to its own name servers, in any order and letter case', async () => {
    const asked = ['NS-2.awsdns-2.com', 'ns-1.awsdns-1.org'];
    expect(await check(ours, asked, 'findkairos.com').run()).toMatchObject({ state: 'ok' });
  });

  it.each([
    ['is missing', undefined, [], 'Route 53 has no public zone findkairos.com'],
    ['has no delegation', ours, [], 'findkairos.com exists, but is not delegated to Route 53'],
    [
      'is delegated to other name servers',
      ours,
      ['ns1.registrar.example'],
      'findkairos.com exists, but is delegated to ns1.registrar.example',
    ],
  ])('that %s is wrong', async (_, own, asked, found) => {
    const finding = await check(own, asked, 'findkairos.com').run();
    expect(finding).toMatchObject({ state: 'wrong', found });
    expect(finding.advice).toMatch(/create-hosted-zone|name servers: ns-1.awsdns-1.org, ns-2.awsdns-2.com$/);
  });
});
