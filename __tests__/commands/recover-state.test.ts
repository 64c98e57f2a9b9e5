import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { configuration } from '../../config/environments';
import { stateBucketName } from '../../config/names';
import { lookAtState, restoreVersion } from '../../cli/recover/history';
import { harm } from '../../scripts/lost-states/harm';
import { BareCloud } from '../support/bare-cloud';

/** The state of an environment that is never deployed: only the bucket is used here. */
const harmed = { accountId: configuration.accountId, environment: 'dev' } as const;
const state = { Bucket: stateBucketName(configuration.accountId, 'dev'), Key: 'kairos-dev.tfstate' };

function stateText(serial: number, ...names: readonly string[]): string {
  const resources = names.map((name) => ({ mode: 'managed', type: 'aws_x', name, instances: [{}] }));
  return JSON.stringify({ version: 4, serial, lineage: 'one', resources });
}

const [old, right] = [stateText(4, 'Removed'), stateText(9, 'A', 'B')];

let cloud: BareCloud;
let s3: S3Client;
beforeAll(async () => {
  cloud = await BareCloud.up();
  s3 = new S3Client(cloud.clientOptions);
  expect(await cloud.kairos(['bootstrap'])).toMatchObject({ code: 0 });
  for (const Body of [old, right]) await s3.send(new PutObjectCommand({ ...state, Body }));
});
afterAll(async () => {
  await cloud.down();
});

async function countVersions(): Promise<number> {
  const { Versions = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: state.Bucket, Prefix: state.Key }),
  );
  return Versions.length;
}

describe.each([
  ['deleted', 'is gone', ''],
  ['cut off', 'cannot be read: it is truncated, or is not a state', ''],
  ['replaced by an older one', 'is an older one (serial 4)', 'with 1 resources'],
] as const)('a state that was %s', (how, what, words) => {
  beforeAll(async () => {
    expect(await harm(how, harmed, cloud)).toBe(words);
  });

  it('is shown with the version that is right, and is not changed without consent', async () => {
    const before = await countVersions();
    const { code, output } = await cloud.kairos(['recover', 'dev']);
    expect(output).toContain(`the state ${what}`);
    expect(output).toContain('\n  + aws_x.B');
    expect(output.includes('\n  - aws_x.Removed')).toBe(how === 'replaced by an older one');
    expect(code).toBe(1);
    expect(await countVersions()).toBe(before);
  });

  it('is restored to that version, and the history keeps all other versions', async () => {
    const before = await countVersions();
    const { damage } = await lookAtState({ s3, state });
    expect(damage).toMatchObject({ what, proposed: { content: { serial: 9 } } });
    await restoreVersion({ s3, state }, damage?.proposed.version ?? '');

    const { Body } = await s3.send(new GetObjectCommand(state));
    expect(await Body?.transformToString()).toBe(right);
    expect((await lookAtState({ s3, state })).damage).toBeUndefined();
    expect(await countVersions()).toBe(before + 1);
  });
});

describe('a state that was deleted with its history', () => {
  it('has no version that could be restored', async () => {
    await harm('deleted with its history', harmed, cloud);
    expect(await lookAtState({ s3, state })).toEqual({ damage: undefined, versions: [] });
  });
});

it('the foundation of an environment without its own account is the shared one, and the output says so', async () => {
  const { code, output } = await cloud.kairos(['recover', 'foundation-staging', '--yes']);
  expect(code).toBe(1);
  expect(output).toContain(
    'staging has no separate account, so it has no separate foundation; next: npx kairos recover foundation',
  );
});
