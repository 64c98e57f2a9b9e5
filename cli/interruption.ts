import { writeSync } from 'node:fs';
import { constants } from 'node:os';
import { command } from './terminal';

/** What a command is in the middle of, for the line that is said when it is stopped there. */
export interface Phase {
  /** What is live then, as a clause: "the local cloud runs". Asked for once everything has ended. */
  readonly live: string | (() => string | Promise<string>);
  /** What to type next. */
  readonly next: string;
}

/** Whatever ends a process and lets it speak: Ctrl-\, and a time limit by `perl -e 'alarm …'` or `ulimit -t`, too. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGALRM', 'SIGXCPU'] as const;

type EndingSignal = (typeof signals)[number] | 'SIGPIPE';

/** npm hands on the signal that the terminal has sent already, so that one Ctrl-C arrives more than once. */
const sameKeyPress = 1_000;

const phases: Phase[] = [];
let stopped:
  { readonly signal: EndingSignal; readonly at: number; readonly done: Promise<never> } | undefined;

/** Does work of which something may stay behind when it is stopped. The phase that was entered last is what is said. */
export async function during<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
  phases.push(phase);
  try {
    return await work();
  } finally {
    phases.splice(phases.lastIndexOf(phase), 1);
  }
}

/** @returns the end of this process if it is about to be stopped: to be awaited by whoever would say what failed. */
export function ifStopped(): Promise<never> | undefined {
  return stopped?.done;
}

/**
 * From here on a signal, and a reader that has gone away, end this process in order: Terraform finishes what it has
 * begun, writes its state and gives its lock back; one line says what is live and what to type; the exit code is
 * 128 + n, as a shell would have it. Whoever repeats the signal does not want to wait.
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
  // Whoever ends at once, as `--help` does, is gone before the stream tells.
  process.on('exit', (code) => {
    const { errored } = process.stdout;
    if (code !== 0 || errored === null) return;
    const gone = hasGone(errored);
    if (!gone) sayUnwritten(errored);
    process.exitCode = gone ? 128 + constants.signals.SIGPIPE : 1;
  });
}

/** EPIPE: `| head -1` has enough. EIO: the terminal's window was closed. */
function hasGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EIO';
}

function stop(signal: EndingSignal): void {
  if (stopped === undefined) {
    stopped = { signal, at: Date.now(), done: finish(signal, phases.at(-1)) };
    return;
  }
  // A reader that has gone is no second request, and each further line would be one.
  if (signal === 'SIGPIPE' || Date.now() - stopped.at < sameKeyPress) return;
  void import('./process').then(({ endAll }) => endAll());
}

/** What is printed goes into a file, and there is no room for it: all that runs ends in order all the same. */
async function giveUp(error: NodeJS.ErrnoException): Promise<never> {
  sayUnwritten(error);
  const { endAll } = await import('./process');
  await endAll();
  process.exit(1);
}

function sayUnwritten({ code = '', message }: NodeJS.ErrnoException): void {
  say(
    `error: what is printed cannot be written: ${code === 'ENOSPC' ? 'no space is left' : message} (${code})`,
  );
}

async function finish(signal: EndingSignal, phase: Phase | undefined): Promise<never> {
  // Loaded only here: a command that runs no other starts without it.
  const { endAll, isRunning } = await import('./process');
  if (isRunning()) say('stopping: Terraform finishes what it has begun; once more does not wait for it');
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
 * Says a line past whatever draws on the terminal: a task list keeps back what is written to the streams, and is not
 * there any more to write it.
 */
function say(line: string, end = '\n'): void {
  try {
    writeSync(2, line + end);
  } catch (error) {
    // Nobody reads it, which may be why this process ends.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}
