import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../../errors';
import type { Shell } from '../process';
import { projectRoot } from '../project';
import type { CloudRecord, LocalHome } from './home';
import { findServer, isServerOf } from './server';
import { makeFolder } from '../folder';
import { pythonShell } from '../tools/python-shell';

export interface StartOptions {
  readonly home: LocalHome;
  readonly shell: Shell;
  /** The Python with the server's packages. */
  readonly python: string;
  readonly accountId: string;
  readonly region: string;
}

/** How long the server may take to answer, and to end, in milliseconds. */
const patience = { start: 30_000, stop: 10_000 };

/** @returns the cloud of this home if it runs and answers. A lost record is written again. */
export async function runningCloud(home: LocalHome): Promise<CloudRecord | undefined> {
  const recorded = home.read();
  if (recorded !== undefined && (await isServerOf(home, recorded))) return recorded;
  const found = findServer(home);
  if (found === undefined || !(await isServerOf(home, found))) return undefined;
  home.write(found);
  return found;
}

/**
 * Starts the server in the background, on a free loopback port.
 * @returns when it answers.
 * @throws UserError if it ends before, or does not answer in time.
 */
export async function startCloud(options: StartOptions): Promise<CloudRecord> {
  const { home, shell, accountId, region } = options;
  const silent = findServer(home);
  if (silent !== undefined) {
    throw new UserError(
      `a local cloud of this home runs already, but does not answer, or was started in a folder that no longer exists (process ${silent.pid}); next: npm run local:down`,
    );
  }
  const port = await freePort(shell.KAIROS_LOCAL_PORT);
  makeFolder(home.folder);
  const log = openSync(home.log, 'w');
  const settings = { port, account: accountId, region, home: home.folder };
  const child = spawn(
    options.python,
    ['-m', 'emulator', ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])],
    {
      cwd: projectRoot,
      env: { ...pythonShell(shell), PYTHONUNBUFFERED: '1' },
      // In a separate session, so that Ctrl-C during a deploy does not end the cloud.
      detached: true,
      stdio: ['ignore', log, log],
    },
  );
  child.unref();
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(
        new UserError(`the local cloud ended at once (exit ${code ?? 'by a signal'}): ${lastWords(home)}`),
      );
    });
  });
  if (child.pid === undefined) return ended;
  const record = { pid: child.pid, port, accountId, region };
  // Recorded from the beginning, so that a server that is interrupted during its start can still be ended.
  home.write(record);
  const waiting = new AbortController();
  try {
    await Promise.race([untilItAnswers(record, home, waiting.signal), ended]);
  } catch (error) {
    child.kill('SIGKILL');
    home.forget();
    throw error;
  } finally {
    waiting.abort();
  }
  child.removeAllListeners();
  return record;
}

/**
 * Ends the server of this home, and everything that it started.
 * @returns whether there was one.
 */
export async function stopCloud(home: LocalHome): Promise<boolean> {
  // The process id in the record may belong to another process by now. So only a process is ended that has identified
  // itself, or has our command line.
  const record = (await runningCloud(home)) ?? findServer(home);
  if (record === undefined) {
    home.forget();
    return false;
  }
  process.kill(record.pid, 'SIGTERM');
  const until = Date.now() + patience.stop;
  while (isAlive(record.pid)) {
    if (Date.now() > until) process.kill(-record.pid, 'SIGKILL');
    await pause(50);
  }
  home.forget();
  return true;
}

async function untilItAnswers(record: CloudRecord, home: LocalHome, signal: AbortSignal): Promise<void> {
  const until = Date.now() + patience.start;
  while (!(await isServerOf(home, record)) && !signal.aborted) {
    if (Date.now() > until) {
      throw new UserError(
        `the local cloud did not answer within ${patience.start / 1000} s: ${lastWords(home)}`,
      );
    }
    await pause(50);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // the error code for a missing process
  }
}

function lastWords(home: LocalHome): string {
  const lines = readFileSync(home.log, 'utf8').trim().split('\n');
  return `${lines.at(-1) ?? ''} (${home.log})`;
}

/** @throws UserError if the requested port is in use. */
async function freePort(wanted = ''): Promise<number> {
  if (!/^\d*$/.test(wanted) || Number(wanted) > 65_535) {
    throw new UserError(`KAIROS_LOCAL_PORT is "${wanted}"; expected a port from 1024 to 65535, or nothing`);
  }
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      const reason = code === 'EACCES' ? 'may not be used by you' : 'is taken';
      reject(new UserError(`port ${wanted} ${reason}; choose another in KAIROS_LOCAL_PORT, or none`));
    });
    server.listen(Number(wanted), '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port was given'));
        else resolve(address.port);
      });
    });
  });
}
