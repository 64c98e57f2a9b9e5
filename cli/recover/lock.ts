import { hostname } from 'node:os';
import { UserError } from '../../errors';
import { holderOf, type Lock, readLockOf, removeLock } from '../live/lock';
import { terraformsOf } from '../terraform-processes';
import type { Target } from './target';

/** What was done with a lock: its holder as text. */
export interface ClearedLock {
  readonly id: string;
  readonly holder: string;
}

/**
 * Removes the lock of a dead run.
 * @param dead the id of a lock whose run somebody has checked, because a run on another machine cannot be seen from
 * here.
 * @returns what was removed; undefined if the state was not locked.
 * @throws UserError if the run may be active.
 */
export async function clearDeadLock(
  target: Target,
  dead: string | undefined,
): Promise<ClearedLock | undefined> {
  const { s3, state, stack } = target;
  const lock = await readLockOf(s3, state);
  if (lock === undefined) return undefined;
  if (lock.id !== dead) {
    const doubt = doubtAbout(lock, hostname(), terraformsOf(target.shell));
    if (doubt !== undefined) {
      throw new UserError(
        `the state of ${stack} is held by ${holderOf(lock)}, and ${doubt}; once that run is dead: npx kairos recover ${target.name} --dead-lock ${lock.id}`,
      );
    }
  }
  await removeLock(s3, state);
  return { id: lock.id, holder: holderOf(lock) };
}

/**
 * @param host this machine's name. @param running its Terraform processes that use the same cloud.
 * @returns why the run that holds a lock may be active, as a clause; undefined if it is certainly dead.
 */
export function doubtAbout(lock: Lock, host: string, running: readonly number[]): string | undefined {
  const machine = lock.who.split('@').at(-1) ?? '';
  if (machine !== host) return `whether it runs on ${machine} cannot be seen from ${host}`;
  if (running.length > 0) return `Terraform runs here (process ${running.join(', ')})`;
  return undefined;
}
