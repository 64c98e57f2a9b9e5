import { GetAliasCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';
import { releaseSchema, rollbackSchema, statusSchema as anyStatusSchema } from '../../cli/schemas/release';
import { Load } from '../support/load';
import { DeployedCloud } from '../support/deployed-cloud';
import { expectSuccess } from '../support/project';
import { publishTwoVersions } from '../support/two-versions';
import { ringAlarm } from '../support/ringing';
import { everyTrial } from '../support/trials';

const root = resolve(__dirname, '..', '..');
const routes = 'kairos/routes/root.py';
const greeting = 'Hello from Kairos';

/** Of an environment in which something is live. */
const statusSchema = anyStatusSchema.required({ live: true, url: true });

let cloud: DeployedCloud;
let door = '';
/** The digests, by what the image does. */
const images: Record<string, string> = {};

const says = (words: string) => (text: string) => text.replace(greeting, words);

beforeAll(async () => {
  cloud = await DeployedCloud.up('release', 'dev');
  door = (cloud.shell.KAIROS_CONNECT_TO ?? '').replace(/^[^=]*=/, '').split(' ')[0] ?? '';
  images.first = (await status()).live.digest;
  images.second = await cloud.image(routes, says('Hello, second'));
  images.third = await cloud.image(routes, says('Hello, third'));
});

afterAll(async () => {
  await cloud.down();
});

async function status(...args: readonly string[]): Promise<z.infer<typeof statusSchema>> {
  const { stdout } = expectSuccess(await cloud.kairos(['status', 'dev', '--json', ...args]));
  return statusSchema.parse(JSON.parse(stdout));
}

async function release(...args: readonly string[]): Promise<z.infer<typeof releaseSchema>> {
  const { stdout, output } = await cloud.kairos(['release', 'dev', '--json', ...args]);
  if (stdout === '') throw new Error(output);
  return releaseSchema.parse(JSON.parse(stdout));
}

/** What a client reads now. */
async function answer(): Promise<string> {
  return (await fetch(`${door}/api/v1/`)).text();
}

describe('a good release', () => {
  it('goes live under load without a failed request', async () => {
    const load = new Load(`${door}/api/v1/`);
    const result = await release('--digest', images.second ?? '');
    const { requests, failed } = await load.stop();
    expect(result).toMatchObject({ outcome: 'released', digest: images.second, stateAgrees: true });
    expect(await answer()).toContain('Hello, second');
    expect(failed).toEqual([]);
    expect(requests).toBeGreaterThan(100);
  });

  it('changes nothing the second time', async () => {
    const before = await status();
    // The name of these credentials in AWS.
    expect(before.live.releasedBy).toBe('root');
    expect(await release('--digest', images.second ?? '')).toMatchObject({ outcome: 'unchanged' });
    expect((await status()).live).toEqual(before.live);
  });

  it('leaves a plan without changes, and no next step', async () => {
    expect(await status('--drift')).toMatchObject({ drift: [], planned: [], smoke: { passed: true } });
    expect((await status()).next).toBeUndefined();
  });
});

describe('a release that fails', () => {
  const broken: readonly (readonly [string, string, (text: string) => string, RegExp])[] = [
    [
      'whose routes answer 500',
      routes,
      (text) => text.replace(/return Message\(message="Hello from Kairos"\)/, 'raise RuntimeError("broken")'),
      /GET \S+\/api\/v1\/ answered 500/,
    ],
    [
      'that never starts',
      'kairos/main.py',
      (text) => `import not_there\n${text}`,
      /GET \S+\/api\/v1\/ answered 50\d/,
    ],
    [
      'whose lifespan hangs',
      'kairos/main.py',
      (text) =>
        text
          .replace('from collections.abc', 'import asyncio\nfrom collections.abc')
          .replace('    print("Opening the store...")', '    await asyncio.sleep(3600)'),
      /GET \S+\/api\/v1\/ (answered 50\d|gave no answer)/,
    ],
    [
      'that lost a path of its API',
      routes,
      (text) => text.replace('@router.get("/mongodb")', '@router.get("/elsewhere")'),
      /openapi.json lost \/api\/v1\/mongodb, which the previous release had/,
    ],
  ];

  it.each(broken.filter((_, index) => everyTrial || index % 3 === 0))(
    '%s is rolled back, first the alias, then the state',
    async (_, file, change, reason) => {
      const digest = await cloud.image(file, change);
      const { code, stdout, output } = await cloud.kairos(['release', 'dev', '--digest', digest, '--json']);
      expect(code).toBe(1);
      const result = releaseSchema.parse(JSON.parse(stdout));
      expect(result).toMatchObject({ outcome: 'rolled back', digest: images.second, stateAgrees: true });
      expect(result.reason).toMatch(reason);
      expect(result.reason).not.toContain('\n');
      const [back, agrees] = [
        'is live again in kairos-dev',
        `deploys kairos-dev with ${result.digest.slice(0, 19)} …`,
      ];
      expect(output).toMatch(new RegExp(`${back}[^]*${agrees}`));
      expect(await answer()).toContain('Hello, second');
      expect(await status('--drift')).toMatchObject({ drift: [], planned: [] });
    },
  );

  it.each(['init', 'apply'])('whose terraform %s is killed changes nothing, and says so', async (command) => {
    const before = await status();
    const { code, output } = await cloud.kairos(['release', 'dev', '--digest', images.third ?? ''], {
      TERRAFORM_BINARY_NAME: join(root, '__tests__', 'support', 'ending', 'terraform.js'),
      FAKE_TERRAFORM_KILLED: command,
    });
    expect({ output, code }).toEqual({
      output: expect.stringContaining('cdktf deploy kairos-dev failed') as unknown,
      code: 1,
    });
    expect(await status()).toEqual(before);
  });

  it('of an image that ECR does not have changes nothing', async () => {
    const before = await status();
    const { code, output } = await cloud.kairos(['release', 'dev', '--digest', `sha256:${'0'.repeat(64)}`]);
    expect(code).toBe(1);
    expect(output).toContain(`ECR has no image kairos@sha256:${'0'.repeat(64)}`);
    expect(await status()).toEqual(before);
  });
});

describe('promote', () => {
  it('releases exactly what is live in the other environment, under load without a failed request', async () => {
    // Nobody deploys the other environment here. Promotion only reads the record that a release leaves.
    await publishTwoVersions(cloud, { older: images.first ?? '', newer: images.third ?? '' }, 'staging');
    const load = new Load(`${door}/api/v1/`);
    const { stdout } = expectSuccess(await cloud.kairos(['promote', 'staging', 'dev', '--json']));
    const { failed } = await load.stop();
    expect(releaseSchema.parse(JSON.parse(stdout))).toMatchObject({
      outcome: 'released',
      digest: images.third,
      stateAgrees: true,
    });
    expect(failed).toEqual([]);
    expect(await answer()).toContain('Hello, third');
  });
});

describe('rollback', () => {
  it('returns to the previous image under load, without a failed request, and the state agrees', async () => {
    const load = new Load(`${door}/api/v1/`);
    const { stdout } = expectSuccess(await cloud.kairos(['rollback', 'dev', '--json']));
    const { requests, failed } = await load.stop();
    const result = rollbackSchema.parse(JSON.parse(stdout));
    expect(result).toMatchObject({
      outcome: 'rolled back',
      digest: images.second,
      stateAgrees: true,
      answers: true,
    });
    expect(result.secondsToAnswer).toBeLessThan(5);
    expect(failed).toEqual([]);
    expect(requests).toBeGreaterThan(100);
    process.stderr.write(
      `  rollback: first answer of the earlier version after ${result.secondsToAnswer} s\n`,
    );
    expect(await answer()).toContain('Hello, second');
  });

  it('is kept by the next plain deploy: its plan is empty', async () => {
    expect(await status('--drift')).toMatchObject({ planned: [] });
  });

  it('skips images that were rolled back, and returns to the image before them', async () => {
    const { stdout } = expectSuccess(await cloud.kairos(['rollback', 'dev', '--json', '--alias-only']));
    const { digest, stateAgrees, remark } = rollbackSchema.parse(JSON.parse(stdout));
    expect({ digest, stateAgrees }).toEqual({ digest: images.first, stateAgrees: false });
    expect(remark).toMatch(/the next plan will show that the alias moves from version 1 to \d+/);
    expect(await answer()).toContain(greeting);
  });

  it('with --alias-only leaves one change in the plan, and status names the command that comes next', async () => {
    const { planned, drift, next } = await status('--drift');
    expect(planned).toEqual(['aws_lambda_alias.Backend_Alias_F9D4E837 will be updated in-place']);
    expect(drift[0]).toMatch(/the alias is at version 1, after the last apply it was at \d+/);
    expect(next).toBe('npx kairos rollback dev --to 1');
  });

  it('with --alias-only prevents a promotion, because the state differs', async () => {
    const { code, output } = await cloud.kairos(['promote', 'dev', 'staging']);
    expect(code).toBe(1);
    expect(output).toMatch(/kairos-dev runs version 1 .* and its state says version \d+/);
  });

  it('is completed by the command that status names', async () => {
    const { stdout } = expectSuccess(await cloud.kairos(['rollback', 'dev', '--to', '1', '--json']));
    expect(rollbackSchema.parse(JSON.parse(stdout))).toMatchObject({
      digest: images.first,
      stateAgrees: true,
    });
    expect(await status('--drift')).toMatchObject({ drift: [], planned: [] });
  });

  it('lists the versions within 80 columns, without escape codes', async () => {
    const { stdout } = expectSuccess(await cloud.kairos(['rollback', 'dev', '--list']));
    expect(stdout).not.toContain('\u001b');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('refuses a version that does not exist', async () => {
    const { code, output } = await cloud.kairos(['rollback', 'dev', '--to', '99']);
    expect(code).toBe(1);
    expect(output).toMatch(/no version of kairos-dev is or runs 99/);
  });
});

describe('a canary', () => {
  const failing = (text: string) =>
    text
      .replace('router = APIRouter(tags=["root"])', 'router = APIRouter(tags=["root"])\nasked = 0')
      .replace(
        '    return Message(message="Hello from Kairos")',
        '    global asked\n    asked += 1\n    if asked % 10 == 0:\n        raise RuntimeError("the tenth")\n    return Message(message="Hello, tenth")',
      );

  it('that fails every tenth request is rolled back', async () => {
    const digest = await cloud.image(routes, failing);
    const load = new Load(`${door}/api/v1/`);
    const result = await release('--digest', digest, '--canary', '10', '--for', '120s');
    await load.stop();
    expect(result).toMatchObject({ outcome: 'rolled back', digest: images.first, stateAgrees: true });
    expect(result.reason).toMatch(/^version \d+: \d+ of its \d+ requests failed/);
    expect(await status('--drift')).toMatchObject({ drift: [], planned: [] });
  });

  it('that does well gets all requests, without a failed request', async () => {
    const load = new Load(`${door}/api/v1/`);
    const result = await release('--digest', images.second ?? '', '--canary', '10', '--for', '10s');
    const { failed } = await load.stop();
    expect(result).toMatchObject({ outcome: 'released', digest: images.second });
    expect(failed).toEqual([]);
    expect(await status('--drift')).toMatchObject({ drift: [], planned: [] });
  });

  const endings: readonly (readonly [string, () => Promise<void>])[] = [
    [
      'is shown, kept by a plain deploy, and continued',
      async () => {
        await killTheWatcher(images.third ?? '');
        const left = await status('--drift');
        expect(left).toMatchObject({ canary: { share: 0.1 }, live: { digest: images.second }, planned: [] });
        expect(left.next).toBe('npx kairos release dev --continue, or npx kairos rollback dev');
        const refused = await cloud.kairos(['release', 'dev', '--digest', images.first ?? '']);
        expect(refused.output).toContain('a canary is on in kairos-dev; end it first');
        const { stdout } = expectSuccess(await cloud.kairos(['release', 'dev', '--continue', '--json']));
        expect(releaseSchema.parse(JSON.parse(stdout))).toMatchObject({
          outcome: 'released',
          digest: images.third,
        });
        expect((await status()).canary).toBeUndefined();
      },
    ],
    [
      'is ended by a rollback',
      async () => {
        await killTheWatcher(images.second ?? '');
        const { stdout } = expectSuccess(await cloud.kairos(['rollback', 'dev', '--json']));
        expect(rollbackSchema.parse(JSON.parse(stdout))).toMatchObject({
          digest: images.third,
          stateAgrees: true,
        });
        const after = await status('--drift');
        expect(after).toMatchObject({ drift: [], planned: [] });
        expect(after.canary).toBeUndefined();
      },
    ],
  ];

  it.each(endings.filter((_, index) => everyTrial || index === 0))('whose command was killed %s', (_, end) =>
    end(),
  );

  /** Begins a canary, and kills only the command, when the alias has its weights. */
  async function killTheWatcher(digest: string): Promise<void> {
    const args = ['release', 'dev', '--digest', digest, '--canary', '10', '--for', '600s'];
    const child = spawn(process.execPath, [join('bin', 'kairos.js'), ...args], {
      cwd: root,
      env: { ...cloud.shell },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await new Promise<void>((found, lost) => {
      child.stderr.on('data', (text: Buffer) => {
        if (String(text).includes('canary, 0 of 600 s')) found();
      });
      child.once('exit', () => {
        lost(new Error('the release ended before it was watched'));
      });
    });
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
  }
});

describe('a release while a canary begins', () => {
  it('is refused by the lock, and says who holds it', async () => {
    canary = cloud.kairos([
      'release',
      'dev',
      '--digest',
      images.first ?? '',
      '--canary',
      '10',
      '--for',
      '600s',
      '--json',
    ]);
    while ((await status()).lock === undefined) await pause(100);
    const impatient = await cloud.kairos([
      'release',
      'dev',
      '--digest',
      images.second ?? '',
      '--lock-timeout',
      '0',
    ]);
    expect(impatient.code).toBe(1);
    expect(impatient.output).toMatch(
      /the state of kairos-dev is held by \S+@\S+ since .* UTC \((plan|apply)\)/,
    );
  });

  it('does not end the canary, but an alarm of the environment does, and the state agrees', async () => {
    const lambda = new LambdaClient(cloud.clientOptions);
    const alias = () => lambda.send(new GetAliasCommand({ FunctionName: 'kairos-dev', Name: 'live' }));
    while (Object.keys((await alias()).RoutingConfig?.AdditionalVersionWeights ?? {}).length === 0)
      await pause(100);
    await ringAlarm('kairos-dev-errors', cloud.clientOptions);
    const { code, stdout } = await canary;
    expect(code).toBe(1);
    expect(releaseSchema.parse(JSON.parse(stdout))).toMatchObject({
      outcome: 'rolled back',
      digest: images.third,
      stateAgrees: true,
      reason: expect.stringMatching(
        /^version \d+: the alarm kairos-dev-errors went off; version \d+ \(sha256:\w+\) is live again$/,
      ) as unknown,
    });
    const after = await status('--drift');
    expect(after).toMatchObject({ drift: [], planned: [] });
    expect((await alias()).FunctionVersion).toBe(after.live.version);
    expect(after.canary).toBeUndefined();
  });

  let canary: ReturnType<DeployedCloud['kairos']>;
});
