import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { tell } from '../cli/terminal';
import { ensureEmulatorPython } from './emulator-python';
import { messageOf } from '../errors';

/** Runs `emulator/upgrade.py` with the Python of the emulator's tests. */
const root = resolve(__dirname, '..');

async function main(): Promise<void> {
  const python = await ensureEmulatorPython();
  const args = ['-m', 'emulator.upgrade', ...process.argv.slice(2)];
  process.exitCode = spawnSync(python, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

main().catch((error: unknown) => {
  tell(messageOf(error));
  process.exitCode = 1;
});
