import { runGit } from './git';

/**
 * @returns the commit of a checkout, with `-dirty` if files differ from it; undefined for a folder that is in no
 * checkout, or without Git.
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
