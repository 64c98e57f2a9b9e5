import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import { UserError } from '../errors';

/**
 * Which files of a checkout Git ignores by the `.gitignore` files in it. A person's own excludes are not asked:
 * they differ from machine to machine, and the content tag must not. A file that is committed is never ignored.
 *
 * @returns paths relative to the folder, with slashes; a checkout of its own in an ignored folder ends with one.
 * Nothing for a folder that is in no checkout, or that the checkout around it ignores as a whole.
 * @throws when the folder is in a checkout and Git cannot read it.
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
 * Which of the files of a checkout have line ends of Windows because Git has made them: `core.autocrlf` writes other
 * bytes than are committed. https://git-scm.com/docs/git-ls-files#Documentation/git-ls-files.txt---eol
 *
 * @returns paths relative to the folder, with slashes; nothing for a folder that is in no checkout.
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
  /** The first line of what Git says when it fails. */
  readonly reason: string;
}

/** Runs Git in a folder, whatever the shell says of other checkouts. */
export function runGit(folder: string, args: readonly string[]): Answer {
  // Inside a hook these name the repository of the hook: https://git-scm.com/docs/githooks#_description
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  const { status, stdout, stderr, error } = spawnSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    env,
    maxBuffer: 256 * 1024 * 1024,
  });
  return { status, stdout, reason: error?.message ?? stderr.split('\n')[0] ?? '' };
}
