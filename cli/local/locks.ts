import type { S3Client } from '@aws-sdk/client-s3';
import { setTimeout as pause } from 'node:timers/promises';
import { holderOf, readLockOf, removeLock } from '../live/lock';
import { stateAddress } from '../live/state';
import type { Shell } from '../process';
import { terraformsOf } from '../terraform-processes';

export interface LockOptions {
  readonly s3: S3Client;
  /** The account in the names of the state buckets, 12 digits. */
  readonly accountId: string;
  /** The stacks to deploy. */
  readonly stacks: readonly string[];
  /** The environment variables, pointing to the local cloud. */
  readonly shell: Shell;
  /** Called with a line for the user. */
  readonly onLine: (line: string) => void;
}

/** How often to check whether a Terraform process has ended, in milliseconds. */
const interval = 250;

/**
 * Removes the locks of states whose Terraform process has ended. Every deploy into a local cloud runs on this machine,
 * so this can be known. It waits for a Terraform process that still runs.
 */
export async function giveBackLocks(options: LockOptions): Promise<void> {
  for (const stack of options.stacks) await giveBack(stack, options);
}

async function giveBack(stack: string, { s3, accountId, shell, onLine }: LockOptions): Promise<void> {
  const state = stateAddress(accountId, stack);
  let waitsFor: number | undefined;
  for (;;) {
    const lock = await readLockOf(s3, state);
    if (lock === undefined) return;
    const [holder] = terraformsOf(shell);
    if (holder === undefined) {
      await removeLock(s3, state);
      onLine(
        `removed the lock of ${stack}: ${holderOf(lock)} no longer runs; if the resources that it created last are missing in its state, next: npm run local:down`,
      );
      return;
    }
    if (holder !== waitsFor) onLine(`waits for ${holderOf(lock)}, which has ${stack} (process ${holder})`);
    waitsFor = holder;
    await pause(interval);
  }
}
