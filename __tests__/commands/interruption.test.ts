import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '../../errors';
import { places, readUntil, until } from '../support/started-command';

const root = resolve(__dirname, '..', '..');
const program = join(root, '__tests__', 'support', 'ending', 'command.ts');

const newFolder = () => mkdtempSync(join(tmpdir(), 'kairos-ending-'));
const commandLine = (folder: string, ...more: string[]) => [
  '-r',
  './bin/typescript',
  program,
  folder,
  ...more,
];

/** A process may be gone a moment before its exit event. */
function press(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

const options = { shell: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined }, cwd: root };

describe.each(places)('a command %s', (_, start) => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGALRM', 'SIGXCPU'] as const)(
    'exits with the code of %s after this signal',
    async (signal) => {
      const folder = newFolder();
      const command = start(process.execPath, commandLine(folder), options);
      await until(() => command.text().includes('working'), command);
      process.kill(command.pid, signal);

      expect(await command.exited).toBe(128 + constants.signals[signal]);
      expect(existsSync(join(folder, 'state'))).toBe(true);
      expect(existsSync(join(folder, 'next'))).toBe(false);
      expect(command.text()).toContain(`stopped by ${signal}: half of it is live; next: kairos again`);
      expect(command.text()).not.toMatch(/failed|Error|\n\s+at /);
    },
  );

  it('exits with the code of SIGPIPE if its reader is gone', async () => {
    const folder = newFolder();
    const command = start(...readUntil('working', process.execPath, commandLine(folder)), options);

    expect(await command.exited).toBe(128 + constants.signals.SIGPIPE);
    expect(existsSync(join(folder, 'state'))).toBe(true);
    expect(existsSync(join(folder, 'next'))).toBe(false);
    expect(command.text()).toContain('half of it is live; next: kairos again');
    expect(command.text()).not.toMatch(/failed|EPIPE|\n\s+at /);
  });

  it('signals its child once if Ctrl-C is pressed several times', async () => {
    const folder = newFolder();
    const command = start(process.execPath, commandLine(folder, '2'), options);
    await until(() => command.text().includes('working'), command);
    process.kill(command.pid, 'SIGINT');
    process.kill(command.pid, 'SIGINT');
    await until(() => command.text().includes('stopping: '), command);
    expect(existsSync(join(folder, 'state'))).toBe(false);

    const ended = command.exited.then(() => true);
    while (!(await Promise.race([ended, pause(100)]))) press(command.pid);
    expect(await command.exited).toBe(130);
    expect(existsSync(join(folder, 'state'))).toBe(true);
  });
});

it.each([['cost', 'dev'], ['complete', 'bash'], ['--version'], ['--help'], ['secrets', '--help']])(
  'kairos %s %s fails with one line if the disk is full',
  (...args) => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'bin', 'kairos.js'), ...args], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
      env: options.shell,
    });
    closeSync(full);
    const told = stderr.split('\n').filter((line) => line.startsWith('error: '));
    expect(told).toEqual(['error: the output cannot be written: no space is left (ENOSPC)']);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(1);
  },
);
