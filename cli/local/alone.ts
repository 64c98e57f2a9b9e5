import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { LocalHome } from './home';
import { makeFolder } from '../folder';
import { codeOf, UserError } from '../../errors';
import { ps } from '../ps';

/** A process, distinguished from a later one with the same process id. */
interface Holder {
  readonly pid: number;
  /** When it started, in seconds since 1970. */
  readonly started: number;
}

/** Linux calculates the start from a clock that may be corrected meanwhile. The tolerance in seconds. */
const clockCorrection = 2;

/** How often to check whether the other process has ended, in milliseconds. */
const interval = 200;

/** How long a process may take to stop: Terraform finishes its running operations. In milliseconds. */
const patience = 60_000;

/**
 * Runs work that only one `kairos local up` at a time may do in a home. Another one waits.
 * @param onWait called once with the process that it waits for.
 */
export async function alone<T>(
  home: LocalHome,
  onWait: (pid: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  const file = lockOf(home);
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
  // A signal ends the process during the work.
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/**
 * Tells every `kairos local up` of a home to stop cleanly, and waits for it. Otherwise it would continue with a cloud
 * that is gone, or start another.
 * @param onWait called with each process that it waits for.
 * @throws UserError if one does not end.
 */
export async function endOthers(home: LocalHome, onWait: (pid: number) => void): Promise<void> {
  let asked: number | undefined;
  let until = 0;
  for (;;) {
    const holder = holderOf(lockOf(home));
    if (holder === undefined || !isUp(holder)) return;
    if (holder.pid !== asked) {
      asked = holder.pid;
      until = Date.now() + patience;
      onWait(asked);
      unless('ESRCH', () => {
        process.kill(holder.pid, 'SIGTERM');
        // A process that Ctrl-Z has stopped gets no signal until it continues.
        process.kill(holder.pid, 'SIGCONT');
      });
    }
    if (Date.now() > until) {
      throw new UserError(
        `kairos local up (process ${asked}) has not stopped within ${patience / 1000} s; next: kill -9 ${asked}, then npm run local:down`,
      );
    }
    await pause(interval);
  }
}

function lockOf(home: LocalHome): string {
  return home.path('up.lock');
}

/** @returns the process that has the lock; undefined if this process has it now. */
function take(file: string): number | undefined {
  const mine = `${file}.${process.pid}`;
  // Written before it gets its name, so that nobody reads a partial file.
  writeFileSync(mine, `${process.pid} ${startOf(process.pid) ?? 0}`);
  try {
    for (;;) {
      if (
        unless('EEXIST', () => {
          linkSync(mine, file);
        })
      )
        return undefined;
      const holder = holderOf(file);
      if (holder !== undefined && isUp(holder)) return holder.pid;
      // Renamed and not deleted: if two processes find it stale, the slower one would delete the lock of the other.
      const stale = `${mine}.stale`;
      if (
        !unless('ENOENT', () => {
          renameSync(file, stale);
        })
      )
        continue;
      if (holderOf(stale)?.pid !== holder?.pid)
        unless('EEXIST', () => {
          linkSync(stale, file);
        });
      rmSync(stale, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** @returns whether the operation succeeded; false if it failed with the code. */
function unless(code: string, work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (codeOf(error) === code) return false;
    throw error;
  }
}

function holderOf(file: string): Holder | undefined {
  let text = '';
  unless('ENOENT', () => {
    text = readFileSync(file, 'utf8');
  });
  if (!/^\d+ \d+$/.test(text)) return undefined;
  const [pid = 0, started = 0] = text.split(' ').map(Number);
  return { pid, started };
}

/** Another process may have the process id of one that has ended, but not its start time. */
function isUp({ pid, started }: Holder): boolean {
  const start = startOf(pid);
  return start !== undefined && Math.abs(start - started) <= clockCorrection;
}

/** @returns when a process started, in seconds since 1970; undefined if there is no such process. */
function startOf(pid: number): number | undefined {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const milliseconds = Date.parse(`${ps(['-o', 'lstart=', '-p', String(pid)], env).trim()} UTC`);
  return Number.isNaN(milliseconds) ? undefined : Math.round(milliseconds / 1000);
}
