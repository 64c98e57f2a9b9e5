import { ECRClient, DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentsHere, openAccount } from '../../../cli/aws';
import { checkPushedImage } from '../../../cli/image/registry';
import { environmentOf } from '../../../cli/live/environment';
import { stateObject } from '../../../cli/live/state';
import { openSource } from '../../../cli/release/promote';
import { policyOf } from '../../../cli/rights';
import { readConfiguration } from '../../../config/read';

const own = '111122223333';
const shared = '992382417038';

jest.mock('../../../config/environments', () => {
  const { configuration } = jest.requireActual<typeof import('../../../config/environments')>(
    '../../../config/environments',
  );
  const { environments } = configuration;
  const prod = {
    ...environments.prod,
    account: { id: '111122223333', region: 'eu-west-2', concurrency: 500 },
  };
  return { configuration: { ...configuration, environments: { ...environments, prod } } };
});

/** An AWS that returns the account of the credentials, and records the calls to ECR. */
let server: Server;
/** The account of every credential; undefined: an access key names its account. */
let account: string | undefined = own;
let asked: unknown;
const before = process.env;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

async function answerOf(request: IncomingMessage): Promise<string> {
  const body = await bodyOf(request);
  if (request.headers['x-amz-target'] !== undefined) {
    asked = JSON.parse(body);
    return '{"imageDetails": []}';
  }
  const [, accessKey = ''] = /Credential=(\w+)\//.exec(request.headers.authorization ?? '') ?? [];
  const whose = account ?? accessKey;
  const arn = `arn:aws:iam::${whose}:user/ann`;
  return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>AIDA</UserId><Account>${whose}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
}

beforeAll(async () => {
  server = createServer((request, response) => {
    void answerOf(request).then((text) => response.end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env = {
    ...before,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_PROFILE: undefined,
  };
});

afterAll(() => {
  process.env = before;
  server.close();
});

describe('with credentials for prod’s own account', () => {
  beforeEach(() => {
    account = own;
  });

  it('prod can be opened, with its own quota', async () => {
    const { configuration, separate, caller } = await openAccount(process.env, 'prod');
    expect(configuration).toMatchObject({ accountId: own, accountConcurrency: 500 });
    expect([separate, caller]).toEqual([{ name: 'prod', registryId: shared, pushedTo: shared }, 'user/ann']);
  });

  it('the state of prod is read there, and its images in the shared registry', async () => {
    const prod = await environmentOf(await openAccount(process.env, 'prod'), 'prod', process.env);
    expect(stateObject(prod).Bucket).toBe(`kairos-tfstate-${own}-prod`);
    await prod.ecr.send(new DescribeImagesCommand({ repositoryName: 'kairos' }));
    expect(asked).toEqual({ registryId: shared, repositoryName: 'kairos' });
  });

  it('its region is that of its row, and its images are copied there if the table has another region', async () => {
    const opened = await openAccount({ ...process.env, KAIROS_AWS_REGION: 'us-west-2' }, 'prod');
    expect(opened).toMatchObject({
      configuration: { region: 'eu-west-2' },
      clientOptions: { region: 'eu-west-2' },
      separate: { name: 'prod', registryId: own, pushedTo: shared },
    });
    const prod = await environmentOf(opened, 'prod', process.env);
    await prod.ecr.send(new DescribeImagesCommand({ repositoryName: 'kairos' }));
    expect(asked).toEqual({ registryId: own, repositoryName: 'kairos' });
  });

  it('an image that is not copied yet is explained', async () => {
    const opened = await openAccount({ ...process.env, KAIROS_AWS_REGION: 'us-west-2' }, 'prod');
    const { ecr } = await environmentOf(opened, 'prod', process.env);
    const missing = { ecr, repository: 'kairos', digest: 'sha256:1', copiedFrom: shared };
    await expect(checkPushedImage(missing, 'linux/amd64')).rejects.toThrow(
      `ECR has no copy of kairos@sha256:1 in this account; an image that is pushed to account ${shared} is copied within minutes`,
    );
  });

  it.each(['dev', undefined] as const)('%s is refused before any other call', async (name) => {
    await expect(openAccount(process.env, name)).rejects.toThrow(
      `these credentials belong to account ${own}, the table says ${shared}; sign in to that one, or set KAIROS_AWS_ACCOUNT_ID`,
    );
  });

  it('only prod is listed', async () => {
    expect(await environmentsHere(process.env)).toEqual({ here: ['prod'], elsewhere: ['dev', 'staging'] });
  });
});

describe('with credentials for the shared account', () => {
  beforeEach(() => {
    account = shared;
  });

  it('prod is refused, and the error suggests no variable that would not help', async () => {
    await expect(openAccount(process.env, 'prod')).rejects.toThrow(
      /^these credentials belong to account 992382417038, the table says 111122223333 of prod; sign in to that one$/,
    );
  });

  it('the others can be opened, and their images are in their own account', async () => {
    const opened = await openAccount(process.env, 'dev');
    expect(opened.separate).toBeUndefined();
    const dev = await environmentOf(opened, 'dev', process.env);
    await dev.ecr.send(new DescribeImagesCommand({ repositoryName: 'kairos' }));
    expect(asked).toEqual({ repositoryName: 'kairos' });
    expect(dev.ecr).toBeInstanceOf(ECRClient);
  });

  it('the others are listed', async () => {
    expect(await environmentsHere(process.env)).toEqual({ here: ['dev', 'staging'], elsewhere: ['prod'] });
  });
});

describe('an image of an environment in another account', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'separate-account-'));
    const profiles = Object.entries({ 'kairos-staging': shared, other: own });
    const lines = profiles.flatMap(([profile, key]) => [
      `[${profile}]`,
      `aws_access_key_id = ${key}`,
      'aws_secret_access_key = test',
    ]);
    writeFileSync(join(folder, 'credentials'), lines.join('\n'));
    process.env = { ...process.env, AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') };
    account = undefined;
  });

  afterEach(() => {
    delete process.env.AWS_SHARED_CREDENTIALS_FILE;
    rmSync(folder, { recursive: true });
  });

  it('is refused without credentials that can read it', async () => {
    await expect(openSource({ from: 'staging', to: 'prod' }, process.env)).rejects.toThrow(
      /^staging is in account 992382417038 and prod in 111122223333.*--from-profile <profile>$/,
    );
  });

  it('is read with the credentials of a profile, although the shell has others', async () => {
    const promotion = { from: 'staging', to: 'prod', profile: 'kairos-staging' } as const;
    process.env.AWS_ACCESS_KEY_ID = own;
    const source = await openSource(promotion, process.env);
    expect(source.configuration.accountId).toBe(shared);
    expect(await source.lambda.config.credentials()).toMatchObject({ accessKeyId: shared });
  });

  it('is refused if the profile belongs to another account, or does not exist', async () => {
    const to = 'prod';
    await expect(openSource({ from: 'staging', to, profile: 'kairos-prod' }, process.env)).rejects.toThrow(
      /^the profile "kairos-prod" gives no credentials/,
    );
    await expect(openSource({ from: 'staging', to, profile: 'other' }, process.env)).rejects.toThrow(
      `the credentials of the profile "other" belong to account ${own}, the table says ${shared}`,
    );
  });

  it('needs no profile if both are in one account', async () => {
    process.env.AWS_ACCESS_KEY_ID = shared;
    await expect(openSource({ from: 'dev', to: 'staging' }, process.env)).resolves.toMatchObject({
      name: 'dev',
    });
  });
});

it('the policy of a command names the account of its environment, and the registry of the shared account', () => {
  const text = JSON.stringify(policyOf('status', 'prod', readConfiguration(process.env)));
  expect(text).toContain(`arn:aws:lambda:eu-west-2:${own}:function:kairos-prod`);
  expect(text).toContain(`arn:aws:ecr:eu-west-2:${shared}:repository/kairos`);
  expect(JSON.stringify(policyOf('status', 'dev', readConfiguration(process.env)))).not.toContain(own);
});

it('the policy of a command names the region of its environment', () => {
  const table = readConfiguration({ ...process.env, KAIROS_AWS_REGION: 'us-west-2' });
  const text = JSON.stringify(policyOf('status', 'prod', table));
  expect(text).toContain(`arn:aws:lambda:eu-west-2:${own}:function:kairos-prod`);
  expect(text).toContain(`arn:aws:ecr:eu-west-2:${own}:repository/kairos`);
  expect(text).not.toContain('us-west-2');
});
