import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { writeFileSync } from 'node:fs';
import type { CloudRecord } from '../../../cli/local/home';
import { namesOf, secretNames } from '../../../config/names';
import type { Run } from '../../../scripts/workflows/runner';
import { Trail } from '../../../scripts/workflows/trail';
import { BareCloud } from '../../support/bare-cloud';
import { FakeGitHub } from '../../support/fake-github';

const secret = 'qzjxvkwpygbmhf';
const piece = secret.slice(3, 11);
const silent: Run = { code: 0, jobs: {}, order: [], said: '' };

let cloud: BareCloud;
let record: CloudRecord;
let github: FakeGitHub;
let trail: Trail;
beforeAll(async () => {
  cloud = await BareCloud.up();
  const read = cloud.home.read();
  if (read === undefined) throw new Error('the local cloud does not run');
  record = read;
});
beforeEach(() => {
  github = new FakeGitHub({});
  trail = new Trail([]);
  trail.know(new Map([['TOKEN', secret]]));
});
afterEach(() => {
  trail.end();
});
afterAll(async () => {
  await cloud.down();
});

const search = (run = silent, commandLine = '') => trail.search(run, commandLine, github, record);

const issue = { number: 1, user: { type: 'Bot' }, title: 'drift', state: 'open' } as const;
const artifact = {
  id: 1,
  name: 'plan',
  created_at: '2026-11-01',
  expired: false,
  workflow_run: { head_sha: '', repository_id: 22, head_repository_id: 22 },
};

describe('the secrets of an environment', () => {
  it('are set at random, and searched for', async () => {
    const { secretsPath, keyAlias } = namesOf('dev');
    const [kms, ssm] = [new KMSClient(cloud.clientOptions), new SSMClient(cloud.clientOptions)];
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    await kms.send(new CreateAliasCommand({ AliasName: keyAlias, TargetKeyId: KeyMetadata?.KeyId }));
    for (const name of secretNames) {
      const Name = `${secretsPath}${name}`;
      await ssm.send(
        new PutParameterCommand({ Name, Value: 'unset', Type: 'SecureString', KeyId: keyAlias }),
      );
    }
    await trail.draw('dev', cloud.shell);
    const get = new GetParameterCommand({ Name: `${secretsPath}MONGO_PASSWORD`, WithDecryption: true });
    const { Parameter } = await ssm.send(get);
    expect(Parameter?.Version).toBe(2);
    await expect(search({ ...silent, said: Parameter?.Value?.slice(-8) ?? '' })).rejects.toThrow(
      /^MONGO_PASSWORD of dev is in [^\n]+$/,
    );
  });
});

describe('the secret search after a run of a workflow', () => {
  it('counts the artefacts of all runs if nothing was found', async () => {
    await search();
    await search();
    expect(trail.words).toBe('0 in 6 artefacts');
  });

  it.each<[string, () => unknown]>([
    ['a comment', () => github.comments.push({ id: 1, pullRequest: 7, user: { type: 'Bot' }, body: piece })],
    ['an issue', () => github.issues.push({ ...issue, body: piece })],
    ['a dispatch', () => github.dispatches.push({ client_payload: { version: piece }, to: 'clients' })],
    ['an artifact', () => github.artifacts.push({ ...artifact, files: { 'plan.json': piece } })],
  ])('finds a piece of a secret in %s', async (_, write) => {
    write();
    await expect(search()).rejects.toThrow(/^TOKEN is in /);
  });

  it('finds a secret in the output of the jobs', async () => {
    await expect(search({ ...silent, said: `a job: ${secret}` })).rejects.toThrow(/^TOKEN is in /);
  });

  it("finds a secret on act's command line", async () => {
    await expect(search(silent, `push -s GITHUB_TOKEN=${secret}`)).rejects.toThrow(/^TOKEN is in /);
  });

  it('searches for the credentials that a job got at its sign-in', async () => {
    const keys = { AWS_SECRET_ACCESS_KEY: 'mfhbgypwkvxjzq', AWS_SESSION_TOKEN: 'plokmijnuhb' };
    writeFileSync(trail.signedIn, `${JSON.stringify(keys)}\n`);
    await expect(search({ ...silent, said: 'AWS_SESSION_TOKEN=plokmijnuhb' })).rejects.toThrow(
      /^AWS_SESSION_TOKEN of sign-in 1 is in [^\n]+$/,
    );
  });
});
