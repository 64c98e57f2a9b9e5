import { UserError } from '../../errors';
import { userErrorOf } from '../faults';
import type { Phase } from '../interruption';
import { type Live, readLive } from '../live/alias';
import type { LiveEnvironment } from '../live/environment';
import { readLock } from '../live/lock';

/** What to print when a command that changes an environment is stopped: what is live then, according to AWS. */
export function phaseOf(environment: LiveEnvironment, next: string): Phase {
  return { live: () => liveWords(environment), next };
}

/** @returns what is live, as a clause. */
async function liveWords(environment: LiveEnvironment): Promise<string> {
  const { stack } = environment.names;
  const [live, lock] = await Promise.all([readLive(environment), readLock(environment)]);
  if (live === undefined) return `nothing is live in ${stack}`;
  const shares = Object.entries(live.weights).map(
    ([version, weight]) => `, version ${version} gets ${Math.round(weight * 100)} % of the requests`,
  );
  const held = lock === undefined ? '' : `, and its state is still held (${lock.id})`;
  return `version ${live.version} (${live.digest.slice(0, 19)}) is live in ${stack}${shares.join('')}${held}`;
}

/**
 * Runs work that only decides whether to change something.
 * @param live what is live meanwhile. @default - nothing
 * @throws UserError that says what stays live, and why nothing is changed.
 */
export async function beforeAnyChange<T>(
  { names }: LiveEnvironment,
  live: Live | undefined,
  decide: () => Promise<T>,
): Promise<T> {
  try {
    return await decide();
  } catch (error) {
    const told = userErrorOf(error);
    if (told === undefined) throw error;
    const stays = live === undefined ? 'nothing is live' : `version ${live.version} is live`;
    throw new UserError(`nothing was changed, ${stays} in ${names.stack}: ${told.message}`, { cause: error });
  }
}
