import { spawn as openTerminal } from '@lydell/node-pty';
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Shell } from '../../cli/process';

/** A running command, for a test that stops it. */
export interface StartedCommand {
  readonly pid: number;
  /** @returns its output so far: both streams, or the terminal's. */
  readonly text: () => string;
  /** The exit code; 128 + n if signal n ended it. */
  readonly exited: Promise<number>;
}

export interface StartOptions {
  readonly shell: Shell;
  readonly cwd: string;
  /** The width of its terminal, in characters. @default 200 */
  readonly columns?: number;
}

type Start = (command: string, args: readonly string[], options: StartOptions) => StartedCommand;

/** Starts a command with its output in pipes. */
const startInPipe: Start = (command, args, { shell, cwd }) => {
  const child = spawn(command, args, { env: { ...shell }, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return {
    pid: child.pid ?? 0,
    text: () => text,
    exited: new Promise((resolve) => {
      child.once('close', (code, signal) => {
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      });
    }),
  };
};

/** Starts a command in its own terminal. */
const startInTerminal: Start = (command, args, { shell, cwd, columns = 200 }) => {
  // It would pass an `undefined` on as a string.
  const env = Object.fromEntries(Object.entries(shell).filter(([, value]) => value !== undefined));
  const terminal = openTerminal(command, [...args], { env, cwd, cols: columns });
  let text = '';
  terminal.onData((chunk) => {
    text += chunk;
  });
  return {
    pid: terminal.pid,
    text: () => text,
    exited: new Promise((resolve) => {
      terminal.onExit(({ exitCode, signal }) => {
        resolve(signal ? 128 + signal : exitCode);
      });
    }),
  };
};

/** The two kinds of output of a command. */
export const inPipe: readonly [string, Start] = ['in a pipe', startInPipe];
export const inTerminal: readonly [string, Start] = ['in a terminal', startInTerminal];
export const places = [inPipe, inTerminal];

/**
 * @param line a part of the last line that is read.
 * @param streams what the reader gets: standard output, or both.
 * @returns a command line whose reader closes the pipe; bash exits with the command's own exit code.
 */
export function readUntil(
  line: string,
  command: string,
  args: readonly string[],
  streams: 'stdout' | 'both' = 'stdout',
): [string, string[]] {
  const quoted = [command, ...args].map((text) => `'${text.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const pipe = streams === 'both' ? '2>&1 |' : '|';
  return ['bash', ['-c', `set -o pipefail; ${quoted} ${pipe} sed -u '/${line}/q'`]];
}

/** Waits for a condition of a running command. @throws with its output if it ends before. */
export async function until(condition: () => boolean, command: StartedCommand): Promise<void> {
  let ended = false;
  void command.exited.then(() => {
    ended = true;
  });
  const hasEnded = () => ended;
  while (!condition()) {
    if (hasEnded()) throw new Error(`the command ended before:\n${command.text()}`);
    await pause(20);
  }
}

/**
 * Kills a command and its child processes, as the kernel does when memory runs out. They cannot write anything any
 * more.
 */
export function killWithChildren({ pid }: Pick<StartedCommand, 'pid'>): void {
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  for (const each of [pid, ...stdout.split('\n').filter(Boolean).map(Number)]) process.kill(each, 'SIGKILL');
}
