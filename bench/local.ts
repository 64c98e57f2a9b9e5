import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ensurePythonEnvironment } from '../cli/tools/python';

const root = resolve(__dirname, '..');

/** Measures the local cloud in the Python that its tests run in. */
async function main(): Promise<void> {
  const python = await ensurePythonEnvironment({
    shell: process.env,
    requirements: [join(root, 'emulator', 'requirements-dev.txt')],
    minimum: [3, 10],
  });
  process.exitCode = spawnSync(python, [join(root, 'bench', 'local.py')], { stdio: 'inherit' }).status ?? 1;
}

void main();
