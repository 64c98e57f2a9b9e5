import { join, resolve } from 'node:path';
import { ensurePythonEnvironment } from '../../cli/tools/python';
import { run } from '../../cli/process';

const root = resolve(__dirname, '..', '..');

let python = '';
beforeAll(async () => {
  python = await ensurePythonEnvironment({
    shell: process.env,
    requirements: [join(root, 'emulator', 'requirements-dev.txt')],
    minimum: [3, 10],
  });
});

// Ends what hangs: a thousand tests beside two other tiers take minutes.
const timeLimit = 1_200_000;

it.each([
  ['ruff check', ['-m', 'ruff', 'check', '.']],
  ['ruff format', ['-m', 'ruff', 'format', '--check', '.']],
  ['pytest emulator', ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'emulator/tests']],
])(
  '%s',
  async (_, args) => {
    const { code, output } = await run(python, args, { cwd: root, shell: process.env });
    // Not compared as a whole: the output is what the reader of a failure needs.
    if (code !== 0) throw new Error(output);
    expect(output).toMatch(/passed|already formatted/);
  },
  timeLimit,
);
