import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stateBucketName } from '../../../config/names';
import { requireNone } from '../../../scripts/hunt/cloud-hunt';
import { HuntedCloud, own, ownRegion, piece, shared } from '../../support/hunted-cloud';

const folder = mkdtempSync(join(tmpdir(), 'kairos-hunt-'));
let cloud: HuntedCloud;
beforeAll(async () => {
  cloud = await HuntedCloud.up();
});
beforeEach(async () => {
  await cloud.bare.reset();
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
});
afterAll(async () => {
  await cloud.bare.down();
  rmSync(folder, { recursive: true });
});

const hunt = () => cloud.hunt(folder, join(folder, 'not-made'));

/** Writes versions of a state, one after the other. */
async function write(account: string, ...versions: readonly string[]): Promise<string> {
  const s3 = new S3Client(cloud.options(account));
  const Bucket = stateBucketName(account, 'staging');
  await s3.send(
    new CreateBucketCommand({
      Bucket,
      CreateBucketConfiguration: { LocationConstraint: account === own ? ownRegion : 'eu-west-2' },
    }),
  );
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  for (const Body of versions) await s3.send(new PutObjectCommand({ Bucket, Key: 'tfstate', Body }));
  return `s3://${Bucket}/tfstate`;
}

describe('the secret search in a local cloud', () => {
  it('finds nothing if no secret was written', async () => {
    expect(await hunt().search(cloud.record)).toEqual({ artefacts: 0, found: [], unopened: [] });
  });

  it('searches the output of commands once', async () => {
    const search = hunt();
    search.hear(`a word: ${piece}`);
    expect((await search.search(cloud.record)).found).toEqual([
      expect.stringMatching(/^PASSWORD is in output /) as unknown,
    ]);
    expect(await search.search(cloud.record)).toEqual({ artefacts: 0, found: [], unopened: [] });
  });

  it('searches the files of a folder', async () => {
    writeFileSync(join(folder, 'plan.log'), piece);
    expect((await hunt().search(cloud.record)).found).toEqual([
      expect.stringContaining(join(folder, 'plan.log')) as unknown,
    ]);
  });

  it.each([shared, own])('searches every version of a state of account %s', async (account) => {
    const state = await write(account, 'first', `second ${piece}`, 'third');
    expect(await hunt().search(cloud.record)).toEqual({
      artefacts: 3,
      found: [expect.stringContaining(state) as unknown],
      unopened: [],
    });
  });

  it('looks for a secret that was added later', async () => {
    const search = hunt();
    search.know(new Map([['TOKEN', 'another-secret']]));
    search.hear('another-');
    expect((await search.search(cloud.record)).found).toEqual([
      expect.stringContaining('TOKEN is in output') as unknown,
    ]);
  });
});

describe('a search', () => {
  it('without findings returns the number of artefacts', () => {
    expect(requireNone({ artefacts: 7, found: [], unopened: [] })).toBe('0 in 7 artefacts');
  });

  it('says what it could not unpack', () => {
    const unopened = ['a: this search cannot unpack xz'];
    expect(requireNone({ artefacts: 7, found: [], unopened })).toBe(
      '0 in 7 artefacts; not unpacked: a: this search cannot unpack xz',
    );
  });

  it('with findings ends the script, and lists each place', () => {
    const found = ['PASSWORD is in a', 'PASSWORD is in b'];
    expect(() => requireNone({ artefacts: 7, found, unopened: [] })).toThrow(found.join('\n'));
  });
});
