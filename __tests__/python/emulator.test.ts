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

// Ends what hangs: a thousand tests beside two other tiers take minutes.
const timeLimit = 1_200_000;

it.each([
  ['ruff check', ['-m', 'ruff', 'check', '.']],
  ['ruff format', ['-m', 'ruff', 'format', '--check', '.']],
  ['pytest emulator', ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'emulator/tests']],
])(
  '%s',
  async (_, args) => {
    // Each of the clouds that the tests start would otherwise compile the emulator anew.
    const shell = { ...process.env, PYTHONDONTWRITEBYTECODE: '' };
    const { code, output } = await run(python, args, { cwd: root, shell });
    // Not compared as a whole: the output is what the reader of a failure needs.
    if (code !== 0) throw new Error(output);
    expect(output).toMatch(/passed|already formatted/);
  },
  timeLimit,
);

it('has its packages compiled, whatever a shell says of writing that', async () => {
  const shell = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const { code, stdout } = await run(python, ['-c', compiledFile], { shell });
  expect({ code, exists: existsSync(stdout.trim()) }).toEqual({ code: 0, exists: true });
});
