import { messageOf, UserError } from '../../errors';
import { during, ifStopped } from '../interruption';
import { type Live, moveAlias, requireLive } from '../live/alias';
import type { LiveEnvironment } from '../live/environment';
import { tell } from '../terminal';
import { deployDigest } from './deploy';
import { phaseOf } from './phase';

export interface TakeBackOptions {
  /** What was live before. @default - nothing */
  readonly before?: Pick<Live, 'version' | 'digest'>;
  /**
   * The version that is expected to be live now. If another version is live, somebody else has released it, and it is
   * not changed.
   */
  readonly live: Live;
  /** Why, in one line. */
  readonly reason: string;
  /** How long to wait for the lock of the state, in seconds. */
  readonly lockTimeout: number;
}

export interface TakenBack {
  readonly live: Live;
  readonly stateAgrees: boolean;
  /** Why, and what is live now, in one line. */
  readonly reason: string;
}

/**
 * Restores what was live before: first the alias, then the state by a deploy of the previous digest.
 * @throws UserError if there is nothing to restore, or somebody else has released meanwhile.
 */
export async function takeBack(environment: LiveEnvironment, options: TakeBackOptions): Promise<TakenBack> {
  const { before, live, reason } = options;
  const { name, names } = environment;
  if (before === undefined) {
    throw new UserError(
      `${reason}; version ${live.version} stays live in ${names.stack}, because there is no earlier one; next: npx kairos logs ${name} --errors`,
    );
  }
  const again = `npx kairos rollback ${name} --to ${before.version}`;
  return during(phaseOf(environment, again), async () => {
    const isThere = live.version === before.version && Object.keys(live.weights).length === 0;
    if (!isThere) {
      await moveAlias(environment, live, before.version);
      tell(`version ${before.version} is live again in ${names.stack}: ${reason}`);
    }
    const back = `${reason}; version ${before.version} (${before.digest.slice(0, 19)}) is live again`;
    try {
      await deployDigest(environment, { ...options, digest: before.digest, canary: 0 });
    } catch (error) {
      await ifStopped();
      const why = messageOf(error);
      const words = `${back}, and the state does not match yet: ${why}; next: ${again}`;
      return { live: await requireLive(environment), stateAgrees: false, reason: words };
    }
    return { live: await requireLive(environment), stateAgrees: true, reason: back };
  });
}
