import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Shell } from '../../cli/process';

/** The polling interval, in milliseconds. */
const interval = 20;

/** A variable that all child processes of a command inherit. */
const mark = 'KAIROS_STARTED_AS';

/** A running command with all its child processes. */
export class Started {
  private said = '';
  private exitCode: number | undefined;
  private readonly id = randomUUID();
  private readonly child;

  constructor(command: string, args: readonly string[], shell: Shell, cwd: string) {
    this.child = spawn(command, args, {
      cwd,
      env: { ...shell, [mark]: this.id },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on('data', (text: Buffer) => {
        this.said += text.toString();
      });
    }
    this.child.once('close', (code, signal) => {
      this.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
    });
  }

  /** Its output so far, on both streams. */
  get text(): string {
    return this.said;
  }

  /** Its exit code; undefined while it runs. */
  get code(): number | undefined {
    return this.exitCode;
  }

  /** @returns whether a condition was met before the command ended. */
  async reaches(condition: () => boolean | Promise<boolean>): Promise<boolean> {
    while (this.exitCode === undefined) {
      if (await condition()) return true;
      await pause(interval);
    }
    return false;
  }

  /** Kills the command and all its child processes, as when the machine fails. @returns its exit code. */
  endAll(): Promise<number> {
    // The command first, so that it cannot react to the end of the others.
    this.child.kill('SIGKILL');
    for (const pid of this.family()) killIfThere(Number(pid));
    return this.ended();
  }

  /** Sends a signal only to the command, not to its child processes. @returns its exit code. */
  end(signal: NodeJS.Signals): Promise<number> {
    this.child.kill(signal);
    return this.ended();
  }

  private async ended(): Promise<number> {
    // Its streams stay open as long as a child process has them open.
    while (this.exitCode === undefined || this.family().length > 0) await pause(interval);
    return this.exitCode;
  }

  /** @returns the running child processes of the command, found by their inherited variable. */
  private family(): readonly string[] {
    const marked = `${mark}=${this.id}`;
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => variablesOf(pid).includes(marked));
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** @returns the environment of a process; empty if it has ended or belongs to another user. */
function variablesOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
