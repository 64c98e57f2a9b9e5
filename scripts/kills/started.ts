import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Shell } from '../../cli/process';

/** How often it is looked, in milliseconds. */
const interval = 20;

/** A variable that everything below a command inherits. */
const mark = 'KAIROS_STARTED_AS';

/** A command that runs, and all that it starts. */
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

  /** What it has said so far, on both streams. */
  get text(): string {
    return this.said;
  }

  /** Its exit code; nothing while it runs. */
  get code(): number | undefined {
    return this.exitCode;
  }

  /** @returns whether a condition came true before the command ended. */
  async reaches(condition: () => boolean | Promise<boolean>): Promise<boolean> {
    while (this.exitCode === undefined) {
      if (await condition()) return true;
      await pause(interval);
    }
    return false;
  }

  /** Kills the command and all that it has started, as a machine does that goes away. @returns its exit code. */
  endAll(): Promise<number> {
    // The command first: it must not see the others go.
    this.child.kill('SIGKILL');
    for (const pid of this.family()) killIfThere(Number(pid));
    return this.ended();
  }

  /** Sends a signal to the command alone, not to what it has started. @returns its exit code. */
  end(signal: NodeJS.Signals): Promise<number> {
    this.child.kill(signal);
    return this.ended();
  }

  private async ended(): Promise<number> {
    // Its streams stay open as long as anything that it has started holds them.
    while (this.exitCode === undefined || this.family().length > 0) await pause(interval);
    return this.exitCode;
  }

  /** @returns the processes that the command has started and that still run, by the variable that they were given. */
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

/** @returns what a process was started with; of one that has ended, or is somebody else's, nothing. */
function variablesOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
