import { runGit } from './git';

/**
 * @returns the commit of a checkout, with `-dirty` where files differ from it; nothing for a folder that
 * Git does not know, or without Git.
 */
export function sourceRevision(folder: string): string | undefined {
  const { status, stdout } = runGit(folder, [
    'describe',
    '--always',
    '--dirty',
    '--abbrev=40',
    '--exclude=*',
  ]);
  return status === 0 ? stdout.trim() : undefined;
}
