import { spawnSync } from 'node:child_process';

/**
 * @returns the commit of a checkout, with `-dirty` where files differ from it; nothing for a folder that
 * Git does not know, or without Git.
 */
export function sourceRevision(folder: string): string | undefined {
  const arguments_ = ['-C', folder, 'describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
  const { status, stdout } = spawnSync('git', arguments_, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
