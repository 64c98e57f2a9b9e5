import { join, resolve } from 'node:path';
import { releaseSchema, rollbackSchema } from '../../cli/schemas/release';
import { Load } from '../support/load';
import { expectSuccess } from '../support/project';
import { everyTrial } from '../support/trials';
import { publishTwoVersions } from '../support/two-versions';
import { greeting, ReleasedEnvironment, routes } from './released-environment';

const root = resolve(__dirname, '..', '..');

let dev: ReleasedEnvironment;

beforeAll(async () => {
  dev = await ReleasedEnvironment.up('release');
});

afterAll(async () => {
  await dev.cloud.down();
});

describe('a good release', () => {
  it('goes live under load without a failed request', async () => {
    const load = new Load(dev.address);
    const result = await dev.release('--digest', dev.second);
    const { requests, failed } = await load.stop();
    expect(result).toMatchObject({ outcome: 'released', digest: dev.second, stateAgrees: true });
    expect(await dev.answer()).toContain('Hello, second');
    expect(failed).toEqual([]);
    expect(requests).toBeGreaterThan(100);
  });

  it('changes nothing the second time', async () => {
    const before = await dev.status();
    // The name of these credentials in AWS.
    expect(before.live.releasedBy).toBe('root');
    expect(await dev.release('--digest', dev.second)).toMatchObject({ outcome: 'unchanged' });
    expect((await dev.status()).live).toEqual(before.live);
  });

  it('leaves a plan without changes, and no next step', async () => {
    expect(await dev.status('--drift')).toMatchObject({ drift: [], planned: [], smoke: { passed: true } });
    expect((await dev.status()).next).toBeUndefined();
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
      const digest = await dev.cloud.image(file, change);
      const { code, stdout, output } = await dev.kairos(['release', 'dev', '--digest', digest, '--json']);
      expect(code).toBe(1);
      const result = releaseSchema.parse(JSON.parse(stdout));
      expect(result).toMatchObject({ outcome: 'rolled back', digest: dev.second, stateAgrees: true });
      expect(result.reason).toMatch(reason);
      expect(result.reason).not.toContain('\n');
      const [back, agrees] = [
        'is live again in kairos-dev',
        `deploys kairos-dev with ${result.digest.slice(0, 19)} …`,
      ];
      expect(output).toMatch(new RegExp(`${back}[^]*${agrees}`));
      expect(await dev.answer()).toContain('Hello, second');
      expect(await dev.status('--drift')).toMatchObject({ drift: [], planned: [] });
    },
  );

  it.each(['init', 'apply'])('whose terraform %s is killed changes nothing, and says so', async (command) => {
    const before = await dev.status();
    const { code, output } = await dev.kairos(['release', 'dev', '--digest', dev.third], {
      TERRAFORM_BINARY_NAME: join(root, '__tests__', 'support', 'ending', 'terraform.js'),
      FAKE_TERRAFORM_KILLED: command,
    });
    expect({ output, code }).toEqual({
      output: expect.stringContaining('cdktf deploy kairos-dev failed') as unknown,
      code: 1,
    });
    expect(await dev.status()).toEqual(before);
  });

  it('of an image that ECR does not have changes nothing', async () => {
    const before = await dev.status();
    const { code, output } = await dev.kairos(['release', 'dev', '--digest', `sha256:${'0'.repeat(64)}`]);
    expect(code).toBe(1);
    expect(output).toContain(`ECR has no image kairos@sha256:${'0'.repeat(64)}`);
    expect(await dev.status()).toEqual(before);
  });
});

describe('promote', () => {
  it('releases exactly what is live in the other environment, under load without a failed request', async () => {
    // Nobody deploys the other environment here. Promotion only reads the record that a release leaves.
    await publishTwoVersions(dev.cloud, { older: dev.first, newer: dev.third }, 'staging');
    const load = new Load(dev.address);
    const { stdout } = expectSuccess(await dev.kairos(['promote', 'staging', 'dev', '--json']));
    const { failed } = await load.stop();
    expect(releaseSchema.parse(JSON.parse(stdout))).toMatchObject({
      outcome: 'released',
      digest: dev.third,
      stateAgrees: true,
    });
    expect(failed).toEqual([]);
    expect(await dev.answer()).toContain('Hello, third');
  });
});

describe('rollback', () => {
  it('returns to the previous image under load, without a failed request, and the state agrees', async () => {
    const load = new Load(dev.address);
    const { stdout } = expectSuccess(await dev.kairos(['rollback', 'dev', '--json']));
    const { requests, failed } = await load.stop();
    const result = rollbackSchema.parse(JSON.parse(stdout));
    expect(result).toMatchObject({
      outcome: 'rolled back',
      digest: dev.second,
      stateAgrees: true,
      answers: true,
    });
    expect(result.secondsToAnswer).toBeLessThan(5);
    expect(failed).toEqual([]);
    expect(requests).toBeGreaterThan(100);
    process.stderr.write(
      `  rollback: first answer of the earlier version after ${result.secondsToAnswer} s\n`,
    );
    expect(await dev.answer()).toContain('Hello, second');
  });

  it('is kept by the next plain deploy: its plan is empty', async () => {
    expect(await dev.status('--drift')).toMatchObject({ planned: [] });
  });

  it('skips images that were rolled back, and returns to the image before them', async () => {
    const { stdout } = expectSuccess(await dev.kairos(['rollback', 'dev', '--json', '--alias-only']));
    const { digest, stateAgrees, remark } = rollbackSchema.parse(JSON.parse(stdout));
    expect({ digest, stateAgrees }).toEqual({ digest: dev.first, stateAgrees: false });
    expect(remark).toMatch(/the next plan will show that the alias moves from version 1 to \d+/);
    expect(await dev.answer()).toContain(greeting);
  });

  it('with --alias-only leaves one change in the plan, and status names the command that comes next', async () => {
    const { planned, drift, next } = await dev.status('--drift');
    expect(planned).toEqual(['aws_lambda_alias.Backend_Alias_F9D4E837 will be updated in-place']);
    expect(drift[0]).toMatch(/the alias is at version 1, after the last apply it was at \d+/);
    expect(next).toBe('npx kairos rollback dev --to 1');
  });

  it('with --alias-only prevents a promotion, because the state differs', async () => {
    const { code, output } = await dev.kairos(['promote', 'dev', 'staging']);
    expect(code).toBe(1);
    expect(output).toMatch(/kairos-dev runs version 1 .* and its state says version \d+/);
  });

  it('is completed by the command that status names', async () => {
    const { stdout } = expectSuccess(await dev.kairos(['rollback', 'dev', '--to', '1', '--json']));
    expect(rollbackSchema.parse(JSON.parse(stdout))).toMatchObject({
      digest: dev.first,
      stateAgrees: true,
    });
    expect(await dev.status('--drift')).toMatchObject({ drift: [], planned: [] });
  });

  it('lists the versions within 80 columns, without escape codes', async () => {
    const { stdout } = expectSuccess(await dev.kairos(['rollback', 'dev', '--list']));
    expect(stdout).not.toContain('\u001b');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('refuses a version that does not exist', async () => {
    const { code, output } = await dev.kairos(['rollback', 'dev', '--to', '99']);
    expect(code).toBe(1);
    expect(output).toMatch(/no version of kairos-dev is or runs 99/);
  });
});
