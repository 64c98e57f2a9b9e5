import { S3Client } from '@aws-sdk/client-s3';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bootstrap } from '../../../cli/bootstrap/state-buckets';
import { stateBucketName, stateOwners } from '../../../config/names';

const accountId = '111122223333';
const buckets = stateOwners.map((owner) => stateBucketName(accountId, owner));

interface Call {
  readonly bucket: string;
  readonly action: 'exists' | 'create' | 'version';
  readonly body: string;
  /** The account that the caller expects as the owner of the bucket. */
  readonly owner: string | undefined;
}

/** An S3 with what `bootstrap` needs. */
let server: Server;
let endpoint = '';
const present = new Set<string>();
const calls: Call[] = [];
/** The status and error code of an unusual response. */
const refusals: Partial<Record<Call['action'], readonly [number, string]>> = {};
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://s3');
      const bucket = pathname.split('/')[1] ?? '';
      const action =
        request.method === 'HEAD' ? 'exists' : searchParams.has('versioning') ? 'version' : 'create';
      const owner = request.headers['x-amz-expected-bucket-owner'];
      calls.push({ bucket, action, body: Buffer.concat(chunks).toString(), owner: owner?.toString() });
      const usual = action === 'exists' && !present.has(bucket) ? 404 : 200;
      const [status, code] = refusals[action] ?? [usual, ''];
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(code && action !== 'exists' ? `<Error><Code>${code}</Code></Error>` : '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  present.clear();
  calls.length = 0;
  for (const action of ['exists', 'create', 'version'] as const) refusals[action] = undefined;
});

/** @param client the region of the SDK, which it uses if a bucket's region is not given. */
function run(region = 'eu-west-2', client = region) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const s3 = new S3Client({ region: client, endpoint, credentials, forcePathStyle: true, maxAttempts: 1 });
  return bootstrap({ s3, accountId, region });
}

const callsOf = (action: Call['action']) => calls.filter((call) => call.action === action);

it.each(['eu-west-2', 'us-east-1'])(
  'creates the buckets in the region of the table, from %s',
  async (client) => {
    expect(await run('eu-west-2', client)).toEqual(buckets.map((bucket) => ({ bucket, made: true })));
    expect(
      callsOf('create')
        .map(({ bucket }) => bucket)
        .sort(),
    ).toEqual([...buckets].sort());
    for (const { body } of callsOf('create'))
      expect(body).toContain('<LocationConstraint>eu-west-2</LocationConstraint>');
  },
);

it('names no region in us-east-1, where S3 accepts none', async () => {
  await run('us-east-1');
  expect(callsOf('create')).toHaveLength(buckets.length);
  for (const { body } of callsOf('create')) expect(body).not.toContain('LocationConstraint');
});

it('creates only missing buckets', async () => {
  const [first = ''] = buckets;
  present.add(first);
  expect((await run()).filter(({ made }) => !made)).toEqual([{ bucket: first, made: false }]);
  expect(callsOf('create').map(({ bucket }) => bucket)).not.toContain(first);
});

it.each([
  ['new', []],
  ['that existed before', buckets],
])('turns on versioning of a bucket %s', async (_, there) => {
  for (const bucket of there) present.add(bucket);
  await run();
  expect(callsOf('version')).toHaveLength(buckets.length);
  for (const { body } of callsOf('version')) expect(body).toContain('<Status>Enabled</Status>');
});

it('reads and changes only buckets of the account', async () => {
  for (const bucket of buckets) present.add(bucket);
  await run();
  expect(new Set(calls.map(({ owner }) => owner))).toEqual(new Set([accountId]));
});

it.each([
  [
    'that belongs to another account according to HEAD',
    'exists',
    [403, ''],
    /exists, but you may not use it/,
  ],
  ['in another region', 'exists', [301, ''], /exists in another region; set the table's region to it/],
  [
    'that another account created in the meantime',
    'create',
    [409, 'BucketAlreadyExists'],
    /exists, but you may not use it/,
  ],
] as const)('refuses a bucket %s, and does not change its versioning', async (_, action, answer, words) => {
  refusals[action] = answer;
  const refused = expect(run()).rejects;
  await refused.toMatchObject({ name: 'UserError', message: expect.stringMatching(words) as string });
  expect(callsOf('version')).toEqual([]);
});

it.each([
  ['exists', [500, ''], 500],
  ['create', [400, 'TooManyBuckets'], 400],
] as const)('passes on an unknown response to "%s"', async (action, answer, httpStatusCode) => {
  refusals[action] = answer;
  await expect(run()).rejects.toMatchObject({ $metadata: { httpStatusCode } });
});
