import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rememberCalls } from '../../../cli/aws-calls';
import { userErrorOf } from '../../../cli/faults';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

let server: Server;
let endpoint = '';
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    const body = { __type: 'AccessDeniedException', message: 'User: me is not authorized' };
    response.writeHead(request.method === 'HEAD' ? 403 : 400, {
      'content-type': 'application/x-amz-json-1.1',
    });
    response.end(request.method === 'HEAD' ? undefined : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const clientOptions = () => ({
  region: 'eu-west-2',
  endpoint,
  credentials,
  maxAttempts: 1,
  forcePathStyle: true,
});

/** @returns what a person reads when this fails. */
async function told(attempt: () => unknown): Promise<string | undefined> {
  try {
    await attempt();
  } catch (error) {
    return userErrorOf(error)?.message;
  }
  throw new Error('it did not fail');
}

describe('what a person can mend', () => {
  it.each([
    ['/nonexistent.env', 'is not there (ENOENT)'],
    [`${__filename}/below`, 'has a file where a folder is meant (ENOTDIR)'],
  ])('is told of the file %s', async (path, reason) => {
    const text = await told(() => readFileSync(path));
    expect(text).toMatch(/^[^\n]+$/);
    expect(text).toContain(`${path} ${reason}`);
  });

  it('is told of a folder that may not be written', async () => {
    const error = Object.assign(new Error('EROFS'), { code: 'EROFS', path: '/ro/.cache', syscall: 'mkdir' });
    expect(await told(() => Promise.reject(error))).toBe(
      '/ro/.cache lies on a file system that cannot be written (EROFS)',
    );
  });

  it('is told which call was denied, and on what', async () => {
    const ssm = new SSMClient(clientOptions());
    ssm.middlewareStack.add(rememberCalls, { step: 'initialize' });
    expect(await told(() => ssm.send(new GetParameterCommand({ Name: '/kairos/dev/x' })))).toBe(
      'ssm:GetParameter on /kairos/dev/x was denied: User: me is not authorized; give your role this action on it',
    );
  });

  it('is told so too where the service says nothing', async () => {
    const s3 = new S3Client(clientOptions());
    s3.middlewareStack.add(rememberCalls, { step: 'initialize' });
    expect(await told(() => s3.send(new HeadBucketCommand({ Bucket: 'some-bucket' })))).toMatch(
      /^s3:HeadBucket on some-bucket was denied/,
    );
  });

  it('is told where nothing answers', async () => {
    expect(await told(() => fetch('http://127.0.0.1:4'))).toBe(
      'the connection to 127.0.0.1:4 failed: nothing answers there (ECONNREFUSED)',
    );
  });

  it('is not what a fault of the program looks like', async () => {
    expect(await told(() => Promise.reject(new TypeError('x is undefined')))).toBeUndefined();
    expect(await told(() => Promise.reject(new Error('mkdtemp', { cause: 'x' })))).toBeUndefined();
  });
});

describe('what cannot be loaded', () => {
  // Jest's own error of a module that is not there has other words.
  const missing = (name: string, code: string, kind = 'module') =>
    Object.assign(new Error(`Cannot find ${kind} '${name}' imported from /x`), { code });

  it.each([missing('fflate', 'MODULE_NOT_FOUND'), missing('fflate', 'ERR_MODULE_NOT_FOUND', 'package')])(
    'is a package that is not installed: %s',
    (error) => {
      expect(userErrorOf(error)?.message).toBe('the package fflate is not installed; next: npm ci');
    },
  );

  it('is a fault of this program when it is a file of its own', () => {
    expect(userErrorOf(missing('./nothing', 'MODULE_NOT_FOUND'))).toBeUndefined();
  });
});
