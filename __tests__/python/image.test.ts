import { join, resolve } from 'node:path';
import { ensurePythonEnvironment } from '../../cli/tools/python';
import { run } from '../../cli/process';

const root = resolve(__dirname, '..', '..');
const backend = join(root, 'images', 'backend');
const environmentOf = (...requirements: readonly string[]) =>
  ensurePythonEnvironment({ shell: process.env, requirements, minimum: [3, 11] });

describe('the start-up module of the image', () => {
  it('passes all its tests, with a local cloud', async () => {
    const python = await environmentOf(join(backend, 'requirements-dev.txt'));
    const emulator = await environmentOf(join(root, 'emulator', 'requirements.txt'));
    const { code, output } = await run(python, ['-m', 'pytest', '-p', 'no:cacheprovider'], {
      cwd: backend,
      shell: { ...process.env, KAIROS_EMULATOR_PYTHON: emulator, PYTHONDONTWRITEBYTECODE: '1' },
    });
    const summary = output.trim().split('\n').at(-1) ?? '';
    process.stderr.write(`  images/backend: ${summary}\n`);
    expect(code === 0 ? summary : output).toMatch(/^\d+ passed(?!.*skipped)/);
  });
});
