import type { S3Client } from '@aws-sdk/client-s3';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../../errors';
import type { LiveEnvironment } from './environment';
import { type ObjectAddress, readObjectAt, stateObject } from './state';

/** The holder of a state's lock, as Terraform writes it into the lock file. */
export interface Lock {
  readonly id: string;
  /** `user@host`. */
  readonly who: string;
  /** Its operation: `OperationTypeApply`, `OperationTypePlan`, … */
  readonly operation: string;
  readonly since: Date;
}

const lockSchema = z.object({
  ID: z.string(),
  Who: z.string(),
  Operation: z.string(),
  Created: z.coerce.date(),
});

/** @returns the lock in a lock file. */
function lockOf(file: string): Lock {
  const { ID, Who, Operation, Created } = lockSchema.parse(JSON.parse(file));
  return { id: ID, who: Who, operation: Operation, since: Created };
}

/**
 * Reads Terraform's message about a locked state:
 * https://github.com/hashicorp/terraform/blob/v1.11.4/internal/states/statemgr/locker.go
 * @returns the lock and the stack of the state; undefined if the output mentions no lock.
 */
export function lockIn(output: string): (Lock & { readonly stack: string }) | undefined {
  if (!output.includes('Error acquiring the state lock')) return undefined;
  const value = (name: string) => new RegExp(`\\b${name}:\\s+(\\S.*?)\\s*$`, 'm').exec(output)?.[1];
  const [id, path, operation, who, created] = ['ID', 'Path', 'Operation', 'Who', 'Created'].map(value);
  const stack = /([^/]+)\.tfstate$/.exec(path ?? '')?.[1];
  if (id === undefined || stack === undefined) return undefined;
  // Go's format of a time: 2026-11-25 06:32:59.108 +0000 UTC
  const since = new Date(`${(created ?? '').slice(0, 19).replace(' ', 'T')}Z`);
  return { id, stack, operation: operation ?? '', who: who ?? 'somebody', since };
}

/** @returns the lock of the state; undefined if it is not locked. */
export function readLock(environment: LiveEnvironment): Promise<Lock | undefined> {
  return readLockOf(environment.s3, stateObject(environment));
}

/** @param state the location of the state. @returns its lock; undefined if it is not locked. */
export async function readLockOf(s3: S3Client, state: ObjectAddress): Promise<Lock | undefined> {
  const found = await readObjectAt(s3, lockAddress(state));
  return found === undefined ? undefined : lockOf(found.text);
}

/** @returns the holder as text: "somebody@host since 12:04:11 (apply)". */
export function holderOf({ who, operation, since }: Lock): string {
  const what = operation.replace('OperationType', '').toLowerCase() || 'unknown';
  const time = Number.isNaN(since.getTime()) ? 'an unknown time' : `${moment(since)} UTC`;
  return `${who} since ${time} (${what})`;
}

function moment(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

export interface WaitOptions {
  /** How long to wait, in seconds. */
  readonly seconds: number;
  /** Called with the holder when the wait begins, and when there is another holder. */
  readonly onWait: (lock: Lock) => void;
}

/**
 * Waits until the state is not locked.
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
    `the state of ${names.stack} is held by ${holderOf(lock)}, and was not released within ${seconds} s; ` +
    `wait longer with --lock-timeout, or, when that run is dead: npx kairos unlock ${name} ${lock.id}`
  );
}

/**
 * Removes the lock of a dead run.
 * @throws UserError if another run holds the lock, or if there is no lock.
 */
export async function breakLock(environment: LiveEnvironment, id: string): Promise<Lock> {
  const lock = await readLock(environment);
  if (lock === undefined) throw new UserError(`nobody holds the state of ${environment.names.stack}`);
  if (lock.id !== id) {
    throw new UserError(
      `the state of ${environment.names.stack} is held by ${holderOf(lock)} under the id ${lock.id}, not ${id}`,
    );
  }
  await removeLock(environment.s3, stateObject(environment));
  return lock;
}

/** Removes the lock of a state, whoever holds it. The caller has to check the holder. */
export async function removeLock(s3: S3Client, state: ObjectAddress): Promise<void> {
  const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
  await s3.send(new DeleteObjectCommand(lockAddress(state)));
}

function lockAddress({ Bucket, Key }: ObjectAddress): ObjectAddress {
  return { Bucket, Key: `${Key}.tflock` };
}
