import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import type { Shell } from '../process';
import { terraformsOf } from '../terraform-processes';
import type { Lock } from './lock';
import { codeOf } from '../../errors';

/**
 * The state of the run that holds a lock: its Terraform runs on this machine, or no longer runs, or it was on another
 * machine, which cannot be seen from here.
 */
export type Holder =
  | { readonly state: 'alive'; readonly process: number }
  | { readonly state: 'dead' }
  | { readonly state: 'elsewhere'; readonly host: string };

/** The information about this machine. */
export interface Machine {
  readonly host: string;
  /** The Terraform processes that may work on a stack, in the cloud that the shell points to. */
  readonly terraforms: (stack: string) => readonly number[];
}

/** @returns the state of the run that holds the lock of a stack. */
export function lookForHolder({ who }: Pick<Lock, 'who'>, stack: string, machine: Machine): Holder {
  const host = who.slice(who.lastIndexOf('@') + 1);
  if (host !== machine.host) return { state: 'elsewhere', host };
  const [first] = machine.terraforms(stack);
  return first === undefined ? { state: 'dead' } : { state: 'alive', process: first };
}

/** @returns this machine. */
export function thisMachine(shell: Shell): Machine {
  return { host: hostname(), terraforms: (stack) => terraformsOn(stack, shell) };
}

function terraformsOn(stack: string, shell: Shell): readonly number[] {
  return terraformsOf(shell).filter((pid) => mayWorkOn(stack, pid));
}

/** If it is unknown on which stack a Terraform process works, it may be this one. */
function mayWorkOn(stack: string, pid: number): boolean {
  if (process.platform !== 'linux') return true;
  try {
    const places = [
      readlinkSync(`/proc/${pid}/cwd`),
      ...readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'),
    ];
    return places.some((place) => basename(place) === stack);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ESRCH') return false; // it has ended meanwhile
    if (code === 'EACCES' || code === 'EPERM') return true; // it belongs to another user
    throw error;
  }
}
