import { CloudWatchClient, PutDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '../../cli/process';
import { jsonSchemas } from '../../cli/schemas';
import { namesOf } from '../../config/names';
import { BareCloud } from '../support/bare-cloud';

const root = resolve(__dirname, '..', '..');
const names = namesOf('dev');
const bucket = 'kairos-tfstate-992382417038-dev';
const key = 'kairos-dev.tfstate.tflock';
const id = '5f2a6c1e-0d6c-4f0a-9d39-5d1d2f0a7c11';

let cloud: BareCloud;
beforeAll(async () => {
  cloud = await BareCloud.up({ KAIROS_BACKEND_PATH: join(root, 'examples', 'backend') });
  await cloud.kairos(['bootstrap']);
  await new CloudWatchLogsClient(cloud.clientOptions).send(
    new CreateLogGroupCommand({ logGroupName: names.functionLogGroup }),
  );
  const DashboardBody = JSON.stringify({ widgets: [] });
  await new CloudWatchClient(cloud.clientOptions).send(
    new PutDashboardCommand({ DashboardName: names.stack, DashboardBody }),
  );
  await new ECRClient(cloud.clientOptions).send(new CreateRepositoryCommand({ repositoryName: 'kairos' }));
  await new KMSClient(cloud.clientOptions)
    .send(new CreateKeyCommand({}))
    .then(({ KeyMetadata }) =>
      new KMSClient(cloud.clientOptions).send(
        new CreateAliasCommand({ AliasName: names.keyAlias, TargetKeyId: KeyMetadata?.KeyId }),
      ),
    );
  const Name = `${names.secretsPath}SECRET_KEY`;
  await new SSMClient(cloud.clientOptions).send(
    new PutParameterCommand({ Name, Value: 'unset', Type: 'SecureString', KeyId: names.keyAlias }),
  );
});
afterAll(async () => {
  await cloud.down();
});

/**
 * Runs a command with `--json`. @returns its exit code, its output, and the printed object, checked against
 * the schema.
 */
async function json(name: string, ...args: readonly string[]) {
  const { code, output, stdout } = await cloud.kairos([...name.split(' '), ...args, '--json']);
  const printed = stdout === '' ? undefined : jsonSchemas[name]?.parse(JSON.parse(stdout));
  return { code, output, printed };
}

/** Locks the state of dev for somebody, as Terraform writes the lock. */
async function hold(Who: string): Promise<void> {
  const lock = { ID: id, Operation: 'OperationTypeApply', Who, Created: '2026-11-28T12:00:00Z' };
  const s3 = new S3Client(cloud.clientOptions);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: JSON.stringify(lock) }));
}

describe('--json of a command', () => {
  it.each([
    ['bootstrap', [], 0],
    ['cost', ['dev'], 0],
    ['dashboard', ['dev'], 0],
    ['tune', ['dev'], 0],
    ['image tag', [], 0],
    ['image status', [], 0],
    ['image prune', [], 0],
    ['secrets check', ['dev'], 1],
    ['status', [], 0],
    ['local status', [], 0],
    ['unlock', ['dev'], 0],
  ] as const)('%s matches its schema', async (name, args, expected) => {
    const { code, printed, output } = await json(name, ...args);
    expect({ code, said: printed === undefined ? output : '' }).toEqual({ code: expected, said: '' });
  });
});

describe('--json of the commands for secrets and the local cloud', () => {
  it('lists the secrets that were set, and no value', async () => {
    const file = join(cloud.home.folder, '.env');
    const value = randomBytes(32).toString('hex');
    writeFileSync(file, `SECRET_KEY=${value}\n`);
    const twice = ['SECRET_KEY', 'SECRET_KEY'];
    const { code, printed, output } = await json('secrets set', 'dev', ...twice, '--from', file);
    expect([code, printed]).toEqual([0, [{ name: 'SECRET_KEY', version: 2 }]]);
    expect(output).not.toContain(value);
  });

  it('accepts - for standard input', async () => {
    const { code, output } = await json('secrets set', 'dev', 'SECRET_KEY', '--from', '-');
    expect(code).toBe(1);
    expect(output).toContain('standard input has no line for SECRET_KEY');
  });

  it('lists the variables that local env sets and restores, and no value that the shell had before', async () => {
    const before = { AWS_SESSION_TOKEN: 'held-before', KAIROS_BEFORE_AWS_SESSION_TOKEN: 'held-before' };
    const there = await cloud.kairos(['local', 'env', '--json'], before);
    expect(jsonSchemas['local env']?.parse(JSON.parse(there.stdout))).toMatchObject({
      set: { AWS_ENDPOINT_URL: cloud.shell.AWS_ENDPOINT_URL },
      unset: expect.arrayContaining(['AWS_SESSION_TOKEN']) as string[],
    });
    const shell = { ...before, KAIROS_LOCAL_VARIABLES: 'AWS_ENDPOINT_URL AWS_REGION' };
    const back = await cloud.kairos(['local', 'env', '--unset', '--json'], shell);
    expect(jsonSchemas['local env']?.parse(JSON.parse(back.stdout))).toEqual({
      set: {},
      unset: ['AWS_ENDPOINT_URL', 'AWS_REGION'],
      restored: ['AWS_SESSION_TOKEN'],
    });
    expect(there.output + back.output).not.toContain('held-before');
  });
});

describe('kairos unlock', () => {
  it('says who holds the lock, and that the run is dead, if no Terraform of this machine works on the stack', async () => {
    await hold(`ann@${hostname()}`);
    const { code, printed } = await json('unlock', 'dev');
    expect(code).toBe(1);
    expect(printed).toMatchObject({ held: true, lock: { id }, holder: { state: 'dead' } });
  });

  it('removes the lock of a dead run without a question', async () => {
    const { code } = await json('unlock', 'dev', id);
    expect(code).toBe(0);
    expect((await json('unlock', 'dev')).printed).toEqual({ held: false });
  });

  it('keeps the lock of a run on another machine, unless --yes confirms that the run is dead', async () => {
    await hold('runner@ci-7');
    const refused = await json('unlock', 'dev', id);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain(`npx kairos unlock dev ${id} --yes`);
    expect((await json('unlock', 'dev', id, '--yes')).code).toBe(0);
  });
});

describe('the workflow job that unlocks', () => {
  const unlock = (...args: readonly string[]) =>
    run('bash', ['scripts/ci/unlock.sh', 'dev', ...args], { shell: cloud.shell, cwd: root });

  it('says who holds the lock, and removes nothing without the id', async () => {
    await hold('runner@ci-7');
    const { code, stdout } = await unlock('', 'false');
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringContaining('held by runner@ci-7 since 2026-11-28 12:00:00 UTC (apply)') as string,
    });
    expect((await json('unlock', 'dev')).printed).toMatchObject({ held: true });
  });

  it('removes the lock of another job, because the queue starts this job only after that one has ended', async () => {
    expect((await unlock(id, 'false')).code).toBe(0);
    expect((await json('unlock', 'dev')).printed).toEqual({ held: false });
  });

  it("keeps a person's lock until somebody confirms that the run is dead", async () => {
    await hold('ann@laptop');
    const { code, stdout } = await unlock(id, 'false');
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringContaining('that run was on laptop') as string,
    });
    expect((await unlock(id, 'true')).code).toBe(0);
    expect((await json('unlock', 'dev')).printed).toEqual({ held: false });
  });
});

describe('kairos local down', () => {
  it('says whether a local cloud was running', async () => {
    expect((await json('local down')).printed).toEqual({ stopped: true });
    expect((await json('local down')).printed).toEqual({ stopped: false });
  });
});
