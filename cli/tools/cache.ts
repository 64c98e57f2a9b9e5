import { join } from 'node:path';
import type { Shell } from '../process';
import { givenFolder, homeFolder } from '../variables';

/** @returns the folder for files that take long to create and can be created again. */
export function cacheFolder(shell: Shell): string {
  const base = givenFolder(shell.XDG_CACHE_HOME) ?? join(homeFolder(shell), '.cache');
  return join(base, 'kairos-infrastructure');
}
