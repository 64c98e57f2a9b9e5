import { BatchDeleteImageCommand, ECRClient } from '@aws-sdk/client-ecr';
import { GetAliasCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { environmentOf } from '../../cli/live/environment';
import { untilUnlocked } from '../../cli/live/lock';
import { imagePruneSchema, imagePushSchema, imageStatusSchema } from '../../cli/schemas/image';
import { rollbackListSchema, smokeSchema, statusSchema } from '../../cli/schemas/release';
import { configuration } from '../../config/environments';
import { namesOf, secretNames, stateBucketName } from '../../config/names';
import { exampleBackend, putChangedExample } from '../../scripts/backend-image';
import { ringAlarm } from '../support/ringing';
import { BareCloud } from '../support/bare-cloud';
import { expectSuccess } from '../support/project';
import { publishTwoVersions, putTwoImages, type TwoImages } from '../support/two-versions';

/** prod has two versions with different images, and nothing of the foundation. */
const { function: FunctionName, alias: Name, stack, secretsPath } = namesOf('prod');
const state = { Bucket: stateBucketName(configuration.accountId, 'prod'), Key: `${stack}.tfstate` };

let cloud: BareCloud;
let images: TwoImages;
/** Images that no version needs, pushed before and after the last release. */
let [left, young] = ['', ''];
beforeAll(async () => {
  cloud = await BareCloud.up({ KAIROS_BACKEND_PATH: exampleBackend });
  expectSuccess(await cloud.kairos(['bootstrap']));
  images = await putTwoImages(cloud);
  left = await another('left');
  await publishTwoVersions(cloud, images, 'prod');
  young = await another('young');
});
afterAll(async () => {
  await cloud.down();
});

function another(word: string): Promise<string> {
  return putChangedExample(cloud, join('kairos', 'routes', 'root.py'), (text) => text.replace('Hello', word));
}

async function json(...args: readonly string[]): Promise<unknown> {
  const { stdout } = expectSuccess(await cloud.kairos([...args, '--json']));
  return JSON.parse(stdout);
}

const listed = async () => {
  const { images: found, source } = imageStatusSchema.parse(await json('image', 'status'));
  return { source, found, digests: found.map(({ digest }) => digest).sort() };
};

describe('kairos image status', () => {
  it('lists each image with its tag, size and push time, and the environments that run it', async () => {
    const { source, found } = await listed();
    expect(source).toEqual({ tag: expect.stringMatching(/^src-/) as unknown, pushed: true });
    const newer = found.find(({ digest }) => digest === images.newer);
    expect(newer).toMatchObject({ tags: [source.tag], isSource: true, environments: ['prod'] });
    expect(newer?.bytes).toBeGreaterThan(0);
    expect(found.filter(({ environments }) => environments.length > 0)).toHaveLength(1);
  });
});

describe('kairos image push', () => {
  it('finds the image of the source in ECR, and prints its digest', async () => {
    const pushed = imagePushSchema.parse(await json('image', 'push'));
    expect(pushed).toMatchObject({ digest: images.newer, pushed: false });
  });
});

describe('kairos image prune', () => {
  const prune = (...more: readonly string[]) => cloud.kairos(['image', 'prune', '--keep', '1', ...more]);
  const all = () => [images.older, images.newer, left, young].sort();

  it('without a terminal, lists what it would remove, asks nothing, and removes nothing', async () => {
    const { code, output } = await prune();
    expect(code).toBe(1);
    expect(output).toContain(left.slice(7, 19));
    for (const digest of [images.older, images.newer, young])
      expect(output).not.toContain(digest.slice(7, 19));
    expect(output).toContain('nothing was removed; to remove them: npx kairos image prune --keep 1 --yes');
    expect((await listed()).digests).toEqual(all());
  });

  it('with --yes, removes images that no version needs and that are older than the last release', async () => {
    const { stdout } = expectSuccess(await prune('--yes', '--json'));
    expect(imagePruneSchema.parse(JSON.parse(stdout))).toEqual({ removed: [left], failed: [] });
    expect((await listed()).digests).toEqual(all().filter((digest) => digest !== left));
  });

  it('finds nothing after that', async () => {
    expect(expectSuccess(await prune()).stdout).toMatch(
      /^nothing to remove: 2 needed by a version, 1 more kept \(pushed since /,
    );
  });
});

describe('kairos smoke', () => {
  let server: Server;
  /** The paths of the API. */
  let paths = ['/api/v1/', '/api/v1/mongodb'];
  /** The status with which the API itself answers. */
  let past = 401;
  let asked: string[] = [];

  beforeAll(async () => {
    server = createServer(({ url = '', headers }, response) => {
      // Two addresses of one server: the edge, and the API behind it.
      const isApi = headers.host?.startsWith('localhost') === true;
      asked.push(url);
      const document = {
        info: { title: 'Kairos' },
        paths: Object.fromEntries(paths.map((each) => [each, {}])),
      };
      response.statusCode = isApi ? past : 200;
      response.end(url.endsWith('openapi.json') ? JSON.stringify(document) : '<html></html>');
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : '';
    await putOutputs({ url: `http://127.0.0.1:${port}`, api_endpoint: `http://localhost:${port}` });
  });
  beforeEach(() => {
    asked = [];
  });
  afterAll(() => {
    server.close();
  });

  async function smoke(...args: readonly string[]) {
    const { code, stdout } = await cloud.kairos(['smoke', 'prod', '--json', ...args]);
    return { code, ...smokeSchema.parse(JSON.parse(stdout)) };
  }

  it('sends the requests of a client, and checks the database only with --mongodb', async () => {
    const { code, version, checks } = await smoke();
    expect({ code, version }).toEqual({ code: 0, version: '2' });
    expect(checks.map(({ name }) => name)).toEqual(['health', 'openapi', 'docs', 'origin lock']);
    expect(asked).not.toContain('/api/v1/mongodb');
    expect((await smoke('--mongodb')).checks.map(({ name }) => name)).toContain('mongodb');
  });

  it('prints the time of each request', async () => {
    const { stdout } = expectSuccess(await cloud.kairos(['smoke', 'prod']));
    expect(stdout.split('\n')).toEqual([
      'version 2',
      ...['health', 'openapi', 'docs', 'origin lock'].map(
        (name) => expect.stringMatching(new RegExp(`^${name} +(200|401) +\\d+ ms  http`)) as unknown,
      ),
    ]);
  });

  it('fails if a path is missing that the last passing test found, and names it', async () => {
    paths = ['/api/v1/'];
    const { code, reason } = await smoke();
    expect({ code, reason }).toEqual({
      code: 1,
      reason: expect.stringMatching(/openapi\.json lost \/api\/v1\/mongodb, which/) as unknown,
    });
  });

  it('accepts the missing path with --api-changes, and after that without it', async () => {
    expect((await smoke('--api-changes')).code).toBe(0);
    expect((await smoke()).code).toBe(0);
  });

  it('fails if the API admits a direct request', async () => {
    past = 200;
    const { code, reason } = await smoke();
    past = 401;
    expect({ code, reason }).toEqual({
      code: 1,
      reason: expect.stringMatching(/^GET http:\/\/localhost\S+ answered 200, expected 401/) as unknown,
    });
  });
});

/** Adds outputs to the state of the last apply. */
async function putOutputs(more: Readonly<Record<string, string>>): Promise<void> {
  const outputs = {
    live_version: '2',
    function_version: '2',
    canary_share: 'none',
    image_digest: images.newer,
    ...more,
  };
  const typed = Object.entries(outputs).map(([key, value]) => [key, { value, type: 'string' }] as const);
  const Body = JSON.stringify({ serial: 2, outputs: Object.fromEntries(typed) });
  await new S3Client(cloud.clientOptions).send(new PutObjectCommand({ ...state, Body }));
}

const lock = { ...state, Key: `${state.Key}.tflock` };

async function hold(ID: string): Promise<void> {
  const held = { ID, Operation: 'OperationTypeApply', Who: 'ann@laptop', Created: '2026-11-28T12:00:00Z' };
  await new S3Client(cloud.clientOptions).send(new PutObjectCommand({ ...lock, Body: JSON.stringify(held) }));
}

const release = () => new S3Client(cloud.clientOptions).send(new DeleteObjectCommand(lock));

describe('kairos status', () => {
  it('reports the alarms that are on, the secrets that were never set, and who holds the state', async () => {
    const { clientOptions } = cloud;
    // Terraform creates the first version of each secret, with a placeholder.
    for (const Value of ['unset', 'kairos.abcde.mongodb.net']) {
      const set = { Name: `${secretsPath}MONGO_HOST`, Value, Type: 'SecureString', Overwrite: true } as const;
      await new SSMClient(clientOptions).send(new PutParameterCommand(set));
    }
    // The alarms of an edge are in us-east-1.
    for (const [AlarmName, region] of [
      [`${stack}-errors`, clientOptions.region],
      [`${stack}-edge-errors`, 'us-east-1'],
    ] as const) {
      await ringAlarm(AlarmName, { ...clientOptions, region });
    }
    await hold('5f2a6c1e');
    const status = statusSchema.parse(await json('status', 'prod'));
    await release();
    expect(status).toMatchObject({
      alarms: [`${stack}-errors`, `${stack}-edge-errors`],
      unsetSecrets: secretNames.filter((name) => name !== 'MONGO_HOST'),
      lock: { id: '5f2a6c1e', who: 'ann@laptop', since: '2026-11-28T12:00:00.000Z' },
      live: { version: '2', digest: images.newer },
      drift: [],
    });
  });
});

describe('a release while somebody else holds the state', () => {
  const open = async () =>
    environmentOf(
      { configuration, clientOptions: { ...cloud.clientOptions, maxAttempts: 1 }, caller: 'test' },
      'prod',
      cloud.shell,
    );

  it('says who holds it, and continues once it is released, even if somebody else took it in between', async () => {
    await hold('one');
    const told: string[] = [];
    await untilUnlocked(await open(), {
      seconds: 60,
      onWait: ({ id, who }) => {
        told.push(`${id} ${who}`);
        void (id === 'one' ? hold('two') : release());
      },
    });
    expect(told).toEqual(['one ann@laptop', 'two ann@laptop']);
  });

  it('stops after the time limit, and says who holds it, since when, and what to type', async () => {
    await hold('one');
    await expect(untilUnlocked(await open(), { seconds: 0, onWait: jest.fn() })).rejects.toThrow(
      /^the state of kairos-prod is held by ann@laptop since 2026-11-28 12:00:00 UTC \(apply\), and was not released within 0 s; .*npx kairos unlock prod one$/,
    );
    await release();
  });
});

describe('a version whose image is not in ECR any more', () => {
  beforeAll(async () => {
    await new ECRClient(cloud.clientOptions).send(
      new BatchDeleteImageCommand({
        repositoryName: configuration.image.repository,
        imageIds: [{ imageDigest: images.older }],
      }),
    );
  });

  it('is marked in the list', async () => {
    const versions = rollbackListSchema.parse(await json('rollback', 'prod', '--list'));
    expect(versions.map(({ version, imageGone }) => [version, imageGone])).toEqual([
      ['2', false],
      ['1', true],
    ]);
    const { stdout } = expectSuccess(await cloud.kairos(['rollback', 'prod', '--list']));
    expect(stdout).toContain(`${images.older.slice(7, 19)} gone`);
  });

  it.each([
    [
      [],
      /^error: nothing was changed, version 2 is live in kairos-prod: kairos-prod has no earlier image that ECR still has/m,
    ],
    [
      ['--to', '1'],
      /^error: nothing was changed, version 2 is live in kairos-prod: version 1 of kairos-prod runs sha256:\w+, which ECR no longer has/m,
    ],
  ])('is refused by rollback %j, and the live version stays', async (args, words) => {
    const { code, output } = await cloud.kairos(['rollback', 'prod', '--alias-only', ...args]);
    expect(code).toBe(1);
    expect(output).toMatch(words);
    const alias = await new LambdaClient(cloud.clientOptions).send(
      new GetAliasCommand({ FunctionName, Name }),
    );
    expect(alias.FunctionVersion).toBe('2');
  });
});

describe('a release of a source whose image is not in ECR', () => {
  it('needs Docker, and says so before anything is changed', async () => {
    const room = mkdtempSync(join(cloud.home.folder, 'no-docker-'));
    const [bin, source] = [join(room, 'bin'), join(room, 'source')];
    mkdirSync(bin);
    for (const tool of ['git', 'ps'])
      symlinkSync(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), join(bin, tool));
    cpSync(exampleBackend, source, { recursive: true });
    appendFileSync(join(source, 'kairos', 'main.py'), '# another content\n');
    const { code, output } = await cloud.kairos(['release', 'prod'], {
      PATH: bin,
      KAIROS_BACKEND_PATH: source,
      // A local cloud needs no Docker. This endpoint does not belong to a known local cloud.
      KAIROS_LOCAL_HOME: join(room, 'home'),
    });
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(
        /^error: ECR has no image of this source .* no Docker daemon answers .*; nothing was changed; start Docker/,
      ) as unknown,
    });
  });
});
