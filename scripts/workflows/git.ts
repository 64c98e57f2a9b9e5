import { run } from '../../cli/process';
import { UserError } from '../../errors';

const author = ['-c', 'user.name=a person', '-c', 'user.email=person@example.com'] as const;

/** Runs git in a folder. @returns its output. @throws UserError with the whole output if it fails. */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const { code, output, stdout } = await run('git', ['-C', folder, ...author, ...args], {
    shell: process.env,
  });
  if (code !== 0) throw new UserError(output);
  return stdout;
}

/** Commits all files of a folder. @returns the commit. */
export async function commitAll(folder: string, subject: string): Promise<string> {
  await git(folder, 'add', '-A');
  await git(folder, 'commit', '-q', '-m', subject);
  return headOf(folder);
}

/** @returns the last commit. */
export async function headOf(folder: string): Promise<string> {
  return (await git(folder, 'rev-parse', 'HEAD')).trim();
}
