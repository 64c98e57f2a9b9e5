import { type Adoption, applyAdoption, planAdoption } from './adopt';
import { findMissing, type LeftOut } from './find';
import { lookAtState, restoreVersion, type StateDamage, type StateVersion } from './history';
import { type ClearedLock, clearDeadLock } from './lock';
import { planTarget } from './prepare';
import { type Candidate, thoseThatExist } from './probe';
import type { Target } from './target';

/** What the user is asked or told during a recovery. */
export interface Listener {
  /** Prints the current step. */
  readonly onStep: (what: string) => void;
  readonly onLock: (lock: ClearedLock) => void;
  /** @returns whether to restore the proposed version. */
  readonly agreesToRestore: (damage: StateDamage, versions: readonly StateVersion[]) => Promise<boolean>;
  /** @returns whether to import what was found. */
  readonly agreesToImport: (found: readonly Candidate[], plan: Adoption) => Promise<boolean>;
}

export interface Recovery {
  readonly stack: string;
  /** The lock of a dead run that was removed. */
  readonly lock?: ClearedLock;
  /** The right version of the state, and whether it was restored. */
  readonly state?: { readonly damage: StateDamage; readonly restored: boolean };
  /** What exists in AWS and was in no state. */
  readonly found: readonly Candidate[];
  readonly plan?: Adoption;
  readonly imported: boolean;
  /** What may exist and was not imported. */
  readonly left: readonly LeftOut[];
}

export interface RecoverOptions {
  /** The id of a lock whose run somebody knows to be dead. @default - only locks whose run can be seen from here */
  readonly deadLock?: string;
  readonly listener: Listener;
}

/**
 * Makes the state of a stack match AWS again after a run was killed, or after the state was lost.
 * @throws UserError that says what prevents it.
 */
export async function recover(target: Target, { deadLock, listener }: RecoverOptions): Promise<Recovery> {
  const { stack } = target;
  const lock = await clearDeadLock(target, deadLock);
  if (lock !== undefined) listener.onLock(lock);
  listener.onStep(`reads the versions of the state of ${stack}`);
  const { damage, versions } = await lookAtState(target);
  const restored = damage !== undefined && (await listener.agreesToRestore(damage, versions));
  if (restored) await restoreVersion(target, damage.proposed.version);
  const state = damage === undefined ? undefined : { damage, restored };
  const nothing = { stack, lock, state, found: [], imported: false, left: [] };
  // A user who keeps a damaged state has to decide first what to do with it.
  if (damage !== undefined && !restored) return nothing;
  listener.onStep(`searches for what ${stack} declares and its state does not contain`);
  const { planned, target: prepared } = await planTarget(target);
  const { accountId } = target.account.configuration;
  const { candidates, left } = await findMissing(planned, {
    accountId,
    clientOptions: target.account.clientOptions,
  });
  const found = await thoseThatExist(prepared, candidates);
  if (found.length === 0) return { ...nothing, left };
  listener.onStep(`plans to import ${found.length}`);
  const plan = await planAdoption(prepared, found);
  const imported = await listener.agreesToImport(found, plan);
  if (imported) {
    listener.onStep(`imports ${found.length}`);
    await applyAdoption(prepared);
  }
  return { ...nothing, found, plan, imported, left };
}
