import { constants } from 'node:os';
import { resolve } from 'node:path';
import { run } from '../../../cli/process';
import { inPipe, until } from '../../support/started-command';

const root = resolve(__dirname, '..', '..', '..');

/**
 * Runs a shell script in a terminal of the library, in a process that reads slowly. @returns the end of the
 * output.
 */
async function inTerminal(script: string): Promise<{ readonly exitCode: number; readonly tail: string }> {
  const program = `
    const pty = require('@cdktf/node-pty-prebuilt-multiarch');
    const terminal = pty.spawn('sh', ['-c', ${JSON.stringify(script)}], {});
    let text = '';
    terminal.onData((chunk) => {
      text += chunk;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    });
    terminal.onExit(({ exitCode }) => console.log(JSON.stringify({ exitCode, tail: text.trim().slice(-20) })));
  `;
  const { stdout } = await run(process.execPath, ['-e', program], { shell: process.env, cwd: root });
  return JSON.parse(stdout) as { exitCode: number; tail: string };
}

describe('the terminal library of cdktf', () => {
  it.each([
    ['exit 0', 0],
    ['exit 3', 3],
    ['kill -9 $$', 137],
    ['kill -15 $$', 143],
  ])('returns for "%s" the exit code %i', async (script, code) => {
    expect((await inTerminal(script)).exitCode).toBe(code);
  });

  it('reads all output, even a lot of it and slowly', async () => {
    const script =
      'i=0; while [ $i -lt 2000 ]; do echo "line $i of a plan that is long"; i=$((i+1)); done; echo "the error"';
    expect((await inTerminal(script)).tail).toMatch(/the error$/);
  });
});

const program = `
  const pty = require('@cdktf/node-pty-prebuilt-multiarch');
  const script = 'trap "echo ended in order; exit 0" INT; echo begun; while :; do sleep 0.05; done';
  pty.spawn('sh', ['-c', script], {}).onData((chunk) => process.stdout.write(chunk));
`;

describe('a command in a terminal of the library', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGALRM', 'SIGXCPU'] as const)(
    'gets an interrupt after a %s, and can end first',
    async (signal) => {
      const command = inPipe[1](process.execPath, ['-e', program], { shell: process.env, cwd: root });
      await until(() => command.text().includes('begun'), command);
      process.kill(command.pid, signal);
      expect(await command.exited).toBe(128 + constants.signals[signal]);
      expect(command.text()).toContain('ended in order');
    },
  );
});
