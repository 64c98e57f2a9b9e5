import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { stateBucketName } from '../../../config/names';
import { configuration } from '../../../config/environments';
import { lookAtState, restoreVersion } from '../../../cli/recover/history';
import { BareCloud } from '../../support/bare-cloud';

/** The states of environments that nobody deploys: what is in the bucket is all that is looked at here. */
let cloud: BareCloud;
let s3: S3Client;
beforeAll(async () => {
  cloud = await BareCloud.up();
  s3 = new S3Client(cloud.clientOptions);
  expect(await cloud.kairos(['bootstrap'])).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await cloud.down();
});

function stateText(serial: number, ...names: readonly string[]): string {
  const resources = names.map((name) => ({ mode: 'managed', type: 'aws_x', name, instances: [{}] }));
  return JSON.stringify({ version: 4, serial, lineage: 'one', resources });
}

const addressOf = (environment: 'dev' | 'staging' | 'prod') => ({
  Bucket: stateBucketName(configuration.accountId, environment),
  Key: `kairos-${environment}.tfstate`,
});
const [old, right] = [stateText(4, 'A', 'Removed'), stateText(9, 'A', 'B')];

/** What may happen to a state, each to one of an environment of its own, and the words for it. */
const damages = [
  {
    environment: 'dev',
    what: 'is gone',
    harm: (state: ReturnType<typeof addressOf>) => s3.send(new DeleteObjectCommand(state)),
  },
  {
    environment: 'staging',
    what: 'cannot be read: it was cut off, or is no state',
    harm: (state: ReturnType<typeof addressOf>) =>
      s3.send(new PutObjectCommand({ ...state, Body: right.slice(0, right.length / 2) })),
  },
  {
    environment: 'prod',
    what: 'is an older one (serial 4)',
    harm: (state: ReturnType<typeof addressOf>) => s3.send(new PutObjectCommand({ ...state, Body: old })),
  },
] as const;

describe.each(damages)('a state that $what', ({ environment, what, harm }) => {
  const state = addressOf(environment);
  beforeAll(async () => {
    for (const Body of [old, right]) await s3.send(new PutObjectCommand({ ...state, Body }));
    await harm(state);
  });

  it('is shown with the version that is right, and left as it is while nobody agrees', async () => {
    const before = await s3.send(new ListObjectVersionsCommand({ Bucket: state.Bucket, Prefix: state.Key }));
    const { code, output } = await cloud.kairos(['recover', environment]);
    expect(output).toContain(what);
    expect(output).toContain('\n  + aws_x.B');
    expect(output.includes('\n  - aws_x.Removed')).toBe(environment === 'prod');
    expect(code).toBe(1);
    const after = await s3.send(new ListObjectVersionsCommand({ Bucket: state.Bucket, Prefix: state.Key }));
    expect(after.Versions).toEqual(before.Versions);
  });

  it('is whole again once that version is restored, with all others still in the history', async () => {
    const { damage, versions } = await lookAtState({ s3, state });
    expect(damage).toMatchObject({ what, proposed: { content: { serial: 9 } } });
    await restoreVersion({ s3, state }, damage?.proposed.version ?? '');

    const { Body } = await s3.send(new GetObjectCommand(state));
    expect(await Body?.transformToString()).toBe(right);
    const restored = await lookAtState({ s3, state });
    expect(restored.damage).toBeUndefined();
    expect(restored.versions).toHaveLength(versions.length + 1);
  });
});
