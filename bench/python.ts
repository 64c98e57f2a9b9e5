import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ensurePythonEnvironment } from '../cli/tools/python';

const backend = resolve(__dirname, '..', 'images', 'backend');

/** Runs a benchmark of images/backend/bench with the Python of its tests. */
async function main([name = '', ...args]: readonly string[]): Promise<void> {
  const python = await ensurePythonEnvironment({
    shell: process.env,
    requirements: [join(backend, 'requirements-dev.txt')],
    minimum: [3, 11],
  });
  process.exitCode =
    spawnSync(python, [join(backend, 'bench', `${name}.py`), ...args], { stdio: 'inherit' }).status ?? 1;
}

void main(process.argv.slice(2));
