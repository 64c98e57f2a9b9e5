import { writeSync } from 'node:fs';
import { constants } from 'node:os';
import { command } from './terminal';

/** A phase of a command, for the line that is printed if the command is stopped in it. */
export interface Phase {
  /** What is live then, as a clause: "the local cloud runs". It is called when everything has ended. */
  readonly live: string | (() => string | Promise<string>);
  /** What to type next. */
  readonly next: string;
}

/**
 * Every signal that ends a process and can be handled; also Ctrl-\, and a time limit by `perl -e 'alarm …'` or
 * `ulimit -t`.
 */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGALRM', 'SIGXCPU'] as const;

type EndingSignal = (typeof signals)[number] | 'SIGPIPE';

/** npm forwards the signal that the terminal has already sent, so one Ctrl-C arrives more than once. */
const sameKeyPress = 1_000;

const phases: Phase[] = [];
let stopped:
  { readonly signal: EndingSignal; readonly at: number; readonly done: Promise<never> } | undefined;

/**
 * Runs work that can leave something behind if it is stopped. If it is stopped, the phase that was entered last is
 * printed.
 */
export async function during<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
  phases.push(phase);
  try {
    return await work();
  } finally {
    phases.splice(phases.lastIndexOf(phase), 1);
  }
}

/**
 * @returns a promise that resolves when this process ends, if it is being stopped. Await it before an error is
 * reported.
 */
export function ifStopped(): Promise<never> | undefined {
  return stopped?.done;
}

/**
 * From now on, a signal or a closed pipe ends this process cleanly. Terraform finishes its running operations, writes
 * its state and releases its lock. One line says what is live and what to type. The exit code is 128 + n, as in a
 * shell. A repeated signal ends it at once.
 */
export function endInOrder(): void {
  for (const signal of signals) {
    process.on(signal, () => {
      stop(signal);
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (hasGone(error)) stop('SIGPIPE');
      else void giveUp(error);
    });
  }
  // A command that ends at once, such as `--help`, has ended before the stream reports the error.
  process.on('exit', (code) => {
    const { errored } = process.stdout;
    if (code !== 0 || errored === null) return;
    const gone = hasGone(errored);
    if (!gone) sayUnwritten(errored);
    process.exitCode = gone ? 128 + constants.signals.SIGPIPE : 1;
  });
}

/** EPIPE: a command such as `| head -1` has closed the pipe. EIO: the terminal's window was closed. */
function hasGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EIO';
}

function stop(signal: EndingSignal): void {
  if (stopped === undefined) {
    stopped = { signal, at: Date.now(), done: finish(signal, phases.at(-1)) };
    return;
  }
  // A closed pipe is not a second request to stop, and each further line would be one.
  if (signal === 'SIGPIPE' || Date.now() - stopped.at < sameKeyPress) return;
  void import('./process').then(({ endAll }) => endAll());
}

/** The output goes to a file, and the disk is full. Everything that runs still ends cleanly. */
async function giveUp(error: NodeJS.ErrnoException): Promise<never> {
  sayUnwritten(error);
  const { endAll } = await import('./process');
  await endAll();
  process.exit(1);
}

function sayUnwritten({ code = '', message }: NodeJS.ErrnoException): void {
  say(`error: the output cannot be written: ${code === 'ENOSPC' ? 'no space is left' : message} (${code})`);
}

async function finish(signal: EndingSignal, phase: Phase | undefined): Promise<never> {
  // Loaded only here, so that a command that runs no other command starts without it.
  const { endAll, isRunning } = await import('./process');
  if (isRunning())
    say('stopping: Terraform finishes its running operations; a second signal does not wait for them');
  await endAll();
  if (phase !== undefined) {
    const live = typeof phase.live === 'string' ? phase.live : await phase.live();
    say(`stopped by ${signal}: ${live}; next: ${command(phase.next)}`);
  }
  // A task list hides the cursor.
  if (process.stderr.isTTY && process.env.TERM !== 'dumb') say('\u001b[?25h', '');
  process.exit(128 + constants.signals[signal]);
}

/**
 * Prints a line directly. A task list holds back what is written to the streams, and may have ended before it prints
 * it.
 */
function say(line: string, end = '\n'): void {
  try {
    writeSync(2, line + end);
  } catch (error) {
    // Nobody reads the output, which may be the reason why this process ends.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}
