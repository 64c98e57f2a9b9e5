import {
  CreateApiCommand,
  CreateStageCommand,
  DeleteApiCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { GetRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetAliasCommand, InvokeCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { localAddresses } from '../../cli/local/addresses';
import { healthPath } from '../../config/names';
import { secretValues } from '../support/aws';
import { putChangedImage } from '../support/changed-image';
import { FrontDoor } from '../support/front-door';
import { blockedAddress, openEdge } from '../support/open-edge';
import type { Project } from '../support/project';

const tokenSchema = z.object({ access_token: z.string() });
const answerSchema = z.object({ statusCode: z.number(), body: z.string() });

/** Requests to production over HTTP, through the edge to the deployed function. */
export function describeHttp(project: Project): void {
  const aws = project.clients();
  let door: FrontDoor;
  beforeAll(async () => {
    await project.apply('kairos-prod', { changes: { 'environments.prod.edge': openEdge } });
    door = await FrontDoor.of(project, 'kairos-prod');
  });

  const login = async () => {
    const response = await door.get('/api/v1/auth/token', {
      method: 'POST',
      body: new URLSearchParams({ username: 'ada@example.com', password: 'correct horse battery staple' }),
    });
    expect(response.status).toBe(200);
    return tokenSchema.parse(await response.json()).access_token;
  };
  const me = (token: string) =>
    door.get('/api/v1/users/me', { headers: { authorization: `Bearer ${token}` } });

  it.each(['/api/v1/', '/docs', '/api/v1/openapi.json'])('%s answers', async (path) => {
    const response = await door.get(path);
    expect(response.status).toBe(200);
    expect((await response.text()).length).toBeGreaterThan(10);
  });

  it('a login with a form returns a token, which the next request can use', async () => {
    expect((await me(await login())).status).toBe(200);
  });

  it('the application refuses a wrong token', async () => {
    expect((await me('wrong')).status).toBe(403);
  });

  it('a binary body is unchanged in both directions', async () => {
    const sent = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) % 256));
    const response = await door.get('/api/v1/probe/echo', {
      method: 'POST',
      body: sent,
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(sent)).toBe(true);
  });

  it('ten cookies arrive, and the cookies of the response stay separate', async () => {
    const cookie = Array.from({ length: 10 }, (_, index) => `c${index}=${index}`).join('; ');
    const seen = await door.get('/api/v1/probe/request', { headers: { cookie } });
    expect(z.object({ names: z.array(z.string()) }).parse(await seen.json()).names).toContain('cookie');
    const answer = await door.get('/api/v1/probe/cookies');
    expect(answer.headers.getSetCookie()).toHaveLength(3);
  });

  it('a redirect stays on the edge', async () => {
    const response = await door.get('/api/v1');
    expect(response.status).toBe(307);
    expect(response.headers.get('location')).toBe('/api/v1/');
    const followed = await door.get('/api/v1', { redirect: 'follow' });
    expect(followed.status).toBe(200);
    expect(followed.url).toBe(`${door.url}/api/v1/`);
  });

  it('the application answers 404 for a path that it does not know', async () => {
    const response = await door.get('/api/v1/nothing-here');
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ detail: 'Not Found' });
  });

  it('the API answers 404 for a request that matches no route', async () => {
    const { ApiId } = await aws.api.send(new CreateApiCommand({ Name: 'no-routes', ProtocolType: 'HTTP' }));
    await aws.api.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
    const addresses = await localAddresses(project.record);
    const [, address] = [...addresses].find(([domain]) => domain.startsWith(ApiId ?? '-')) ?? [];
    const response = await fetch(address ?? '');
    await aws.api.send(new DeleteApiCommand({ ApiId }));
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: 'Not Found' });
  });

  it('a request sent directly to the API gets 401, and the function is not invoked', async () => {
    const before = Date.now();
    const response = await fetch(`${door.apiUrl}/api/v1/past-the-edge`);
    expect(response.status).toBe(401);
    await door.get('/api/v1/');
    const log = await door.logUntil(/platform\.report/, before);
    expect(log.match(/platform\.start/g)).toHaveLength(1);
  });

  it('the edge answers a health check, and the function is not invoked', async () => {
    const before = Date.now();
    const checker = {
      'user-agent': 'Amazon-Route53-Health-Check-Service (ref a1; report http://amzn.to/1vsZADi)',
    };
    const response = await door.get(healthPath, { headers: checker });
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
    await door.get('/api/v1/');
    const log = await door.logUntil(/platform\.report/, before);
    expect(log.match(/platform\.start/g)).toHaveLength(1);
  });

  it('an address of the block list gets 403, and every other address is admitted', async () => {
    expect(await statusFor(door.url, blockedAddress)).toBe(403);
    expect(await statusFor(door.url, '127.0.0.1')).toBe(200);
  });

  it('a throttled stage answers 429', async () => {
    const throttle = (rate: number, burst: number) =>
      aws.api.send(
        new UpdateStageCommand({
          ApiId: door.apiId,
          StageName: '$default',
          DefaultRouteSettings: {
            DetailedMetricsEnabled: true,
            ThrottlingRateLimit: rate,
            ThrottlingBurstLimit: burst,
          },
        }),
      );
    await throttle(1, 2);
    const statuses = await Promise.all(
      Array.from({ length: 12 }, async () => (await door.get('/api/v1/')).status),
    );
    await throttle(1000, 2000);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(2);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
  });

  it('a failing function answers 500 without the reason, and the log contains the reason', async () => {
    const before = Date.now();
    const response = await door.get('/api/v1/probe/exit');
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: 'Internal Server Error' });
    expect(await door.logUntil(/Runtime\.ExitError/, before)).not.toContain('Traceback');
    expect((await door.get('/api/v1/')).status).toBe(200);
  });

  it('a new value of a secret is read by the version that its revision publishes, and not by the version before', async () => {
    const { FunctionVersion: before = '' } = await aws.lambda.send(
      new GetAliasCommand({ FunctionName: 'kairos-prod', Name: 'live' }),
    );
    const token = await login();
    await project.kairos(['secrets', 'set', 'prod', 'SECRET_KEY'], {
      input: `${'another-key-'.repeat(4)}\n`,
    });
    expect((await me(token)).status).toBe(200);
    const after = await door.publish();
    expect((await me(token)).status).toBe(403);
    expect((await me(await login())).status).toBe(200);
    expect(Number(after)).toBeGreaterThan(Number(before));
    expect((await invoke(before, token)).statusCode).toBe(200);
  });

  it('a missing parameter stops the start, answers 500, and is named in the log without a value', async () => {
    const Name = '/kairos/prod/secrets/RESEND_API_KEY';
    const { Parameter } = await aws.ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
    await aws.ssm.send(new DeleteParameterCommand({ Name }));
    const started = Date.now();
    await door.publish();
    const response = await door.get('/api/v1/');
    await aws.ssm.send(
      new PutParameterCommand({
        Name,
        Value: Parameter?.Value,
        Type: 'SecureString',
        KeyId: 'alias/kairos-prod',
      }),
    );
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: 'Internal Server Error' });
    const log = await door.logUntil(/RESEND_API_KEY/, started);
    for (const value of await secretValues(project, 'prod')) expect(log).not.toContain(value);
  });

  it('without permission to use the key the function does not start, and the log names the denied action', async () => {
    const policy = { RoleName: 'kairos-prod-function', PolicyName: 'function' };
    const { PolicyDocument = '' } = await aws.iam.send(new GetRolePolicyCommand(policy));
    const document = z
      .object({ Version: z.string(), Statement: z.array(z.looseObject({ Sid: z.string() })) })
      .parse(JSON.parse(decodeURIComponent(PolicyDocument)));
    const withoutKey = {
      ...document,
      Statement: document.Statement.filter(({ Sid }) => Sid !== 'DecryptOwnSecretsThroughSsmOnly'),
    };
    await aws.iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: JSON.stringify(withoutKey) }));
    const started = Date.now();
    await door.publish();
    const denied = await door.get('/api/v1/');
    await aws.iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: JSON.stringify(document) }));
    expect(denied.status).toBe(500);
    await door.logUntil(/kms:Decrypt/, started);
    expect((await door.get('/api/v1/')).status).toBe(200);
  });

  it('a broken image answers 500, and a request succeeds as soon as the alias is moved back', async () => {
    const { FunctionVersion: good = '' } = await aws.lambda.send(
      new GetAliasCommand({ FunctionName: 'kairos-prod', Name: 'live' }),
    );
    await deployImage('src-broken', (folder) => {
      writeFileSync(`${folder}/kairos/main.py`, 'raise RuntimeError("broken on purpose")\n');
    });
    expect((await door.get('/api/v1/')).status).toBe(500);
    await door.moveAlias(good);
    expect((await door.get('/api/v1/')).status).toBe(200);
  });

  it('no request fails while the alias moves between two images under the load of 8 clients', async () => {
    const { FunctionVersion: first = '' } = await aws.lambda.send(
      new GetAliasCommand({ FunctionName: 'kairos-prod', Name: 'live' }),
    );
    const second = await deployImage('src-second', (folder) => {
      writeFileSync(`${folder}/kairos/another.py`, '# another content\n');
    });
    const stop = new AbortController();
    const statuses: number[] = [];
    const client = async () => {
      while (!stop.signal.aborted) statuses.push((await door.get('/api/v1/')).status);
    };
    const clients = Promise.all(Array.from({ length: 8 }, client));
    for (const version of [first, second, first, second, first]) {
      await door.moveAlias(version);
      const served = statuses.length;
      while (statuses.length < served + 40) await pause(10);
    }
    stop.abort();
    await clients;
    expect(statuses.length).toBeGreaterThan(200);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  /** Invokes a version directly, with a request that has a token. */
  async function invoke(version: string, token: string) {
    const event = {
      version: '2.0',
      routeKey: 'ANY /{proxy+}',
      rawPath: '/api/v1/users/me',
      rawQueryString: '',
      headers: { host: 'kairos', authorization: `Bearer ${token}` },
      requestContext: {
        http: { method: 'GET', path: '/api/v1/users/me', protocol: 'HTTP/1.1', sourceIp: '198.51.100.7' },
        stage: '$default',
      },
      isBase64Encoded: false,
    };
    const { Payload } = await aws.lambda.send(
      new InvokeCommand({ FunctionName: 'kairos-prod', Qualifier: version, Payload: JSON.stringify(event) }),
    );
    return answerSchema.parse(JSON.parse(Buffer.from(Payload ?? []).toString('utf8')));
  }

  /** Stages a changed image, and moves the alias to a version with it. @returns the version. */
  async function deployImage(tag: string, change: (folder: string) => void): Promise<string> {
    const digest = await putChangedImage(project, 'kairos-prod', tag, change);
    const ImageUri = `992382417038.dkr.ecr.eu-west-2.amazonaws.com/kairos@${digest}`;
    await aws.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'kairos-prod', ImageUri }));
    return door.publishUpdate();
  }
}

/** @returns the status of a request from an address of this machine. */
function statusFor(url: string, localAddress: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(`${url}/api/v1/`, { localAddress }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.once('error', reject);
  });
}
