import { SSMClient } from '@aws-sdk/client-ssm';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { rememberCalls } from '../../../cli/aws-calls';
import { describeSecrets, setSecrets } from '../../../cli/secrets/store';
import { secretNames } from '../../../config/names';

const requestSchema = z.record(z.string(), z.unknown());

/** An SSM with the parameters of `versions`, in pages, which denies writing `denied`. */
let server: Server;
let ssm: SSMClient;
let pages: readonly Readonly<Record<string, number>>[] = [];
let denied = '';
const written: Readonly<Record<string, unknown>>[] = [];
const asked: Readonly<Record<string, unknown>>[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = requestSchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
      const put = request.headers['x-amz-target'] === 'AmazonSSM.PutParameter';
      const refused = put && denied !== '' && String(body.Name).endsWith(denied);
      if (!put) asked.push(body);
      else if (!refused) written.push(body);
      response.writeHead(refused ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
      const denial = { __type: 'AccessDeniedException', message: 'not authorized' };
      response.end(
        JSON.stringify(refused ? denial : put ? { Version: 2 } : page(Number(body.NextToken ?? 0))),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  ssm = new SSMClient({ region: 'eu-west-2', endpoint, credentials, maxAttempts: 1 });
  ssm.middlewareStack.add(rememberCalls, { step: 'initialize' });
});
afterAll(() => server.close());

/** Every parameter has Terraform's placeholder. */
const untouched = Object.fromEntries(secretNames.map((name) => [name, 1]));
beforeEach(() => {
  pages = [untouched];
  denied = '';
  written.length = 0;
  asked.length = 0;
});

function page(index: number) {
  const Parameters = Object.entries(pages[index] ?? {}).map(([name, Version]) => ({
    Name: `/kairos/dev/secrets/${name}`,
    Version,
    LastModifiedDate: 1_700_000_000,
  }));
  return { Parameters, NextToken: index + 1 < pages.length ? String(index + 1) : undefined };
}

const values = new Map([
  ['MONGO_USERNAME', 'me'],
  ['MONGO_PASSWORD', 'opensesame'],
  ['RESEND_API_KEY', 're_123'],
] as const);

describe('setting secrets', () => {
  it('encrypts them with the key of the environment, and overwrites the previous values', async () => {
    expect(await setSecrets(ssm, 'dev', new Map([['MONGO_USERNAME', 'me']] as const))).toEqual(
      new Map([['MONGO_USERNAME', 2]]),
    );
    expect(written).toEqual([
      {
        Name: '/kairos/dev/secrets/MONGO_USERNAME',
        Value: 'me',
        Type: 'SecureString',
        KeyId: 'alias/kairos-dev',
        Overwrite: true,
      },
    ]);
  });

  it('writes none if one has no parameter', async () => {
    pages = [{ MONGO_USERNAME: 1 }];
    await expect(setSecrets(ssm, 'dev', values)).rejects.toThrow(
      'nothing was written: dev has no parameter for MONGO_PASSWORD, RESEND_API_KEY yet; create them first: npx cdktf deploy kairos-foundation',
    );
    expect(written).toEqual([]);
  });

  it("names the foundation of the environment's account if one has no parameter", async () => {
    pages = [{}];
    await expect(setSecrets(ssm, 'dev', values, { foundation: 'kairos-foundation-dev' })).rejects.toThrow(
      /create them first: npx cdktf deploy kairos-foundation-dev$/,
    );
  });

  it('lists which were written and which were not, if a call is denied halfway', async () => {
    denied = 'MONGO_PASSWORD';
    const refused = expect(setSecrets(ssm, 'dev', values)).rejects;
    await refused.toThrow(
      `ssm:PutParameter on /kairos/dev/secrets/MONGO_PASSWORD was denied: not authorized; give your role this action on it
  written: MONGO_USERNAME (version 2); not written: MONGO_PASSWORD, RESEND_API_KEY
  next, when that is corrected: npx kairos secrets set dev MONGO_PASSWORD RESEND_API_KEY`,
    );
    expect(written.map(({ Name }) => Name)).toEqual(['/kairos/dev/secrets/MONGO_USERNAME']);
  });

  it('names the command that was used, if a call is denied', async () => {
    denied = 'MONGO_PASSWORD';
    await expect(
      setSecrets(ssm, 'dev', values, { goOn: (left) => `again ${left.join(' ')}` }),
    ).rejects.toThrow('next, when that is corrected: again MONGO_PASSWORD RESEND_API_KEY');
  });

  it('lists each secret that was written', async () => {
    denied = 'RESEND_API_KEY';
    await expect(setSecrets(ssm, 'dev', values)).rejects.toMatchObject({
      message: expect.stringContaining('MONGO_USERNAME (version 2), MONGO_PASSWORD (version 2);') as string,
      cause: expect.objectContaining({ name: 'AccessDeniedException' }) as Error,
    });
  });

  it('lists all secrets as not written if the first call is denied', async () => {
    denied = 'MONGO_USERNAME';
    await expect(setSecrets(ssm, 'dev', values)).rejects.toThrow('written: nothing; not written: MONGO_USER');
  });
});

describe('the descriptions of secrets', () => {
  it('are read directly below the path, page by page', async () => {
    pages = [{ SECRET_KEY: 3 }, { MONGO_HOST: 1 }];
    const known = await describeSecrets(ssm, 'dev');
    expect(known.find(({ name }) => name === 'MONGO_HOST')?.version).toBe(1);
    expect(asked.map(({ ParameterFilters }) => ParameterFilters)).toEqual([
      [{ Key: 'Path', Option: 'OneLevel', Values: ['/kairos/dev/secrets'] }],
      [{ Key: 'Path', Option: 'OneLevel', Values: ['/kairos/dev/secrets'] }],
    ]);
  });

  it.each([
    ['was set', 2, true],
    ['has the placeholder', 1, false],
  ])('say that a secret %s', async (_, version, isSet) => {
    pages = [{ SECRET_KEY: version }];
    const [known] = await describeSecrets(ssm, 'dev');
    expect(known).toEqual({ name: 'SECRET_KEY', version, isSet, changed: new Date(1_700_000_000_000) });
  });

  it('include secrets without a parameter, and every API key with one, in order', async () => {
    pages = [{ API_KEY_ZOO: 2, API_KEY_ARK: 1, SOMETHING_ELSE: 2 }];
    const known = await describeSecrets(ssm, 'dev');
    expect(known.map(({ name }) => name)).toEqual([...secretNames, 'API_KEY_ARK', 'API_KEY_ZOO']);
    expect(known[0]).toEqual({ name: secretNames[0], isSet: false });
  });
});
