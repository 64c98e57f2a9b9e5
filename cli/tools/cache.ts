import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Shell } from '../process';

/** @returns the folder of what is costly to make and can always be made again. */
export function cacheFolder(shell: Shell): string {
  const base = shell.XDG_CACHE_HOME ?? join(shell.HOME ?? homedir(), '.cache');
  return join(base, 'kairos-infrastructure');
}
