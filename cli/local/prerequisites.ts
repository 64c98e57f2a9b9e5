import { join } from 'node:path';
import type { Shell } from '../process';
import { projectRoot } from '../project';
import { ensurePythonEnvironment } from '../tools/python';

/** The oldest Python that can run the emulator. */
const minimumPython = [3, 10] as const;

/**
 * @param onLine called with the line that says what is downloaded.
 * @returns the Python with the emulator's packages, which are installed the first time.
 */
export function emulatorPython(shell: Shell, onLine?: (line: string) => void): Promise<string> {
  return ensurePythonEnvironment({
    shell,
    requirements: [join(projectRoot, 'emulator', 'requirements.txt')],
    minimum: minimumPython,
    onLine,
  });
}
