import { LambdaClient, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { releaseSchema } from '../../cli/schemas/release';
import { configuration } from '../../config/environments';
import { namesOf, stateBucketName } from '../../config/names';
import { BareCloud } from '../support/bare-cloud';
import { publishTwoVersions, putTwoImages, type TwoImages } from '../support/two-versions';

/** staging and prod run the same image. Tests change the records of staging, and restore them. */
const { function: FunctionName, alias: Name, stack, smokeRecord } = namesOf('staging');
const Bucket = stateBucketName(configuration.accountId, 'staging');

let cloud: BareCloud;
let images: TwoImages;
beforeAll(async () => {
  cloud = await BareCloud.up();
  expect(await cloud.kairos(['bootstrap'])).toMatchObject({ code: 0 });
  images = await putTwoImages(cloud);
  for (const name of ['staging', 'prod'] as const) await publishTwoVersions(cloud, images, name);
});
afterAll(async () => {
  await cloud.down();
});

const promote = () => cloud.kairos(['promote', 'staging', 'prod', '--json']);

/** Promotes while an object of the bucket has other content. */
async function promoteWhile(Key: string, change: (text: string) => string) {
  const s3 = new S3Client(cloud.clientOptions);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const before = (await Body?.transformToString()) ?? '';
  const after = change(before);
  expect(after).not.toBe(before);
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: after }));
  const result = await promote();
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: before }));
  return result;
}

async function pointAlias(FunctionVersion: string, weights: Readonly<Record<string, number>>): Promise<void> {
  const RoutingConfig = { AdditionalVersionWeights: weights };
  await new LambdaClient(cloud.clientOptions).send(
    new UpdateAliasCommand({ FunctionName, Name, FunctionVersion, RoutingConfig }),
  );
}

describe('kairos promote', () => {
  it('deploys to prod what is live in staging, and does nothing if it is live there already', async () => {
    const { code, stdout } = await promote();
    expect(code).toBe(0);
    const result = releaseSchema.parse(JSON.parse(stdout));
    expect(result).toMatchObject({ environment: 'prod', outcome: 'unchanged', released: images.newer });
  });

  it('refuses a version that differs from the state: it reads the alias itself, not a file', async () => {
    await pointAlias('1', {});
    const { code, output } = await promote();
    await pointAlias('2', {});
    expect(code).toBe(1);
    expect(output).toContain(`${stack} runs version 1 (${images.older}), and its state says version 2`);
  });

  it('refuses during a canary', async () => {
    await pointAlias('2', { 1: 0.1 });
    const { code, output } = await promote();
    await pointAlias('2', {});
    expect(code).toBe(1);
    expect(output).toContain(`a canary is on in ${stack}; end it first`);
  });

  it.each([
    [
      'a version while the state gives a canary a share',
      `${stack}.tfstate`,
      '"none"',
      '"0.1"',
      'a canary is on in',
    ],
    [
      'a version whose last smoke test failed',
      smokeRecord,
      '"passed":true',
      '"passed":false,"reason":"GET / answered 500"',
      'its last smoke test failed: GET / answered 500',
    ],
    [
      'a version without a smoke test',
      smokeRecord,
      '"version":"2"',
      '"version":"1"',
      'which no smoke test has tested yet',
    ],
  ])('refuses %s', async (_, key, from, to, words) => {
    const { code, output } = await promoteWhile(key, (text) => text.replace(from, to));
    expect(code).toBe(1);
    expect(output).toContain(words);
  });
});
