import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CloudRecord } from '../../../cli/local/home';
import { stateBucketName } from '../../../config/names';
import { CloudHunt, requireNone } from '../../../scripts/cloud-hunt';
import { BareCloud } from '../../support/bare-cloud';

const secret = 'qzjxvkwpygbmhf';
const piece = secret.slice(3, 11);
const [shared, own] = ['992382417038', '111122223333'];

const folder = mkdtempSync(join(tmpdir(), 'kairos-hunt-'));
let cloud: BareCloud;
let record: CloudRecord;
beforeAll(async () => {
  cloud = await BareCloud.up();
  const read = cloud.home.read();
  if (read === undefined) throw new Error('the local cloud does not run');
  record = read;
});
beforeEach(async () => {
  await cloud.reset();
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
});
afterAll(async () => {
  await cloud.down();
  rmSync(folder, { recursive: true });
});

/** @returns a hunt for the secret in both accounts. */
function huntInBoth(): CloudHunt {
  const hunt = new CloudHunt({ folders: [folder, join(folder, 'not-made')], accounts: [own] });
  hunt.know(new Map([['PASSWORD', secret]]));
  return hunt;
}

/** Writes versions of a state, one after the other. */
async function write(account: string, ...versions: readonly string[]): Promise<string> {
  const credentials = { accessKeyId: account === shared ? 'test' : account, secretAccessKey: 'test' };
  const s3 = new S3Client({ ...cloud.clientOptions, credentials });
  const Bucket = stateBucketName(account, 'staging');
  await s3.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-2' } }),
  );
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  for (const Body of versions) await s3.send(new PutObjectCommand({ Bucket, Key: 'tfstate', Body }));
  return `s3://${Bucket}/tfstate`;
}

describe('the hunt in a local cloud', () => {
  it('finds nothing where nothing was left', async () => {
    expect(await huntInBoth().search(record)).toEqual({ artefacts: 0, found: [] });
  });

  it('searches what was said, once', async () => {
    const hunt = huntInBoth();
    hunt.hear(`a word: ${piece}`);
    expect((await hunt.search(record)).found).toEqual([
      expect.stringMatching(/^PASSWORD stands in output /) as unknown,
    ]);
    expect(await hunt.search(record)).toEqual({ artefacts: 0, found: [] });
  });

  it('searches the files of a folder', async () => {
    writeFileSync(join(folder, 'plan.log'), piece);
    expect((await huntInBoth().search(record)).found).toEqual([
      expect.stringContaining(join(folder, 'plan.log')) as unknown,
    ]);
  });

  it.each([shared, own])('searches every version of a state of account %s', async (account) => {
    const state = await write(account, 'first', `second ${piece}`, 'third');
    expect(await huntInBoth().search(record)).toEqual({
      artefacts: 3,
      found: [expect.stringContaining(state) as unknown],
    });
  });

  it('looks for a secret that was added later', async () => {
    const hunt = huntInBoth();
    hunt.know(new Map([['TOKEN', 'another-secret']]));
    hunt.hear('another-');
    expect((await hunt.search(record)).found).toEqual([expect.stringContaining('TOKEN stands') as unknown]);
  });
});

describe('a search', () => {
  it('that found nothing is told with the number of artefacts', () => {
    expect(requireNone({ artefacts: 7, found: [] })).toBe('0 in 7 artefacts');
  });

  it('that found a secret ends the script, with each place', () => {
    const found = ['PASSWORD stands in a', 'PASSWORD stands in b'];
    expect(() => requireNone({ artefacts: 7, found })).toThrow(found.join('\n'));
  });
});
