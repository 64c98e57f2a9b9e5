import { spawnSync } from 'node:child_process';
import { UserError } from '../errors';

/**
 * @param env the environment variables of `ps`. @default - those of this process
 * @returns the output of `ps`; empty if no process matches.
 * @throws UserError if `ps` is not installed, as in small containers.
 */
export function ps(args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  const { error, stdout, stderr } = spawnSync('ps', args, {
    encoding: 'utf8',
    // Some programs have a class path of a hundred kilobytes.
    maxBuffer: 64 * 1024 * 1024,
    env,
  });
  // It also fails, without a message, if no process matches. BusyBox's `ps` supports none of these options.
  const reason = error?.message ?? (stdout === '' ? stderr.trim().split('\n')[0] : '');
  if (reason === '' || reason === undefined) return stdout;
  throw new UserError(
    `ps could not list the processes here (${reason}); install another one: the package of Debian and Alpine is procps`,
  );
}
