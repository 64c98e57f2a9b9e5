import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ensureEmulatorPython } from '../scripts/emulator-python';

const root = resolve(__dirname, '..');

/** Measures the local cloud with the Python of its tests. */
async function main(): Promise<void> {
  const python = await ensureEmulatorPython();
  process.exitCode = spawnSync(python, [join(root, 'bench', 'local.py')], { stdio: 'inherit' }).status ?? 1;
}

void main();
