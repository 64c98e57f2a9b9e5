import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { RunResult, Shell } from '../../cli/process';

const root = resolve(__dirname, '..', '..');

/** Runs `kairos <args>` and reads its output like a pipe, without changes, including escape codes. */
export async function kairos(args: readonly string[], shell: Shell): Promise<RunResult> {
  const child = spawn(process.execPath, [join('bin', 'kairos.js'), ...args], {
    cwd: root,
    env: { ...shell },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [all, printed]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (part: Buffer) => {
    all.push(part);
    printed.push(part);
  });
  child.stderr.on('data', (part: Buffer) => {
    all.push(part);
  });
  const code = await new Promise<number>((ended, failed) => {
    child.once('error', failed);
    child.once('close', (status, signal) => {
      if (status === null) failed(new Error(`kairos ${args.join(' ')} was ended by ${String(signal)}`));
      else ended(status);
    });
  });
  return { code, output: textOf(all), stdout: textOf(printed) };
}

function textOf(parts: readonly Buffer[]): string {
  return Buffer.concat(parts).toString('utf8').replace(/\n$/, '');
}
