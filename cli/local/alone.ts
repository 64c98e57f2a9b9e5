import { spawnSync } from 'node:child_process';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { LocalHome } from './home';
import { makeFolder } from '../folder';

/** How often it is looked whether the other one has ended, in milliseconds. */
const interval = 200;

/**
 * Does work that only one `kairos local up` at a time may do in a home; a further one waits.
 * @param onWait called once with the process that is waited for.
 */
export async function alone<T>(
  home: LocalHome,
  onWait: (pid: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  const file = home.path('up.lock');
  makeFolder(home.folder);
  let holder = take(file);
  if (holder !== undefined) onWait(holder);
  while (holder !== undefined) {
    await pause(interval);
    holder = take(file);
  }
  const release = () => {
    rmSync(file, { force: true });
  };
  // A signal ends the process in the middle of the work.
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @returns the process that has the lock, or nothing when this one has it now. */
function take(file: string): number | undefined {
  const mine = `${file}.${process.pid}`;
  // Written before it gets its name: nobody reads half of it.
  writeFileSync(mine, String(process.pid));
  try {
    for (;;) {
      if (
        unless('EEXIST', () => {
          linkSync(mine, file);
        })
      )
        return undefined;
      const holder = holderOf(file);
      if (holder !== undefined && isUp(holder)) return holder;
      // Renamed, not removed: of two that find it stale, the slower one would remove the lock of the other.
      const stale = `${mine}.stale`;
      if (
        !unless('ENOENT', () => {
          renameSync(file, stale);
        })
      )
        continue;
      if (holderOf(stale) !== holder)
        unless('EEXIST', () => {
          linkSync(stale, file);
        });
      rmSync(stale, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** @returns whether the work was done; false when it failed with the code. */
function unless(code: string, work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === code) return false;
    throw error;
  }
}

function holderOf(file: string): number | undefined {
  let text = '';
  unless('ENOENT', () => {
    text = readFileSync(file, 'utf8');
  });
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The number of a process that ended may be another's by now. */
function isUp(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.includes('kairos');
}
