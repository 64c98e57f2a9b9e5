import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookForHolder, type Machine, thisMachine } from '../../../../cli/live/holder';

const fakeMachine = (...terraforms: readonly number[]): Machine => ({
  host: 'laptop',
  terraforms: () => terraforms,
});

describe('the run that holds a lock', () => {
  it('is alive if a Terraform of this machine works on the stack', () => {
    expect(lookForHolder({ who: 'ann@laptop' }, 'kairos-dev', fakeMachine(42))).toEqual({
      state: 'alive',
      process: 42,
    });
  });

  it('is dead if it was on this machine, and no Terraform works on the stack', () => {
    expect(lookForHolder({ who: 'ann@laptop' }, 'kairos-dev', fakeMachine())).toEqual({ state: 'dead' });
  });

  it('is elsewhere if it was on another machine, whatever runs here', () => {
    expect(lookForHolder({ who: 'runner@ci-7' }, 'kairos-dev', fakeMachine(42))).toEqual({
      state: 'elsewhere',
      host: 'ci-7',
    });
  });
});

it('is found among the processes of this machine by its stack, until it ends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-holder-'));
  const stack = `kairos-${process.pid}`;
  const cwd = join(folder, 'stacks', stack);
  mkdirSync(cwd, { recursive: true });
  const program = join(folder, 'terraform');
  writeFileSync(program, '#!/bin/sh\necho started\nread _\n');
  chmodSync(program, 0o755);
  const child = spawn(program, ['apply'], { cwd, stdio: ['pipe', 'pipe', 'ignore'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const lock = { who: `ann@${hostname()}` };
  const machine = thisMachine({});

  expect(lookForHolder(lock, stack, machine)).toEqual({ state: 'alive', process: child.pid });
  if (process.platform === 'linux') {
    expect(lookForHolder(lock, `${stack}-other`, machine)).toEqual({ state: 'dead' });
  }
  child.stdin.end('\n');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(lookForHolder(lock, stack, machine)).toEqual({ state: 'dead' });
});
