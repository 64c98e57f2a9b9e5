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
  /** All environment variables. */
  readonly shell: Shell;
  /** The folder to run in. @default - the current one */
  readonly cwd?: string;
  /** Called with each line of both streams, without colour. @default - not called */
  readonly onLine?: (line: string) => void;
  /** A file for the complete output. @default - no file */
  readonly logFile?: string;
  /** Written to the command's standard input. @default - it is closed */
  readonly input?: string;
}

export interface RunResult {
  /** The exit code; 128 + n if signal n ended the command. */
  readonly code: number;
  /** Both streams, in the order in which they arrived. */
  readonly output: string;
  /** Standard output only. */
  readonly stdout: string;
}

/** Thrown instead of a result after `endAll` was called. The caller of `endAll` prints the reason. */
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
 * @throws if the command cannot be started. The caller has to check the exit code.
 * @throws Stopped if `endAll` was called before it or during it.
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  if (ending) throw new Stopped();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...options.shell },
    stdio: ['pipe', 'pipe', 'pipe'],
    // In a separate process group: npm repeats a Ctrl-C, and Terraform ends at once, without saving, when it gets two.
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

/** @returns whether a command is running. */
export function isRunning(): boolean {
  return children.size > 0;
}

/** A function, because the compiler would assume that the variable does not change during an `await`. */
function isEnding(): boolean {
  return ending;
}

/**
 * Tells every running command to end cleanly, and lets no further command start. cdktf and Terraform finish their
 * running operations, write the state and release its lock. A second call signals again, after which Terraform ends at
 * once without saving.
 * @returns when all have ended.
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

/**
 * cdktf does not wait for the application that it has started. It waits for Terraform, which is in a group of its own.
 */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    // The process group is empty.
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
