import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../../errors';
import type { LiveEnvironment } from './environment';
import { readObject, stateObject } from './state';

/** Who holds an environment's state, as Terraform writes it beside it. */
export interface Lock {
  readonly id: string;
  /** `user@host`. */
  readonly who: string;
  /** What it does there: `OperationTypeApply`, `OperationTypePlan`, … */
  readonly operation: string;
  readonly since: Date;
}

const lockSchema = z.object({
  ID: z.string(),
  Who: z.string(),
  Operation: z.string(),
  Created: z.coerce.date(),
});

/** @returns who holds the state, or nothing when nobody does. */
export async function readLock(environment: LiveEnvironment): Promise<Lock | undefined> {
  const found = await readObject(environment, lockKey(environment));
  if (found === undefined) return undefined;
  const { ID, Who, Operation, Created } = lockSchema.parse(JSON.parse(found.text));
  return { id: ID, who: Who, operation: Operation, since: Created };
}

/** @returns the holder in words: "somebody@host since 12:04:11 (apply)". */
export function holderOf({ who, operation, since }: Lock): string {
  const what = operation.replace('OperationType', '').toLowerCase() || 'unknown';
  return `${who} since ${since.toISOString().slice(0, 19).replace('T', ' ')} UTC (${what})`;
}

export interface WaitOptions {
  /** How long to wait, in seconds. */
  readonly seconds: number;
  /** Called with the holder, when there is one to wait for, and when another one follows. */
  readonly onWait: (lock: Lock) => void;
}

/**
 * Waits until nobody holds the state.
 * @throws UserError that names the holder when the time is over.
 */
export async function untilUnlocked(environment: LiveEnvironment, options: WaitOptions): Promise<void> {
  const until = Date.now() + options.seconds * 1000;
  let told: string | undefined;
  for (;;) {
    const lock = await readLock(environment);
    if (lock === undefined) return;
    if (Date.now() >= until) throw new UserError(lockedWords(environment, lock, options.seconds));
    if (lock.id !== told) options.onWait(lock);
    told = lock.id;
    await pause(1_000);
  }
}

function lockedWords({ name, names }: LiveEnvironment, lock: Lock, seconds: number): string {
  return (
    `the state of ${names.stack} is held by ${holderOf(lock)}, and was not given back within ${seconds} s; ` +
    `wait longer with --lock-timeout, or, when that run is dead: npx kairos unlock ${name} ${lock.id}`
  );
}

/**
 * Takes away the lock of a run that is dead.
 * @throws UserError when the state is held by another run, or by none.
 */
export async function breakLock(environment: LiveEnvironment, id: string): Promise<Lock> {
  const lock = await readLock(environment);
  if (lock === undefined) throw new UserError(`nobody holds the state of ${environment.names.stack}`);
  if (lock.id !== id) {
    throw new UserError(
      `the state of ${environment.names.stack} is held by ${holderOf(lock)} under the id ${lock.id}, not ${id}`,
    );
  }
  const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
  const { Bucket } = stateObject(environment);
  await environment.s3.send(new DeleteObjectCommand({ Bucket, Key: lockKey(environment) }));
  return lock;
}

function lockKey(environment: LiveEnvironment): string {
  return `${stateObject(environment).Key}.tflock`;
}
