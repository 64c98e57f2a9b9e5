import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import { UserError } from '../errors';

/**
 * The files of a checkout that Git ignores because of its `.gitignore` files. A user's own excludes are not used,
 * because they differ between machines, and the content tag must not. A committed file is never ignored.
 *
 * @returns paths relative to the folder, with slashes. A nested checkout in an ignored folder ends with a slash.
 * Undefined for a folder that is in no checkout, or that the surrounding checkout ignores as a whole.
 * @throws if the folder is in a checkout and Git cannot read it.
 */
export function ignoredByGit(folder: string): string[] {
  if (!isInCheckout(folder)) return [];
  const whole = runGit(folder, ['-c', `core.excludesFile=${devNull}`, 'check-ignore', '--quiet', '.']);
  if (whole.status === 0) return [];
  const listing = ['ls-files', '--others', '--ignored', '--exclude-per-directory=.gitignore', '-z'];
  const { status, stdout, reason } = runGit(folder, listing);
  if (status !== 0) {
    throw new UserError(
      `Git cannot say which files of ${folder} it ignores (${reason}); make \`git -C ${folder} status\` work`,
    );
  }
  return stdout.split('\0').filter((path) => path !== '');
}

/**
 * The files of a checkout whose line endings Git has converted to those of Windows: with `core.autocrlf` their bytes
 * differ from the committed ones. https://git-scm.com/docs/git-ls-files#Documentation/git-ls-files.txt---eol
 *
 * @returns paths relative to the folder, with slashes; none for a folder that is in no checkout.
 */
export function convertedByGit(folder: string): ReadonlySet<string> {
  if (!isInCheckout(folder)) return new Set();
  const { stdout } = runGit(folder, ['ls-files', '--eol', '-z']);
  return new Set(
    stdout.split('\0').flatMap((line) => {
      const [ends = '', path] = line.split('\t');
      return path !== undefined && /^i\/lf +w\/crlf /.test(ends) ? [path] : [];
    }),
  );
}

function isInCheckout(folder: string): boolean {
  const above = dirname(folder);
  return existsSync(join(folder, '.git')) || (above !== folder && isInCheckout(above));
}

interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  /** The first line of Git's error message. */
  readonly reason: string;
}

/** Runs Git in a folder, without the shell's variables for other checkouts. */
export function runGit(folder: string, args: readonly string[]): Answer {
  // Inside a hook these variables name the hook's repository: https://git-scm.com/docs/githooks#_description
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  const { status, stdout, stderr, error } = spawnSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    env,
    maxBuffer: 256 * 1024 * 1024,
  });
  return { status, stdout, reason: error?.message ?? stderr.split('\n')[0] ?? '' };
}
