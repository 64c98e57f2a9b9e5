import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { run } from '../../cli/process';
import { codeOf } from '../../errors';
import { FakeRegistry } from '../support/fake-registry';
import { everyTrial } from '../support/trials';
import { inPipe, inTerminal, places, readUntil, until } from '../support/started-command';

/**
 * The real command, as typed for AWS, with the real cdktf. The provider needs a Docker daemon to build, so a
 * fake Terraform waits where the provider would work, and a fake registry delays a response.
 */
const root = resolve(__dirname, '..', '..');
const room = mkdtempSync(join(tmpdir(), 'kairos-push-'));
const source = join(room, 'source');
const notes = join(room, 'notes');
const ending = join(root, '__tests__', 'support', 'ending');
const registry = new FakeRegistry();
const shell = {
  ...process.env,
  KAIROS_LOCAL_HOME: join(room, 'home'),
  CDKTF_OUTDIR: join(room, 'cdktf.out'),
  KAIROS_BACKEND_PATH: source,
  KAIROS_IMAGE_DIGEST: undefined,
  TERRAFORM_BINARY_NAME: join(ending, 'terraform.js'),
  FAKE_TERRAFORM_NOTES: notes,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  CHECKPOINT_DISABLE: '1',
  NO_COLOR: '1',
  FORCE_COLOR: undefined,
  CI: undefined,
  TERM: 'xterm',
};
const pushed = () => ({ shell: { ...shell, AWS_ENDPOINT_URL: registry.endpoint }, cwd: root });
const kairos = (...args: string[]) => [join(root, 'bin', 'kairos.js'), 'image', ...args];
const config = JSON.stringify({ os: 'linux', architecture: 'amd64' });
const read = () => (existsSync(notes) ? readFileSync(notes, 'utf8') : '');
let tag = '';

beforeAll(async () => {
  await registry.start();
  cpSync(join(root, 'examples', 'backend'), source, { recursive: true });
  // No state contains it from an earlier push.
  writeFileSync(join(source, 'kairos', 'new.py'), '');
  tag = (await run(process.execPath, kairos('tag'), pushed())).stdout.trim();
});
afterAll(() => {
  registry.stop();
  rmSync(room, { recursive: true, force: true });
});
beforeEach(() => {
  rmSync(notes, { force: true });
  registry.images.length = 0;
  registry.built.length = 0;
  registry.asked.length = 0;
  registry.held = undefined;
});

/** A point of a push at which something waits without end, and what is left after the command is stopped. */
interface Point {
  readonly point: string;
  /** The call of AWS that gets no response. */
  readonly held?: string;
  /** Whether ECR has the image already. */
  readonly present?: true;
  /** The variables that make a child process wait. */
  readonly shell?: Readonly<Record<string, string>>;
  readonly notes?: string;
  readonly live: RegExp;
}

const mayBeThere = /ECR may have src-[0-9a-f]+ already, and nothing runs it/;
const holds = (command: string) => ({ FAKE_TERRAFORM_HOLDS: command });
const inOrder = (command: string) => `${command} begun\n${command} ended\n`;
const heldSynth = { NODE_OPTIONS: `--require ${join(ending, 'held-synth.js')}` };

/** Points at which the command only waits for a response. They are fast to reach. */
const answers: readonly Point[] = [
  {
    point: 'reads the account of the credentials',
    held: 'GetCallerIdentity',
    live: /nothing was built or pushed/,
  },
  { point: 'checks whether ECR has the image', held: 'DescribeImages', live: mayBeThere },
  { point: 'checks the image', held: 'BatchGetImage', present: true, live: mayBeThere },
];

/** Points at which cdktf is running. */
const works: readonly Point[] = [
  { point: 'stages the context', shell: heldSynth, notes: 'synth begun\n', live: mayBeThere },
  { point: 'runs terraform init', shell: holds('init'), notes: inOrder('init'), live: mayBeThere },
  { point: 'builds and pushes', shell: holds('apply'), notes: inOrder('apply'), live: mayBeThere },
];

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const trials = [
  ...answers.flatMap((point, row) =>
    signals.flatMap((signal, column) =>
      places.map(([place, start], turn) => ({
        ...{ ...point, signal, place, start },
        isShown: row === column && turn === row % 2,
      })),
    ),
  ),
  // Alternately in a pipe and in a terminal; the unit tests try all combinations.
  ...works.flatMap((point, index) =>
    signals.map((signal, other) => {
      const [place, start] = (index + other) % 2 === 0 ? inPipe : inTerminal;
      return { ...point, signal, place, start, isShown: index === (other + 1) % 3 };
    }),
  ),
].filter(({ isShown }) => everyTrial || isShown);

describe('kairos image push', () => {
  it.each(trials)(
    'exits with the code of $signal when it is stopped while it $point, $place',
    async ({ start, signal, ...point }) => {
      registry.held = point.held;
      if (point.present) registry.images.push({ tag, config });
      const options = pushed();
      const command = start(process.execPath, kairos('push'), {
        ...options,
        shell: { ...options.shell, ...point.shell },
      });
      const isThere = () =>
        point.held === undefined ? read().includes('begun') : registry.asked.includes(point.held);
      await until(isThere, command);
      process.kill(command.pid, signal);

      expect(await command.exited).toBe(128 + constants.signals[signal]);
      expect(read()).toBe(point.notes ?? '');
      expect(stillAtWork()).toEqual([]);
      const said = command.text();
      expect(said).toMatch(
        new RegExp(`stopped by ${signal}: ${point.live.source}; next: npx kairos image push`),
      );
      expect(said.match(/next: /g)).toHaveLength(1);
      expect(said).not.toMatch(/error:|\n\s+at /);
    },
  );

  it.each([
    {
      line: 'placeholder',
      point: 'is synthesized',
      left: inOrder('init'),
      more: holds('init'),
      place: inPipe,
    },
    {
      line: 'still at work',
      point: 'runs terraform init',
      left: inOrder('init'),
      more: holds('init'),
      place: inTerminal,
    },
    {
      line: 'still at work',
      point: 'builds and pushes',
      left: inOrder('apply'),
      more: holds('apply'),
      place: inPipe,
    },
    { line: 'No outputs', point: 'has built', left: '', more: {}, place: inTerminal },
  ])(
    'exits with the code of SIGPIPE if its reader is gone once it $point',
    async ({ line, left, more, place: [, start] }) => {
      registry.built.push({ tag, config });
      const options = pushed();
      const command = start(...readUntil(line, process.execPath, kairos('push'), 'both'), {
        ...options,
        shell: { ...options.shell, ...more },
      });

      expect(await command.exited).toBe(128 + constants.signals.SIGPIPE);
      expect(read()).toBe(left);
      expect(stillAtWork()).toEqual([]);
    },
  );

  it('exits with the code of SIGPIPE if its reader is gone before it prints what ECR has', async () => {
    registry.images.push({ tag, config });
    const line = 'set -o pipefail; "$0" "$@" 2>&1 | true';
    const command = inPipe[1]('bash', ['-c', line, process.execPath, ...kairos('push')], pushed());
    expect(await command.exited).toBe(128 + constants.signals.SIGPIPE);
    expect(stillAtWork()).toEqual([]);
  });

  it('succeeds after all of these', async () => {
    registry.built.push({ tag, config });
    const { code, output, stdout } = await run(process.execPath, [...kairos('push'), '--json'], pushed());
    if (code !== 0) throw new Error(output);
    expect(resultSchema.parse(JSON.parse(stdout))).toEqual({ tag, pushed: true });
  });

  it.each(['init', 'apply'])('fails if terraform %s is killed', async (command) => {
    const options = pushed();
    const { code, output } = await run(process.execPath, kairos('push'), {
      ...options,
      shell: { ...options.shell, FAKE_TERRAFORM_KILLED: command },
    });
    expect({ output, code }).toEqual({
      output: expect.stringMatching(/exit code 137[^]*the image was not pushed/) as unknown,
      code: 1,
    });
    expect(output).not.toMatch(/\n\s+at /);
  });
});

const resultSchema = z.object({ tag: z.string(), pushed: z.boolean() });

/** @returns the processes of a push that still run: the path of the test's folder is in their environment. */
function stillAtWork(): readonly string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && environmentOf(pid).includes(room));
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch (error) {
    // It has ended in the meantime, or belongs to another user.
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(String(codeOf(error)))) return '';
    throw error;
  }
}
