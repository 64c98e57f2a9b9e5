import { join } from 'node:path';
import type { Shell } from '../process';
import { projectRoot } from '../project';
import { ensurePythonEnvironment } from '../tools/python';

/** The oldest Python that the emulator runs on. */
const minimumPython = [3, 10] as const;

/**
 * @param onLine called with the line that says what is fetched.
 * @returns the Python that has the emulator's packages; they are installed the first time.
 */
export function emulatorPython(shell: Shell, onLine?: (line: string) => void): Promise<string> {
  return ensurePythonEnvironment({
    shell,
    requirements: [join(projectRoot, 'emulator', 'requirements.txt')],
    minimum: minimumPython,
    onLine,
  });
}
