import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, run, type RunOptions } from '../../../cli/process';

const folder = mkdtempSync(join(tmpdir(), 'process-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const shell = { PATH: process.env.PATH };

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(10);
}

/** Runs a line of JavaScript. */
const node = (script: string, options: Partial<RunOptions> = {}) =>
  run(process.execPath, ['-e', script], { shell, ...options });

describe('the result of a command', () => {
  it('contains both streams together, and standard output alone', async () => {
    const { stdout, output, code } = await node(`console.log('out'); console.error('err')`);
    expect({ stdout, code }).toEqual({ stdout: 'out', code: 0 });
    expect(output.split('\n').sort()).toEqual(['err', 'out']);
  });

  it('contains its exit code, and a failure does not throw', async () => {
    expect(await node('process.exit(7)')).toMatchObject({ code: 7 });
  });

  it('distinguishes a signal from an exit code', async () => {
    expect(await node(`process.kill(process.pid, 'SIGKILL')`)).toMatchObject({ code: 128 + 9 });
  });

  it('contains the last output even if it arrives all at once', async () => {
    const { stdout } = await node(`process.stdout.write('x'.repeat(99) + '\\n'.repeat(2000) + 'last')`);
    expect(stdout.endsWith('last')).toBe(true);
  });

  it('contains no colours', async () => {
    expect(await node(String.raw`console.log('\u001b[1;31mred\u001b[0m')`)).toMatchObject({ stdout: 'red' });
  });
});

describe('a command', () => {
  it('gets only the variables that it is given', async () => {
    const { stdout } = await node('console.log(process.env.GIVEN, process.env.HOME)', {
      shell: { ...shell, GIVEN: 'yes' },
    });
    expect(stdout).toBe('yes undefined');
  });

  it('runs in the given folder', async () => {
    expect((await node('console.log(process.cwd())', { cwd: folder })).stdout).toBe(folder);
  });

  it.each([
    ['what is given', 'a line', '6'],
    ['nothing', undefined, '0'],
  ])('reads %s and then the end of its input', async (_, input, length) => {
    const script = `let n = 0; process.stdin.on('data', (d) => (n += d.length)).on('end', () => console.log(n))`;
    expect((await node(script, { input })).stdout).toBe(length);
  });

  it('may end without reading its input', async () => {
    expect(await node('process.exit(0)', { input: 'x'.repeat(1_000_000) })).toMatchObject({ code: 0 });
  });

  it('is read line by line, and its output is written to a file', async () => {
    const lines: string[] = [];
    const logFile = join(folder, 'made', 'a.log');
    await node(`console.log('one\\ntwo')`, { logFile, onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['one', 'two']);
    await until(() => existsSync(logFile) && readFileSync(logFile, 'utf8') === 'one\ntwo\n');
  });

  it('is counted while it runs', async () => {
    const result = node('process.stdin.resume()', { input: '' });
    expect(isRunning()).toBe(true);
    await result;
    expect(isRunning()).toBe(false);
  });

  it('that does not exist is an error', async () => {
    await expect(run(join(folder, 'nothing'), [], { shell })).rejects.toMatchObject({ code: 'ENOENT' });
    expect(isRunning()).toBe(false);
  });
});

describe('after all commands are stopped', () => {
  it('a running command ends by itself without a result, and no other is started', async () => {
    // The module remembers that it is stopping, so this test loads a separate copy.
    jest.resetModules();
    const own = await import('../../../cli/process');
    const lines: string[] = [];
    const script = `process.on('SIGINT', () => { console.log('tidy'); process.exit(0) }); setInterval(() => 0, 999); console.log('up')`;
    const result = own.run(process.execPath, ['-e', script], { shell, onLine: (line) => lines.push(line) });
    const stopped = expect(result).rejects;
    await until(() => lines.includes('up'));
    await Promise.all([own.endAll(), stopped.toThrow(own.Stopped)]);
    expect(lines).toEqual(['up', 'tidy']);
    await expect(own.run(process.execPath, ['-e', ''], { shell })).rejects.toThrow(own.Stopped);
  });
});
