import { spawnSync } from 'node:child_process';
import { UserError } from '../errors';

/**
 * @param env the variables of `ps`. @default - those of this process
 * @returns what `ps` prints: nothing when no process is as it was asked for.
 * @throws UserError when there is none, as in small containers.
 */
export function ps(args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  const { error, stdout, stderr } = spawnSync('ps', args, {
    encoding: 'utf8',
    // Some programs have a class path of a hundred kilobytes.
    maxBuffer: 64 * 1024 * 1024,
    env,
  });
  // Where there is no process as asked for it fails too, and says nothing; BusyBox's knows none of these words.
  const reason = error?.message ?? (stdout === '' ? stderr.trim().split('\n')[0] : '');
  if (reason === '' || reason === undefined) return stdout;
  throw new UserError(
    `ps could not be asked which processes run here (${reason}); install one that can: Debian's and Alpine's package is procps`,
  );
}
