import { resolve } from 'node:path';
import { ensurePythonEnvironment } from '../cli/tools/python';

/** @returns a Python with the packages for the emulator and its tests. */
export function ensureEmulatorPython(): Promise<string> {
  return ensurePythonEnvironment({
    shell: process.env,
    requirements: [resolve(__dirname, '..', 'emulator', 'requirements-dev.txt')],
    minimum: [3, 10],
  });
}
