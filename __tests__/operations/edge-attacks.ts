import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import { reachable } from '../../cli/address';
import { localAddresses } from '../../cli/local/addresses';
import { readOriginSecrets } from '../support/origin-secrets';
import { expectSuccess, type Project } from '../support/project';

const seenSchema = z.object({ names: z.array(z.string()), headers: z.record(z.string(), z.string()) });
const outputsSchema = z.object({
  url: z.object({ value: z.string() }),
  api_endpoint: z.object({ value: z.string() }),
});

/** The limits during the attacks: low enough to be reached, and high enough for all requests before them. */
export const attackLimits = { requestLimit: 900, loginLimit: 10 };

/** The addresses of a stack's edge and of its API, by plain HTTP. */
export async function frontsOf(project: Project, stack: string) {
  const { stdout } = expectSuccess(await project.terraform(stack, ['output', '-json']));
  const { url, api_endpoint: api } = outputsSchema.parse(JSON.parse(stdout));
  const addresses = await localAddresses(project.record);
  return { edge: reachable(url.value, addresses), api: reachable(api.value, addresses) };
}

type Init = Parameters<typeof fetch>[1];

function ask(url: string, init: Init = {}): Promise<Response> {
  return fetch(url, { redirect: 'manual', ...init });
}

async function statusAndBody(response: Response): Promise<readonly [number, unknown]> {
  return [response.status, JSON.parse(await response.text())];
}

/** Attacks on an environment with an edge. Anybody on the internet could try them. */
export function describeAttacks(project: Project, stack: string): void {
  const aws = project.clients();
  let edge = '';
  let api = '';
  let secrets = { even: '', odd: '' };

  beforeAll(async () => {
    ({ edge, api } = await frontsOf(project, stack));
    secrets = await readOriginSecrets(project, stack);
  });

  /** How many times the function has run. */
  async function invocations(functionName: string): Promise<number> {
    const { events } = await aws.logs.send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${functionName}`, limit: 10_000 }),
    );
    return (events ?? []).filter(({ message = '' }) => /platform\.report|REPORT/.test(message)).length;
  }

  it('through the edge, the backend and the pages of its documentation answer', async () => {
    for (const path of ['/docs', '/api/v1/openapi.json']) {
      expect((await ask(edge + path)).status).toBe(200);
    }
  });

  it('every response has the security headers', async () => {
    const { headers } = await ask(`${edge}/docs`);
    expect(Object.fromEntries(headers)).toMatchObject({
      'strict-transport-security': 'max-age=63072000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
  });

  it('a request sent directly to the API gets 401, and the function does not run', async () => {
    const before = await invocations(stack);
    expect(before).toBeGreaterThan(0);
    expect(await statusAndBody(await ask(`${api}/docs`))).toEqual([401, { message: 'Unauthorized' }]);
    expect(await invocations(stack)).toBe(before);
  });

  it('a forged header gets 403, and the backend does not run', async () => {
    const before = await invocations(stack);
    expect(before).toBeGreaterThan(0);
    const forged = await ask(`${api}/docs`, { headers: { 'x-origin-verify': 'forged' } });
    expect(await statusAndBody(forged)).toEqual([403, { message: 'Forbidden' }]);
    expect(await invocations(stack)).toBe(before);
  });

  it('another wrong secret in each request gets 403 too, and the backend does not run', async () => {
    const before = await invocations(stack);
    expect(before).toBeGreaterThan(0);
    const wrong = Array.from({ length: 20 }, (_, index) =>
      ask(`${api}/docs`, { headers: { 'x-origin-verify': `wrong-${index}` } }),
    );
    expect((await Promise.all(wrong)).map(({ status }) => status)).toEqual(wrong.map(() => 403));
    expect(await invocations(stack)).toBe(before);
  });

  it.each(['x-forwarded-host', 'x-original-url', 'x-rewrite-url', 'forwarded'])(
    'the header %s does not admit a request to the API',
    async (name) => {
      const response = await ask(`${api}/docs`, { headers: { [name]: new URL(edge).host } });
      expect(response.status).toBe(401);
    },
  );

  it('CloudFront replaces the secret that a viewer sends with its own', async () => {
    const response = await ask(`${edge}/docs`, { headers: { 'x-origin-verify': 'forged' } });
    expect(response.status).toBe(200);
  });

  it('the application sees neither the secret nor the host of the edge', async () => {
    const seen = seenSchema.parse(await (await ask(`${edge}/api/v1/probe/request`)).json());
    expect(seen.names).not.toContain('x-origin-verify');
    expect(seen.headers.host).toMatch(/\.execute-api\.eu-west-2\.amazonaws\.com$/);
  });

  it('a redirect stays on the edge, and leads to the application', async () => {
    const redirected = await ask(`${edge}/api/v1/journeys`, { method: 'POST' });
    expect(redirected.status).toBe(307);
    expect(redirected.headers.get('location')).toBe('/api/v1/journeys/');
    const followed = await fetch(`${edge}/api/v1/journeys`, { method: 'POST' });
    expect(await statusAndBody(followed)).toEqual([401, { detail: 'Not authenticated' }]);
  });

  it('a redirect never names another host from a header of the viewer', async () => {
    const redirected = await ask(`${edge}/api/v1/journeys`, {
      method: 'POST',
      headers: { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' },
    });
    expect(redirected.headers.get('location')).toBe('/api/v1/journeys/');
  });

  it('a body as long as WAF reads is accepted, and a longer one gets 413', async () => {
    const echo = (length: number) =>
      ask(`${edge}/api/v1/probe/echo`, { method: 'POST', body: 'x'.repeat(length) });
    expect((await echo(65_536)).status).toBe(200);
    expect(await statusAndBody(await echo(65_537))).toEqual([413, { message: 'Content Too Large' }]);
  });

  it('too many logins get 429, while all other requests succeed', async () => {
    const login = () => ask(`${edge}/api/v1/auth/%74oken`, { method: 'POST' });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < attackLimits.loginLimit; attempt++) {
      statuses.push((await login()).status);
    }
    expect(new Set(statuses)).toEqual(new Set([422]));
    const refused = await login();
    expect(refused.headers.get('retry-after')).toBe('300');
    expect(await statusAndBody(refused)).toEqual([429, { message: 'Too Many Requests' }]);
    expect((await ask(`${edge}/docs`)).status).toBe(200);
  });

  it('no log contains a secret', async () => {
    const groups = [
      `/aws/lambda/${stack}`,
      `/aws/lambda/${stack}-authorizer`,
      `/aws/vendedlogs/apigateway/${stack}`,
    ];
    const lines: string[] = [];
    for (const [client, names] of [
      [aws.logs, groups],
      [aws.logsOfCloudFront, [`aws-waf-logs-${stack}`, `/aws/vendedlogs/cloudfront/${stack}`]],
    ] as const) {
      for (const logGroupName of names) {
        const { events } = await client.send(new FilterLogEventsCommand({ logGroupName, limit: 10_000 }));
        lines.push(...(events ?? []).map(({ message = '' }) => message));
      }
    }
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.filter((line) => line.includes(secrets.even) || line.includes(secrets.odd))).toEqual([]);
  });
}

/** Requests below this path need an API key. */
export const keyedPath = '/api/v1/probe/cookies';

/** Requests below the path that needs a key. */
export function describeApiKeys(project: Project, stack: string, key: string): void {
  let edge = '';

  beforeAll(async () => {
    ({ edge } = await frontsOf(project, stack));
  });

  const statusOf = async (path: string, headers: Record<string, string> = {}) =>
    (await ask(edge + path, { headers })).status;

  it('a valid key is admitted', async () => {
    expect(await statusOf(keyedPath, { 'x-api-key': key })).toBe(200);
  });

  it.each([
    ['no key', {}],
    ['an unknown key', { 'x-api-key': 'unknown-key-0123456789abcdef' }],
    ['the placeholder', { 'x-api-key': 'unset' }],
  ])('%s gets 403', async (_, headers) => {
    expect(await statusOf(keyedPath, headers)).toBe(403);
  });

  it.each(['/api/v1/%70robe/cookies', '/api/v1//probe/cookies', '/API/v1/probe/cookies'])(
    'no other spelling of the path gets past the check: %s',
    async (path) => {
      expect(await statusOf(path)).toBe(403);
    },
  );

  it('other paths need no key, and a cached answer for them does not admit a request that needs one', async () => {
    expect(await statusOf('/docs')).toBe(200);
    expect(await statusOf(keyedPath)).toBe(403);
  });
}

/** After a rotation: the status of a request to the API with a secret. */
export async function statusWith(project: Project, stack: string, secret: string): Promise<number> {
  const { api } = await frontsOf(project, stack);
  return (await ask(`${api}/docs`, { headers: { 'x-origin-verify': secret } })).status;
}

/**
 * Sends requests until the firewall refuses one. @returns how many passed, and the response to the first
 * refused one.
 */
export async function flood(project: Project, stack: string, atMost: number) {
  const { edge } = await frontsOf(project, stack);
  for (let passed = 0; passed <= atMost; passed++) {
    const response = await ask(`${edge}/openapi-that-is-not-there`);
    if (response.status === 429) {
      return { passed, refusal: await statusAndBody(response) };
    }
    await response.arrayBuffer();
  }
  return { passed: atMost, refusal: undefined };
}
