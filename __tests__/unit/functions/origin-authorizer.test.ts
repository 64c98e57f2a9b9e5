import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { keyLifetime, type ReadParameters } from '../../../functions/origin-authorizer/api-keys';
import { createAuthorizer } from '../../../functions/origin-authorizer/authorizer';
import { readConfiguration } from '../../../functions/origin-authorizer/configuration';
import type { AuthorizerEvent } from '../../../functions/origin-authorizer/event';
import recorded from '../../fixtures/authorizer-event.json';

const current = 'the-secret-of-the-newest-rotation-000000000000000002';
const previous = 'the-secret-of-the-rotation-before-000000000000000001';
const lastButOne = 'the-secret-of-the-last-but-one-00000000000000000000000';
const partnerKey = 'partner-key-0123456789abcdef';
const mobileKey = 'mobile-key-0123456789abcdef';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const lock = {
  KAIROS_ORIGIN_HEADER: 'x-origin-verify',
  KAIROS_ORIGIN_HASHES: `${sha256(current)},${sha256(previous)}`,
};
const lockAndKeys = {
  ...lock,
  KAIROS_API_KEY_PREFIXES: '/api/v1/partners,/api/v2',
  KAIROS_API_KEY_PARAMETERS: '/kairos/prod/secrets/API_KEY_PARTNER,/kairos/prod/secrets/API_KEY_MOBILE',
};

interface Difference {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly path?: string;
  readonly method?: string;
}

/** The recorded event, with changes. */
function request({
  headers = {},
  path = recorded.rawPath,
  method = 'GET',
}: Difference = {}): AuthorizerEvent {
  return {
    ...recorded,
    rawPath: path,
    headers: { ...recorded.headers, ...headers },
    requestContext: { ...recorded.requestContext, http: { ...recorded.requestContext.http, method } },
  };
}

const unread: ReadParameters = () => {
  throw new Error('nothing was to be read');
};

describe('the origin lock', () => {
  const authorize = createAuthorizer(readConfiguration(lock), unread);
  const admitted = async (value: string | undefined) =>
    (await authorize(request({ headers: { 'x-origin-verify': value } }))).isAuthorized;

  test('admits the current secret', async () => {
    expect(await authorize(request())).toEqual({ isAuthorized: true });
  });

  test('admits the previous secret, so that no request fails during a rotation', async () => {
    expect(await admitted(previous)).toBe(true);
  });

  test.each([
    ['the secret before the previous one', lastButOne],
    ['a wrong one', 'wrong'],
    ['an empty one', ''],
    ['a missing one', undefined],
    ['a hash instead of the secret', sha256(current)],
    ['the right secret twice: the gateway joins repeated headers', `${current},${current}`],
    ['the right secret after a wrong one', `wrong,${current}`],
    ['the right secret with a space', `${current} `],
    ['the right secret in capital letters', current.toUpperCase()],
    ['the right secret and an additional megabyte', current.padEnd(1_000_000, 'x')],
  ])('refuses %s', async (_, value) => {
    expect(await admitted(value)).toBe(false);
  });

  test('refuses any other value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (value) => {
        fc.pre(value !== current && value !== previous);
        expect(await admitted(value)).toBe(false);
      }),
    );
  });

  test('refuses a request without headers', async () => {
    expect(await authorize({ ...request(), headers: undefined })).toEqual({ isAuthorized: false });
  });

  test('is not fooled by inherited properties of an object', async () => {
    const authorizer = createAuthorizer(
      readConfiguration({ ...lock, KAIROS_ORIGIN_HEADER: 'constructor' }),
      unread,
    );
    expect(await authorizer({ ...request(), headers: {} })).toEqual({ isAuthorized: false });
  });

  test('reads no parameter, so it works while the parameter store is down', async () => {
    const read = jest.fn<ReturnType<ReadParameters>, Parameters<ReadParameters>>();
    await createAuthorizer(readConfiguration(lock), read)(request());
    expect(read).not.toHaveBeenCalled();
  });
});

describe('API keys', () => {
  const stored = [partnerKey, mobileKey, 'unset'];
  const answering: ReadParameters = () => Promise.resolve(stored);
  const judge = async (difference: Difference, read: ReadParameters = answering) =>
    (await createAuthorizer(readConfiguration(lockAndKeys), read)(request(difference))).isAuthorized;
  const below = '/api/v1/partners/7';

  test.each([partnerKey, mobileKey])('admit any valid key: %s', async (key) => {
    expect(await judge({ path: below, headers: { 'x-api-key': key } })).toBe(true);
  });

  test.each([
    ['a missing key', undefined],
    ['an empty key', ''],
    ['an unknown key', 'unknown-key-0123456789abcdef'],
    ['two keys at once', `${partnerKey},${mobileKey}`],
    ['the placeholder of a parameter that was never set', 'unset'],
  ])('refuses %s', async (_, key) => {
    expect(await judge({ path: below, headers: { 'x-api-key': key } })).toBe(false);
  });

  test("a valid key does not replace the origin's secret", async () => {
    const headers = { 'x-api-key': partnerKey, 'x-origin-verify': 'wrong' };
    expect(await judge({ path: below, headers })).toBe(false);
  });

  test.each(['/api/v1/journeys/', '/', '/api/v1/partnership', '/docs'])(
    'are not required outside the prefixes: %s',
    async (path) => {
      expect(await judge({ path }, unread)).toBe(true);
    },
  );

  test.each([
    '/api/v1/partners',
    '/api/v1/partners/',
    '/api/v2/anything',
    '//api//v1//partners/7',
    '/API/v1/Partners/7',
    '/api/v1/%70artners/7',
    '/api/v1/%2570artners/7',
    '/api/v1%2Fpartners/7',
    '/api/v1\\partners',
    '/api/./v1/partners',
    '/api/v1/journeys/../partners',
    '/api/v1/journeys/%2e%2e/partners',
    '/%E0%A4%A',
    '/%25252525252e',
  ])('are required for every spelling of a path below a prefix: %s', async (path) => {
    expect(await judge({ path })).toBe(false);
  });

  test('are not required for OPTIONS, to which a browser cannot add one', async () => {
    expect(await judge({ path: below, method: 'OPTIONS' }, unread)).toBe(true);
  });

  test('are read once and cached; a revoked key is refused after the lifetime of the cache', async () => {
    let time = 0;
    let live = [partnerKey];
    const read = jest.fn(() => Promise.resolve(live));
    const authorize = createAuthorizer(readConfiguration(lockAndKeys), read, () => time);
    const ask = () => authorize(request({ path: below, headers: { 'x-api-key': partnerKey } }));

    await ask();
    live = [mobileKey];
    time = keyLifetime - 1;
    expect(await ask()).toEqual({ isAuthorized: true });
    expect(read).toHaveBeenCalledTimes(1);
    time = keyLifetime;
    expect(await ask()).toEqual({ isAuthorized: false });
  });

  test('admit nobody while the parameter store is down, and read it again for the next request', async () => {
    let down = true;
    const authorize = createAuthorizer(readConfiguration(lockAndKeys), () =>
      down ? Promise.reject(new Error('the store is down')) : Promise.resolve([partnerKey]),
    );
    const ask = () => authorize(request({ path: below, headers: { 'x-api-key': partnerKey } }));

    await expect(ask()).rejects.toThrow('the store is down');
    down = false;
    expect(await ask()).toEqual({ isAuthorized: true });
  });

  test('admit nobody if the store is down after their lifetime', async () => {
    let time = 0;
    const read = jest
      .fn<ReturnType<ReadParameters>, Parameters<ReadParameters>>()
      .mockResolvedValueOnce([partnerKey])
      .mockRejectedValue(new Error('the store is down'));
    const authorize = createAuthorizer(readConfiguration(lockAndKeys), read, () => time);
    const ask = () => authorize(request({ path: below, headers: { 'x-api-key': partnerKey } }));
    await ask();
    time = keyLifetime;
    await expect(ask()).rejects.toThrow('the store is down');
  });

  test('the other routes stay open to the edge while the parameter store is down', async () => {
    expect(await judge({}, () => Promise.reject(new Error('the store is down')))).toBe(true);
  });
});

describe('a function with a wrong configuration does not start', () => {
  test.each([
    ['no header', { ...lock, KAIROS_ORIGIN_HEADER: undefined }, /KAIROS_ORIGIN_HEADER/],
    ['a header in capital letters', { ...lock, KAIROS_ORIGIN_HEADER: 'X-Origin-Verify' }, /lower case/],
    ['no hashes', { ...lock, KAIROS_ORIGIN_HASHES: '' }, /KAIROS_ORIGIN_HASHES/],
    ['a secret instead of its hash', { ...lock, KAIROS_ORIGIN_HASHES: current }, /SHA-256/],
  ])('%s', (_, environment, message) => {
    expect(() => readConfiguration(environment)).toThrow(message);
  });

  test('the error does not contain a secret that was put in the wrong place', () => {
    const environment = { ...lock, KAIROS_ORIGIN_HASHES: current };
    expect(() => readConfiguration(environment)).not.toThrow(current);
    expect(() => readConfiguration(environment)).toThrow();
  });
});
