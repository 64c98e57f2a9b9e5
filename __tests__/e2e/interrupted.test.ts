import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { stateBucketName, stateOwners } from '../../config/names';
import { LocalHome } from '../../cli/local/home';
import { endpointOf } from '../../cli/local/server';
import { localVariables } from '../../cli/local/shell';
import { run, type Shell } from '../../cli/process';
import { stackFolder } from '../../cli/project';
import { recoverSchema } from '../../cli/schemas/release';
import { terraformCommand } from '../../cli/tools/terraform';
import { expectSuccess } from '../support/project';
import { inPipe, inTerminal, readUntil, type StartedCommand, until } from '../support/started-command';

/** A separate local cloud, which is interrupted many times during `local up`. */
const root = resolve(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'kairos-interrupted-'));
const shell: Shell = {
  ...process.env,
  KAIROS_LOCAL_HOME: folder,
  CDKTF_OUTDIR: join(folder, 'cdktf.out'),
  KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
  KAIROS_IMAGE_DIGEST: undefined,
  NO_COLOR: '1',
  FORCE_COLOR: undefined,
  CI: undefined,
  TERM: 'xterm',
};
const home = new LocalHome(shell);
const options = { shell, cwd: root };
const kairos = (...args: string[]) => [join(root, 'bin', 'kairos.js'), ...args];
const up = kairos('local', 'up', 'dev');

afterAll(async () => {
  await run(process.execPath, kairos('local', 'down'), options);
  rmSync(folder, { recursive: true, force: true });
});

/** @returns what Terraform has printed for a stack in the current run. */
function logOf(stack: string): string {
  const file = home.path('logs', `deploy-${stack}.log`);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/**
 * Points of `local up dev`: the condition that the point is reached, and the last line that a closing pipe
 * reads.
 */
const points: readonly (readonly [string, (command: StartedCommand) => boolean, string])[] = [
  ['looks for its tools', ({ text }) => text().includes('Look for'), 'Look for'],
  ['starts the cloud', ({ text }) => text().includes('Start the local cloud'), 'Start the local cloud'],
  ['synthesizes', ({ text }) => text().includes('Create the state buckets'), 'Create the state buckets'],
  ['deploys the foundation', () => logOf('kairos-foundation').includes('Creating...'), 'waits for keys'],
  [
    'deploys an environment',
    () => /(Refreshing state|Reading|Creating)\.\.\./.test(logOf('kairos-dev')),
    'pushes the image',
  ],
];
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGPIPE'] as const;
const trials = points.flatMap(([name, condition, line], index) =>
  signals.map((signal, other) => {
    // Each signal at each point, alternately in a pipe and in a terminal; the unit tests try all
    // combinations.
    const [place, start] = (index + other) % 2 === 0 ? inPipe : inTerminal;
    return { name, signal, place, start, condition, line };
  }),
);

describe('kairos local up', () => {
  it.each(trials)(
    'exits with the code of $signal when it is stopped while it $name, $place',
    async ({ name, signal, start, condition, line }) => {
      // The foundation was never interrupted.
      if (name === 'deploys an environment') await emptyCloud();
      rmSync(home.path('logs'), { recursive: true, force: true });
      const command =
        signal === 'SIGPIPE'
          ? start(...readUntil(line, process.execPath, up, 'both'), options)
          : start(process.execPath, up, options);
      if (signal !== 'SIGPIPE') {
        await until(() => condition(command), command);
        process.kill(command.pid, signal);
      }

      await expectCode(command, 128 + constants.signals[signal]);
      expect(terraformsHere()).toEqual([]);
      expect(await stateObjects()).toEqual({ locks: [], broken: [] });
      if (signal !== 'SIGPIPE') expectNextStep(command, signal);
      if (name === 'deploys an environment') await completes();
    },
  );
});

describe('kairos recover', () => {
  const stack = 'kairos-dev';
  const plan = () =>
    run(
      terraformCommand(shell),
      [`-chdir=${stackFolder(stack, shell)}`, 'plan', '-input=false', '-no-color', '-detailed-exitcode'],
      { ...options, shell: pointedShell() },
    );

  it('imports what a killed deploy created, so that the next deploy completes and creates nothing twice', async () => {
    await emptyCloud();
    const command = inPipe[1](process.execPath, up, options);
    await untilFunction(stack, command);
    killTerraform(stack);
    expect(await command.exited).toBe(1);

    const { lock, found, imported } = await recover();
    expect(lock?.holder).toMatch(/\(apply\)$/);
    expect(imported).toBe(true);
    expect(found.map(({ address }) => address)).toContain('aws_lambda_function.Backend');

    expectSuccess(await run(process.execPath, up, options));
    expect((await plan()).code).toBe(0);
    const { Items = [] } = await new ApiGatewayV2Client(clientOptions()).send(new GetApisCommand({}));
    expect(Items.map(({ Name }) => Name)).toEqual([stack]);
  });

  it('restores a state that was deleted', async () => {
    const s3 = new S3Client({ ...clientOptions(), forcePathStyle: true });
    const Bucket = stateBucketName(home.read()?.accountId ?? '', 'dev');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: `${stack}.tfstate` }));

    const { state, found } = await recover();
    expect(state).toMatchObject({ damage: { what: 'is gone' }, restored: true });
    expect(found).toEqual([]);
    expect((await plan()).code).toBe(0);
  });
});

describe('kairos local down', () => {
  it('stops a local cloud whose record is incomplete', async () => {
    const record = home.read();
    writeFileSync(home.path('cloud.json'), '{"pid": ');
    const { stdout } = expectSuccess(await run(process.execPath, kairos('local', 'down'), options));
    expect(stdout).toBe('the local cloud is down');
    expect(() => process.kill(record?.pid ?? 0, 0)).toThrow('ESRCH');
  });
});

/** The next `local up` deploys everything. */
async function emptyCloud(): Promise<void> {
  expectSuccess(await run(process.execPath, kairos('local', 'down'), options));
  rmSync(home.path('cdktf.out'), { recursive: true, force: true });
}

/** @throws with the output of the command and the last output of Terraform, if the exit code differs. */
async function expectCode(command: StartedCommand, expected: number): Promise<void> {
  const code = await command.exited;
  if (code === expected) return;
  const terraform = ['kairos-foundation', 'kairos-dev'].map((stack) => logOf(stack).slice(-1500));
  throw new Error(`exit code ${code} in place of ${expected}:\n${[command.text(), ...terraform].join('\n')}`);
}

async function recover() {
  const shell = pointedShell();
  const result = await run(process.execPath, kairos('recover', 'dev', '--yes', '--json'), {
    ...options,
    shell,
  });
  return recoverSchema.parse(JSON.parse(expectSuccess(result).stdout));
}

/**
 * Runs `local up` again after an interruption. Terraform cancels the pending requests, so a resource can
 * exist that no state contains. Then the command names `kairos recover`, and completes after it.
 */
async function completes(): Promise<void> {
  const next = await run(process.execPath, up, options);
  if (next.code === 0) return;
  expect(next.output).toContain('npx kairos recover dev');
  await recover();
  expectSuccess(await run(process.execPath, up, options));
}

/** Checks the output of a stopped command: what is live, and what to type. */
function expectNextStep(command: StartedCommand, signal: string): void {
  expect(command.text()).toMatch(
    new RegExp(`stopped by ${signal}: .*local cloud runs.*; next: .*continues.*stops it`),
  );
  expect(command.text()).not.toMatch(/error:|\n\s+at /);
}

/** @returns the environment of a shell that points to the local cloud. */
function pointedShell(): Shell {
  const record = home.read();
  if (record === undefined) throw new Error('the cloud does not run');
  return { ...shell, ...localVariables(record, home, shell) };
}

function clientOptions() {
  const record = home.read();
  if (record === undefined) throw new Error('the cloud does not run');
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { region: record.region, endpoint: endpointOf(record), credentials };
}

/** Waits until AWS has a function. @throws with the output of the command, if the command ends before. */
async function untilFunction(FunctionName: string, command: StartedCommand): Promise<void> {
  await until(() => home.read() !== undefined, command);
  const lambda = new LambdaClient(clientOptions());
  let [isThere, isAsked] = [false, false];
  await until(() => {
    if (!isAsked && !isThere) {
      isAsked = true;
      lambda.send(new GetFunctionCommand({ FunctionName })).then(
        () => {
          isThere = true;
        },
        () => {
          isAsked = false;
        },
      );
    }
    return isThere;
  }, command);
}

/** Kills Terraform like the kernel does when memory runs out: nothing is written, and no lock is removed. */
function killTerraform(stack: string): void {
  const pids = terraformsHere().filter((pid) => workingFolder(pid).trim().endsWith(stack));
  const providers = pids.flatMap((pid) =>
    spawnSync('pgrep', ['-P', pid], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean),
  );
  for (const pid of [...pids, ...providers]) process.kill(Number(pid), 'SIGKILL');
}

/** @returns the Terraform processes that work on a stack of this local cloud. */
function terraformsHere(): readonly string[] {
  const { stdout } = spawnSync('pgrep', ['-x', 'terraform'], { encoding: 'utf8' });
  return stdout.split('\n').filter((pid) => pid !== '' && workingFolder(pid).startsWith(folder));
}

function workingFolder(pid: string): string {
  return spawnSync('readlink', [`/proc/${pid}/cwd`], { encoding: 'utf8' }).stdout;
}

const stateSchema = z.object({ serial: z.int(), resources: z.array(z.unknown()) });

/** @returns the locks that are held, and the states that cannot be read. */
async function stateObjects(): Promise<{
  readonly locks: readonly string[];
  readonly broken: readonly string[];
}> {
  const record = home.read();
  const [locks, broken]: [string[], string[]] = [[], []];
  if (record === undefined) return { locks, broken };
  const s3 = new S3Client({
    region: record.region,
    endpoint: endpointOf(record),
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  for (const owner of stateOwners) {
    const Bucket = stateBucketName(record.accountId, owner);
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket })).catch(() => ({ Contents: [] }));
    for (const { Key = '' } of Contents ?? []) {
      if (Key.endsWith('.tflock')) locks.push(Key);
      else {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        const text = (await Body?.transformToString()) ?? '';
        if (!stateSchema.safeParse(JSON.parse(text)).success) broken.push(Key);
      }
    }
  }
  return { locks, broken };
}
