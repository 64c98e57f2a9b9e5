import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it. `mkdirSync(…, { recursive: true })` never returns where the kernel answers ENOENT
 * for a folder whose parent is there, as below /proc: https://github.com/nodejs/node/issues/27198
 * @throws what the file system says, with the path.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(path)) throw error;
  }
}
