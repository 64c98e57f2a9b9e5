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
  it('has both streams, and standard output alone', async () => {
    const { stdout, output, code } = await node(`console.log('out'); console.error('err')`);
    expect({ stdout, code }).toEqual({ stdout: 'out', code: 0 });
    expect(output.split('\n').sort()).toEqual(['err', 'out']);
  });

  it('has its exit code, which is no error', async () => {
    expect(await node('process.exit(7)')).toMatchObject({ code: 7 });
  });

  it('tells a signal from an exit code', async () => {
    expect(await node(`process.kill(process.pid, 'SIGKILL')`)).toMatchObject({ code: 128 + 9 });
  });

  it('has its last words also when they come all at once', async () => {
    const { stdout } = await node(`process.stdout.write('x'.repeat(99) + '\\n'.repeat(2000) + 'last')`);
    expect(stdout.endsWith('last')).toBe(true);
  });

  it('has no colour', async () => {
    expect(await node(String.raw`console.log('\u001b[1;31mred\u001b[0m')`)).toMatchObject({ stdout: 'red' });
  });
});

describe('a command', () => {
  it('sees the variables that it is given and no other', async () => {
    const { stdout } = await node('console.log(process.env.GIVEN, process.env.HOME)', {
      shell: { ...shell, GIVEN: 'yes' },
    });
    expect(stdout).toBe('yes undefined');
  });

  it('runs in the folder that is named', async () => {
    expect((await node('console.log(process.cwd())', { cwd: folder })).stdout).toBe(folder);
  });

  it.each([
    ['what is given', 'a line', '6'],
    ['nothing', undefined, '0'],
  ])('reads %s and then the end', async (_, input, length) => {
    const script = `let n = 0; process.stdin.on('data', (d) => (n += d.length)).on('end', () => console.log(n))`;
    expect((await node(script, { input })).stdout).toBe(length);
  });

  it('may end without reading what it is given', async () => {
    expect(await node('process.exit(0)', { input: 'x'.repeat(1_000_000) })).toMatchObject({ code: 0 });
  });

  it('is heard line by line, and written to a file', async () => {
    const lines: string[] = [];
    const logFile = join(folder, 'made', 'a.log');
    await node(`console.log('one\\ntwo')`, { logFile, onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['one', 'two']);
    await until(() => existsSync(logFile) && readFileSync(logFile, 'utf8') === 'one\ntwo\n');
  });

  it('is counted as long as it runs', async () => {
    const result = node('process.stdin.resume()', { input: '' });
    expect(isRunning()).toBe(true);
    await result;
    expect(isRunning()).toBe(false);
  });

  it('that is not there is an error', async () => {
    await expect(run(join(folder, 'nothing'), [], { shell })).rejects.toMatchObject({ code: 'ENOENT' });
    expect(isRunning()).toBe(false);
  });
});

describe('once all are asked to end', () => {
  it('a command ends in its own way, gives no result, and none is started', async () => {
    // The module keeps that it ends: a copy of its own.
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
