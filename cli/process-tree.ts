import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';

/** What is known of a process of this machine. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  /** The name of its program. Linux keeps 15 characters of it. */
  readonly name: string;
}

/** What Terraform is called: by itself, and where `TERRAFORM_BINARY_NAME` says otherwise. */
function terraformNames(): ReadonlySet<string> {
  const named = basename(process.env.TERRAFORM_BINARY_NAME ?? 'terraform');
  return new Set(['terraform', 'tofu', named, named.slice(0, 15)]);
}

/**
 * @param ancestor a process that runs.
 * @returns the Terraforms among it and whatever it has started. Where a wrapper of that name has started the real
 * one, only the latter: a shell that is interrupted leaves its child behind.
 */
export function terraformsBelow(ancestor: number): readonly number[] {
  const all = processes();
  const names = terraformNames();
  const family = familyOf(ancestor, all);
  const terraforms = all.filter(({ pid, name }) => family.has(pid) && names.has(name));
  const isLeaf = ({ pid }: Process) => {
    const below = familyOf(pid, all);
    return !terraforms.some((other) => other.pid !== pid && below.has(other.pid));
  };
  return terraforms.filter(isLeaf).map(({ pid }) => pid);
}

function familyOf(ancestor: number, all: readonly Process[]): ReadonlySet<number> {
  const family = new Set([ancestor]);
  for (let grown = true; grown;) {
    const before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
    grown = family.size > before;
  }
  return family;
}

function processes(): readonly Process[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.+?)\s*$/.exec(line) ?? [];
    return command === undefined
      ? []
      : [{ pid: Number(pid), parent: Number(parent), name: basename(command) }];
  });
}

/** Sends a signal to a process, which may have ended meanwhile. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
