import { BatchGetImageCommand, ECRClient } from '@aws-sdk/client-ecr';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetObjectCommand, HeadBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rememberCalls } from '../../../cli/aws-calls';
import { userErrorOf } from '../../../cli/faults';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

const denied = { __type: 'AccessDeniedException', message: 'User: me is not authorized' };

let server: Server;
let endpoint = '';
let answer: { readonly status: number; readonly body: string };
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(request.method === 'HEAD' ? 403 : answer.status, {
      'content-type': answer.body.startsWith('<') ? 'text/xml' : 'application/x-amz-json-1.1',
    });
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  answer = { status: 400, body: JSON.stringify(denied) };
});

const clientOptions = () => ({
  region: 'eu-west-2',
  endpoint,
  credentials,
  maxAttempts: 1,
  forcePathStyle: true,
});

/** @returns the message that a user reads for this failure. */
async function told(attempt: () => unknown): Promise<string | undefined> {
  try {
    await attempt();
  } catch (error) {
    return userErrorOf(error)?.message;
  }
  throw new Error('it did not fail');
}

describe('the message about a problem that the user can solve', () => {
  it.each([
    ['/nonexistent.env', 'is not there (ENOENT)'],
    [`${__filename}/below`, 'has a file in the place of a folder (ENOTDIR)'],
  ])('names the file %s', async (path, reason) => {
    const text = await told(() => readFileSync(path));
    expect(text).toMatch(/^[^\n]+$/);
    expect(text).toContain(`${path} ${reason}`);
  });

  it('names a folder that cannot be written', async () => {
    const error = Object.assign(new Error('EROFS'), { code: 'EROFS', path: '/ro/.cache', syscall: 'mkdir' });
    expect(await told(() => Promise.reject(error))).toBe(
      '/ro/.cache lies on a file system that cannot be written (EROFS)',
    );
  });

  it('names the call that was denied, and the resource', async () => {
    const ssm = new SSMClient(clientOptions());
    ssm.middlewareStack.add(rememberCalls, { step: 'initialize' });
    expect(await told(() => ssm.send(new GetParameterCommand({ Name: '/kairos/dev/x' })))).toBe(
      'ssm:GetParameter on /kairos/dev/x was denied: User: me is not authorized; give your role this action on it',
    );
  });

  it('names the call even if the service gives no message', async () => {
    const s3 = new S3Client(clientOptions());
    s3.middlewareStack.add(rememberCalls, { step: 'initialize' });
    expect(await told(() => s3.send(new HeadBucketCommand({ Bucket: 'some-bucket' })))).toMatch(
      /^s3:HeadBucket on some-bucket was denied: .*; give your role s3:ListBucket on it$/,
    );
  });

  const asJson = (code: string, message: string) => JSON.stringify({ __type: code, message });
  const asQuery = (code: string, message: string) =>
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
  const asS3 = (code: string, message: string) =>
    `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

  const ssm = () => {
    const client = new SSMClient(clientOptions());
    client.middlewareStack.add(rememberCalls, { step: 'initialize' });
    return client.send(new GetParameterCommand({ Name: '/kairos/dev/x' }));
  };
  const sts = () => {
    const client = new STSClient(clientOptions());
    client.middlewareStack.add(rememberCalls, { step: 'initialize' });
    return client.send(new GetCallerIdentityCommand({}));
  };
  const s3 = () => {
    const client = new S3Client(clientOptions());
    client.middlewareStack.add(rememberCalls, { step: 'initialize' });
    return client.send(new ListObjectsV2Command({ Bucket: 'some-bucket' }));
  };

  // A service can use status 400 or 403 for these codes. None of them is about the permissions of a role.
  it.each([
    ['ssm:GetParameter', ssm, 400, asJson('ExpiredTokenException', 'x is expired'), 'have expired'],
    ['sts:GetCallerIdentity', sts, 403, asQuery('ExpiredToken', 'x is expired'), 'have expired'],
    ['s3:ListObjectsV2', s3, 400, asS3('ExpiredToken', 'x has expired'), 'have expired'],
    [
      'ssm:GetParameter',
      ssm,
      400,
      asJson('UnrecognizedClientException', 'x'),
      'does not know the access key',
    ],
    ['sts:GetCallerIdentity', sts, 403, asQuery('InvalidClientTokenId', 'x'), 'does not know the access key'],
    ['s3:ListObjectsV2', s3, 403, asS3('InvalidAccessKeyId', 'x'), 'does not know the access key'],
    ['ssm:GetParameter', ssm, 400, asJson('InvalidSignatureException', 'Signature expired: 1'), 'the clock'],
    [
      'sts:GetCallerIdentity',
      sts,
      403,
      asQuery('SignatureDoesNotMatch', 'Signature expired: 1'),
      'the clock',
    ],
    ['s3:ListObjectsV2', s3, 403, asS3('RequestTimeTooSkewed', 'x'), 'the clock'],
  ])('says for %s what is wrong with the credentials: %#', async (action, call, status, body, reason) => {
    answer = { status, body };
    const text = (await told(call)) ?? '';
    expect(text).toMatch(new RegExp(`^${action}[^\\n]* failed \\(\\w+\\): `));
    expect(text).toContain(reason);
    expect(text).not.toContain('give your role');
  });

  const state = (name: string) => {
    const client = new S3Client({ ...clientOptions(), forcePathStyle: true });
    client.middlewareStack.add(rememberCalls, { step: 'initialize' });
    const [Bucket, Key] = [`kairos-tfstate-111122223333-${name}`, `kairos-${name}.tfstate`];
    return client.send(new GetObjectCommand({ Bucket, Key }));
  };

  const ecr = () => {
    const client = new ECRClient(clientOptions());
    client.middlewareStack.add(rememberCalls, { step: 'initialize' });
    return client.send(new BatchGetImageCommand({ repositoryName: 'kairos', imageIds: [] }));
  };

  it.each([
    [
      's3:ListObjectsV2 on some-bucket',
      s3,
      404,
      asS3('NoSuchBucket', 'x'),
      'npx kairos bootstrap, then if it was deployed before: npx kairos recover foundation$',
    ],
    [
      's3:GetObject on kairos-tfstate-111122223333-prod/kairos-prod.tfstate',
      () => state('prod'),
      404,
      asS3('NoSuchBucket', 'x'),
      'npx kairos bootstrap prod, then if it was deployed before: npx kairos recover prod$',
    ],
    [
      'ecr:BatchGetImage on kairos',
      ecr,
      400,
      asJson('RepositoryNotFoundException', 'x'),
      'npx cdktf deploy kairos-foundation',
    ],
  ])('says what to type if the resource of %s does not exist', async (call, send, status, body, next) => {
    answer = { status, body };
    const text = (await told(send)) ?? '';
    expect(text).toMatch(new RegExp(`^${call} failed \\(\\w+\\): there is no such \\w+; next: ${next}`));
  });

  it('names an address where nothing answers', async () => {
    expect(await told(() => fetch('http://127.0.0.1:4'))).toBe(
      'the connection to 127.0.0.1:4 failed: nothing answers there (ECONNREFUSED)',
    );
  });

  it('is missing for a bug of the program', async () => {
    expect(await told(() => Promise.reject(new TypeError('x is undefined')))).toBeUndefined();
    expect(await told(() => Promise.reject(new Error('mkdtemp', { cause: 'x' })))).toBeUndefined();
  });
});

describe('a module that cannot be loaded', () => {
  // Jest's own error for a missing module has other words.
  const missing = (name: string, code: string, kind = 'module') =>
    Object.assign(new Error(`Cannot find ${kind} '${name}' imported from /x`), { code });

  it.each([missing('fflate', 'MODULE_NOT_FOUND'), missing('fflate', 'ERR_MODULE_NOT_FOUND', 'package')])(
    'is a package that is not installed: %s',
    (error) => {
      expect(userErrorOf(error)?.message).toBe('the package fflate is not installed; next: npm ci');
    },
  );

  it('is a bug of this program if it is one of its own files', () => {
    expect(userErrorOf(missing('./nothing', 'MODULE_NOT_FOUND'))).toBeUndefined();
  });
});
