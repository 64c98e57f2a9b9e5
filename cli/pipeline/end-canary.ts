import { requireLive } from '../live/alias';
import type { LiveEnvironment } from '../live/environment';
import { readState } from '../live/state';
import { isCanaryOn } from '../release/canary';
import { rollback } from '../release/rollback';
import { UserError } from '../../errors';

/**
 * Ends a canary that a job began and did not end: without a command that watches it, it would never end. The alias
 * keeps the version that gets the larger share.
 * @throws UserError if the canary is still on.
 */
export async function endCanary(environment: LiveEnvironment, lockTimeout: number): Promise<string> {
  const [live, state] = await Promise.all([requireLive(environment), readState(environment)]);
  if (!isCanaryOn(live, state)) return 'no canary is on';
  const { stateAgrees, answers, remark } = await rollback(environment, {
    to: live.version,
    aliasOnly: false,
    lockTimeout,
  });
  if (stateAgrees && answers) return `the canary is ended; version ${live.version} gets every request`;
  throw new UserError(
    `the canary of ${environment.names.stack} could not be ended cleanly: ${remark ?? 'the state does not agree'}`,
  );
}
