import { GetAliasCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { releaseSchema, rollbackSchema } from '../../cli/schemas/release';
import type { DeployedCloud } from '../support/deployed-cloud';
import { Load } from '../support/load';
import { expectSuccess } from '../support/project';
import { ringAlarm } from '../support/ringing';
import { everyTrial } from '../support/trials';
import { ReleasedEnvironment, routes } from './released-environment';

const root = resolve(__dirname, '..', '..');

let dev: ReleasedEnvironment;

beforeAll(async () => {
  dev = await ReleasedEnvironment.up('canary');
});

afterAll(async () => {
  await dev.cloud.down();
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
    const digest = await dev.cloud.image(routes, failing);
    const load = new Load(dev.address);
    const result = await dev.release('--digest', digest, '--canary', '10', '--for', '120s');
    await load.stop();
    expect(result).toMatchObject({ outcome: 'rolled back', digest: dev.first, stateAgrees: true });
    expect(result.reason).toMatch(/^version \d+: \d+ of its \d+ requests failed/);
    expect(await dev.status('--drift')).toMatchObject({ drift: [], planned: [] });
  });

  it('that does well gets all requests, without a failed request', async () => {
    const load = new Load(dev.address);
    const result = await dev.release('--digest', dev.second, '--canary', '10', '--for', '10s');
    const { failed } = await load.stop();
    expect(result).toMatchObject({ outcome: 'released', digest: dev.second });
    expect(failed).toEqual([]);
    expect(await dev.status('--drift')).toMatchObject({ drift: [], planned: [] });
  });

  const endings: readonly (readonly [string, () => Promise<void>])[] = [
    [
      'is shown, kept by a plain deploy, and continued',
      async () => {
        await killTheWatcher(dev.third);
        const left = await dev.status('--drift');
        expect(left).toMatchObject({ canary: { share: 0.1 }, live: { digest: dev.second }, planned: [] });
        expect(left.next).toBe('npx kairos release dev --continue, or npx kairos rollback dev');
        const refused = await dev.kairos(['release', 'dev', '--digest', dev.first]);
        expect(refused.output).toContain('a canary is on in kairos-dev; end it first');
        const { stdout } = expectSuccess(await dev.kairos(['release', 'dev', '--continue', '--json']));
        expect(releaseSchema.parse(JSON.parse(stdout))).toMatchObject({
          outcome: 'released',
          digest: dev.third,
        });
        expect((await dev.status()).canary).toBeUndefined();
      },
    ],
    [
      'is ended by a rollback',
      async () => {
        await killTheWatcher(dev.second);
        const { stdout } = expectSuccess(await dev.kairos(['rollback', 'dev', '--json']));
        expect(rollbackSchema.parse(JSON.parse(stdout))).toMatchObject({
          digest: dev.third,
          stateAgrees: true,
        });
        const after = await dev.status('--drift');
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
      env: { ...dev.cloud.shell },
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
    canary = dev.kairos([
      'release',
      'dev',
      '--digest',
      dev.first,
      '--canary',
      '10',
      '--for',
      '600s',
      '--json',
    ]);
    while ((await dev.status()).lock === undefined) await pause(100);
    const impatient = await dev.kairos(['release', 'dev', '--digest', dev.second, '--lock-timeout', '0']);
    expect(impatient.code).toBe(1);
    expect(impatient.output).toMatch(
      /the state of kairos-dev is held by \S+@\S+ since .* UTC \((plan|apply)\)/,
    );
  });

  it('does not end the canary, but an alarm of the environment does, and the state agrees', async () => {
    const lambda = new LambdaClient(dev.cloud.clientOptions);
    const alias = () => lambda.send(new GetAliasCommand({ FunctionName: 'kairos-dev', Name: 'live' }));
    while (Object.keys((await alias()).RoutingConfig?.AdditionalVersionWeights ?? {}).length === 0)
      await pause(100);
    await ringAlarm('kairos-dev-errors', dev.cloud.clientOptions);
    const { code, stdout } = await canary;
    expect(code).toBe(1);
    expect(releaseSchema.parse(JSON.parse(stdout))).toMatchObject({
      outcome: 'rolled back',
      digest: dev.third,
      stateAgrees: true,
      reason: expect.stringMatching(
        /^version \d+: the alarm kairos-dev-errors went off; version \d+ \(sha256:\w+\) is live again$/,
      ) as unknown,
    });
    const after = await dev.status('--drift');
    expect(after).toMatchObject({ drift: [], planned: [] });
    expect((await alias()).FunctionVersion).toBe(after.live.version);
    expect(after.canary).toBeUndefined();
  });

  let canary: ReturnType<DeployedCloud['kairos']>;
});
