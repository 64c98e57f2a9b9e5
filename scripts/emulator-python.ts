import { resolve } from 'node:path';
import { ensurePythonEnvironment } from '../cli/tools/python';

/** @returns a Python that has what the emulator and its tests need. */
export function ensureEmulatorPython(): Promise<string> {
  return ensurePythonEnvironment({
    shell: process.env,
    requirements: [resolve(__dirname, '..', 'emulator', 'requirements-dev.txt')],
    minimum: [3, 10],
  });
}
