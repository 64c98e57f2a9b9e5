import { ECRClient } from '@aws-sdk/client-ecr';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkPushedImage, digestOf, labelsOf, registryLogin } from '../../../../cli/image/registry';
import { digestIn, FakeRegistry } from '../../../support/fake-registry';

const registry = new FakeRegistry();
let ecr: ECRClient;
beforeAll(async () => {
  ecr = await registry.start();
});
afterAll(() => {
  registry.stop();
});
beforeEach(() => {
  registry.images.length = 0;
});

const config = JSON.stringify({
  os: 'linux',
  architecture: 'arm64',
  config: {
    Labels: { 'org.opencontainers.image.version': '1.2.3', 'org.opencontainers.image.revision': 'abc' },
  },
});
const tagged = (tag: string) => ({ ecr, repository: 'kairos', tag });

describe('the digest of a tag', () => {
  it('is what the registry returns', async () => {
    registry.images.push({ tag: 'src-0' }, { tag: 'src-1' });
    expect(await digestOf(tagged('src-1'))).toBe(digestIn({ tag: 'src-1' }));
  });

  it('is undefined if there is no such image', async () => {
    expect(await digestOf(tagged('src-1'))).toBeUndefined();
  });
});

describe('the labels of an image', () => {
  it.each(['tag', 'digest'] as const)('are read with its %s', async (by) => {
    registry.images.push({ tag: 'src-1', config });
    const reference =
      by === 'tag' ? tagged('src-1') : { ecr, repository: 'kairos', digest: digestIn({ tag: 'src-1' }) };
    expect(await labelsOf(reference)).toMatchObject({ version: '1.2.3', revision: 'abc' });
  });

  it('are undefined if the image does not exist', async () => {
    expect(await labelsOf(tagged('src-1'))).toBeUndefined();
  });
});

it('names an image that does not exist, and how to list the existing ones', async () => {
  await expect(checkPushedImage(tagged('src-9'), 'linux/arm64')).rejects.toMatchObject({
    name: 'UserError',
    message: 'ECR has no image kairos:src-9; what it has: npx kairos image status',
  });
});

describe('if ECR gives the same response to every call', () => {
  let server: Server;
  let answer: readonly [number, object] = [200, {}];
  let other: ECRClient;
  beforeAll(async () => {
    server = createServer((_, response) => {
      response.writeHead(answer[0], { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer[1]));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    other = new ECRClient({ region: 'eu-west-2', endpoint, credentials, maxAttempts: 1 });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const tokenOf = (text: string) => ({
    authorizationData: [{ authorizationToken: Buffer.from(text).toString('base64') }],
  });

  it('splits a login at its first colon', async () => {
    answer = [200, tokenOf('AWS:pass:word')];
    expect(await registryLogin(other)).toEqual({ user: 'AWS', password: 'pass:word' });
  });

  it.each([
    ['a response without a login', {}],
    ['a login without a password', tokenOf('AWS')],
    ['a login without a user name', tokenOf(':password')],
  ])('refuses %s', async (_, body) => {
    answer = [200, body];
    await expect(registryLogin(other)).rejects.toThrow('ECR gave no login');
  });

  it('says how to create a missing repository', async () => {
    answer = [400, { __type: 'RepositoryNotFoundException' }];
    await expect(digestOf({ ecr: other, repository: 'kairos', tag: 'src-1' })).rejects.toThrow(
      'there is no repository kairos yet; make it: npx cdktf deploy kairos-foundation',
    );
  });

  it('passes on a denial', async () => {
    answer = [400, { __type: 'AccessDeniedException', message: 'no' }];
    await expect(digestOf({ ecr: other, repository: 'kairos', tag: 'src-1' })).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});
