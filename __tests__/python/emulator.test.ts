import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ensureEmulatorPython } from '../../scripts/emulator-python';
import { run } from '../../cli/process';

const root = resolve(__dirname, '..', '..');

let python = '';
beforeAll(async () => {
  python = await ensureEmulatorPython();
});

const compiledFile = `
import importlib.util
print(importlib.util.cache_from_source(importlib.util.find_spec('ministack').origin))
`;

// Most of their time is waiting. All tests of a file use one local cloud, so a file stays in one process.
const inParallel = ['-n', '4', '--dist', 'loadfile'];

// Stops tests that hang: a thousand tests take minutes if two other tiers run at the same time.
const timeLimit = 1_200_000;

it.each([
  ['ruff check', ['-m', 'ruff', 'check', '.']],
  ['ruff format', ['-m', 'ruff', 'format', '--check', '.']],
  ['pytest emulator', ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', ...inParallel, 'emulator/tests']],
])(
  '%s',
  async (_, args) => {
    // Otherwise each local cloud of the tests would compile the emulator again.
    const shell = { ...process.env, PYTHONDONTWRITEBYTECODE: '' };
    const { code, output } = await run(python, args, { cwd: root, shell });
    // Not compared as a whole, so that a failure shows the output.
    if (code !== 0) throw new Error(output);
    expect(output).toMatch(/passed|already formatted/);
  },
  timeLimit,
);

it('compiles its packages, even if the shell turns off bytecode', async () => {
  const shell = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const { code, stdout } = await run(python, ['-c', compiledFile], { shell });
  expect({ code, exists: existsSync(stdout.trim()) }).toEqual({ code: 0, exists: true });
});
