import { type Adoption, applyAdoption, planAdoption } from './adopt';
import { findMissing, type LeftOut } from './find';
import { lookAtState, restoreVersion, type StateDamage, type StateVersion } from './history';
import { type ClearedLock, clearDeadLock } from './lock';
import { planTarget } from './prepare';
import { type Candidate, thoseThatExist } from './probe';
import type { Target } from './target';

/** What the person is asked about, or told, on the way. */
export interface Listener {
  /** Says what is done now. */
  readonly onStep: (what: string) => void;
  readonly onLock: (lock: ClearedLock) => void;
  /** @returns whether the proposed version is to be restored. */
  readonly agreesToRestore: (damage: StateDamage, versions: readonly StateVersion[]) => Promise<boolean>;
  /** @returns whether the found ones are to be imported. */
  readonly agreesToImport: (found: readonly Candidate[], plan: Adoption) => Promise<boolean>;
}

export interface Recovery {
  readonly stack: string;
  /** The lock of a dead run that was removed. */
  readonly lock?: ClearedLock;
  /** The version of the state that is right, and whether it was restored. */
  readonly state?: { readonly damage: StateDamage; readonly restored: boolean };
  /** What is in AWS and was in no state. */
  readonly found: readonly Candidate[];
  readonly plan?: Adoption;
  readonly imported: boolean;
  /** What may be there and was left out. */
  readonly left: readonly LeftOut[];
}

export interface RecoverOptions {
  /** The id of a lock whose run somebody knows to be dead. @default - only what can be seen from here counts */
  readonly deadLock?: string;
  readonly listener: Listener;
}

/**
 * Makes the state of a stack agree with AWS again after a run that was killed, or after the state was lost.
 * @throws UserError with what is in the way.
 */
export async function recover(target: Target, { deadLock, listener }: RecoverOptions): Promise<Recovery> {
  const { stack } = target;
  const lock = await clearDeadLock(target, deadLock);
  if (lock !== undefined) listener.onLock(lock);
  listener.onStep(`looks at the versions of the state of ${stack}`);
  const { damage, versions } = await lookAtState(target);
  const restored = damage !== undefined && (await listener.agreesToRestore(damage, versions));
  if (restored) await restoreVersion(target, damage.proposed.version);
  const state = damage === undefined ? undefined : { damage, restored };
  const nothing = { stack, lock, state, found: [], imported: false, left: [] };
  // Whoever keeps a damaged state has to say first what is to become of it.
  if (damage !== undefined && !restored) return nothing;
  listener.onStep(`looks for what ${stack} declares and its state does not hold`);
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
