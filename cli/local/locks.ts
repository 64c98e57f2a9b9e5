import type { S3Client } from '@aws-sdk/client-s3';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { environmentNames, namesOf, stateBucketName } from '../../config/names';
import { holderOf, type Lock, lockOf } from '../live/lock';
import type { Shell } from '../process';
import { terraformCommand } from '../tools/terraform';

export interface LockOptions {
  readonly s3: S3Client;
  /** The account that the state buckets are named after, 12 digits. */
  readonly accountId: string;
  /** The stacks that are to be deployed. */
  readonly stacks: readonly string[];
  /** The environment variables, pointing at the local cloud. */
  readonly shell: Shell;
  /** Called with a line whenever there is something to know. */
  readonly onLine: (line: string) => void;
}

/** How often it is looked whether a Terraform has ended, in milliseconds. */
const interval = 250;

/**
 * Gives back the locks of states whose Terraform is no longer there. All that deploys into a local cloud runs on this
 * machine, so that this can be known; a Terraform that still runs is waited for.
 */
export async function giveBackLocks(options: LockOptions): Promise<void> {
  for (const stack of options.stacks) await giveBack(stack, options);
}

async function giveBack(stack: string, { s3, accountId, shell, onLine }: LockOptions): Promise<void> {
  const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
  const { Bucket, Key } = stateAddress(accountId, stack);
  const address = { Bucket, Key: `${Key}.tflock` };
  let waitsFor: number | undefined;
  for (;;) {
    const lock = await readLock(s3, address);
    if (lock === undefined) return;
    const [holder] = terraformsOf(shell);
    if (holder === undefined) {
      await s3.send(new DeleteObjectCommand(address));
      onLine(
        `gave back the lock of ${stack}: ${holderOf(lock)} is no longer there; what it made last may be missing in its state: then next: npm run local:down`,
      );
      return;
    }
    if (holder !== waitsFor) onLine(`waits for ${holderOf(lock)}, which has ${stack} (process ${holder})`);
    waitsFor = holder;
    await pause(interval);
  }
}

/** @returns where the state of a stack lies. */
export function stateAddress(
  accountId: string,
  stack: string,
): { readonly Bucket: string; readonly Key: string } {
  const owner = environmentNames.find((name) => namesOf(name).stack === stack) ?? 'shared';
  return { Bucket: stateBucketName(accountId, owner), Key: `${stack}.tfstate` };
}

async function readLock(
  s3: S3Client,
  address: { readonly Bucket: string; readonly Key: string },
): Promise<Lock | undefined> {
  const { GetObjectCommand, NoSuchKey } = await import('@aws-sdk/client-s3');
  try {
    const { Body } = await s3.send(new GetObjectCommand(address));
    return lockOf((await Body?.transformToString()) ?? '');
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** @returns the processes of Terraform that work in this cloud: those whose variables name its address. */
function terraformsOf(shell: Shell): readonly number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,comm='], { encoding: 'utf8' });
  // Linux keeps 15 characters of a program's name.
  const names = new Set(['terraform', 'tofu', basename(terraformCommand(shell)).slice(0, 15)]);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, name] = /^\s*(\d+)\s+(.+?)\s*$/.exec(line) ?? [];
    if (pid === undefined || name === undefined || !names.has(basename(name).slice(0, 15))) return [];
    return variablesOf(pid).includes(`AWS_ENDPOINT_URL=${shell.AWS_ENDPOINT_URL ?? ''}`) ? [Number(pid)] : [];
  });
}

/** @returns what a process of this user was started with; of others, and of one that has ended, nothing. */
function variablesOf(pid: string): string {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-E', '-ww', '-o', 'command=', '-p', pid], { encoding: 'utf8' }).stdout;
  }
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
