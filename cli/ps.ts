import { spawnSync } from 'node:child_process';
import { UserError } from '../errors';

/**
 * @param env the variables of `ps`. @default - those of this process
 * @returns what `ps` prints: nothing when no process is as it was asked for.
 * @throws UserError when there is none, as in small containers.
 */
export function ps(args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  const { error, stdout } = spawnSync('ps', args, {
    encoding: 'utf8',
    // Some programs have a class path of a hundred kilobytes.
    maxBuffer: 64 * 1024 * 1024,
    env,
  });
  if (error === undefined) return stdout;
  throw new UserError(
    `ps could not be asked which processes run here (${error.message}); install it: Debian's package is procps`,
  );
}
