import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { codeOf as errorCode } from '../errors';
import { makeFolder } from './folder';

export type Shell = Readonly<Record<string, string | undefined>>;

export interface RunOptions {
  /** The environment variables, all of them. */
  readonly shell: Shell;
  /** The folder to run in. @default - the current one */
  readonly cwd?: string;
  /** Called with each line of either stream, without colour. @default - nobody listens */
  readonly onLine?: (line: string) => void;
  /** A file that gets the whole output. @default - no file */
  readonly logFile?: string;
  /** Written to the command's standard input. @default - it is closed */
  readonly input?: string;
}

export interface RunResult {
  /** The exit code; 128 + n when signal n ended the command. */
  readonly code: number;
  /** Both streams, as they came. */
  readonly output: string;
  /** Standard output alone: what a pipe would read. */
  readonly stdout: string;
}

/** Thrown in place of a result once `endAll` was called: whoever called it says all there is to say. */
export class Stopped extends Error {
  override readonly name = 'Stopped';

  constructor() {
    super('stopped');
  }
}

const children = new Set<ChildProcess>();
let ending = false;

/**
 * Runs a command to its end.
 * @throws when the command cannot be started; an exit code other than 0 is the caller's to judge.
 * @throws Stopped when `endAll` was called before or meanwhile.
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  if (ending) throw new Stopped();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...options.shell },
    stdio: ['pipe', 'pipe', 'pipe'],
    // Out of the terminal's reach: npm repeats a Ctrl-C, and Terraform takes two for "at once, whatever is lost".
    detached: true,
  });
  children.add(child);
  child.stdin.on('error', () => undefined); // a command that ends early has not read its input
  child.stdin.end(options.input ?? '');
  const log = options.logFile === undefined ? undefined : openLog(options.logFile);
  const lines: string[] = [];
  const stdout: string[] = [];
  const readers = [child.stdout, child.stderr].map(async (stream) => {
    for await (const raw of createInterface({ input: stream })) {
      const line = stripVTControlCharacters(raw);
      lines.push(line);
      if (stream === child.stdout) stdout.push(line);
      log?.write(`${line}\n`);
      options.onLine?.(line);
    }
  });
  try {
    const code = await exitOf(child);
    await Promise.all(readers);
    if (isEnding()) throw new Stopped();
    return { code, output: lines.join('\n'), stdout: stdout.join('\n') };
  } finally {
    children.delete(child);
    log?.end();
  }
}

/** @returns whether commands run now. */
export function isRunning(): boolean {
  return children.size > 0;
}

/** A function, for the compiler takes the variable for unchanged across an `await`. */
function isEnding(): boolean {
  return ending;
}

/**
 * Asks every command that runs now to end in order, and lets no further one start: cdktf and Terraform finish what they
 * have begun, write the state and give its lock back. A second call asks again, which Terraform takes for "at once,
 * whatever is lost".
 * @returns once all have ended.
 */
export async function endAll(): Promise<void> {
  ending = true;
  await Promise.all(
    [...children].map((child) => {
      child.kill('SIGINT');
      return exitOf(child).finally(() => {
        endGroup(child);
      });
    }),
  );
}

/** cdktf does not wait for the application that it has started; Terraform, whom it does wait for, is in no group of ours. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    // Nobody is left in it.
    if (!['ESRCH', 'EPERM'].includes(String(errorCode(error)))) throw error;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function exitOf(child: ChildProcess): Promise<number> {
  if (hasEnded(child)) return Promise.resolve(codeOf(child.exitCode, child.signalCode));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve(codeOf(code, signal));
    });
  });
}

function codeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

function openLog(file: string) {
  makeFolder(dirname(file));
  return createWriteStream(file);
}
