import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Started } from '../../../scripts/kills/started';
import { firstWay, lastWords, withoutIds } from '../../../scripts/kills/words';

describe('the last line of a stopped command', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const truth = { version: '3', digest, share: 0 };
  const said = (live: string) => `deploys …\nstopped by SIGTERM: ${live}; next: npx kairos status dev`;
  const live = `version 3 (${digest.slice(0, 19)}) is live in kairos-dev`;

  it('is right if it agrees with AWS, and names the next command', () => {
    expect(lastWords(said(live), 'SIGTERM', 143, truth)).toEqual({ next: 'npx kairos status dev' });
  });

  it.each([
    ['another exit code', said(live), 1, truth],
    ['another version', said(live), 143, { ...truth, version: '4' }],
    ['a share that is not mentioned', said(live), 143, { ...truth, share: 0.1 }],
    ['a lock that is not mentioned', said(live), 143, { ...truth, lock: 'id' }],
    ['a lock that does not exist', said(`${live}, and its state is still held (id)`), 143, truth],
    ['no last line', 'deploys …', 143, truth],
  ])('is wrong with %s', (_, text, code, is) => {
    expect(lastWords(text, 'SIGTERM', code, is).fault).toMatch(/^exit code \d+, last line: /);
  });
});

describe('a suggested command', () => {
  it('is run without its remark, and the first of two alternatives', () => {
    expect(firstWay('npx kairos unlock dev 5f2a  (when that run is dead)')).toBe(
      'npx kairos unlock dev 5f2a',
    );
    expect(firstWay('npx kairos release dev --continue, or npx kairos rollback dev')).toBe(
      'npx kairos release dev --continue',
    );
  });

  it('is shown without ids that differ in each run', () => {
    const id = '0b6a1f32-93f4-7b1c-1d2e-0123456789ab';
    expect(withoutIds(`npx kairos unlock dev ${id}`)).toBe('npx kairos unlock dev <id>');
    expect(withoutIds(`npx kairos release dev --digest sha256:${'0'.repeat(64)}`)).toBe(
      'npx kairos release dev --digest <digest>',
    );
    expect(withoutIds('npx kairos rollback dev --to 12')).toBe('npx kairos rollback dev --to <version>');
  });
});

const node = (code: string) => new Started(process.execPath, ['-e', code], { ...process.env }, __dirname);

describe('a started command', () => {
  it('is awaited until it prints a text, and stopped by a signal', async () => {
    const command = node('console.log("here"); setInterval(() => {}, 1000);');
    expect(await command.reaches(() => command.text.includes('here'))).toBe(true);
    expect(await command.end('SIGKILL')).toBe(137);
  });

  it('is stopped with all of its child processes', async () => {
    const child = "require('node:child_process').spawn('sleep', ['60'], { stdio: 'ignore' })";
    const command = node(`console.log(${child}.pid, 'here'); setInterval(() => {}, 1000);`);
    expect(await command.reaches(() => command.text.includes('here'))).toBe(true);
    expect(await command.endAll()).toBe(137);
    // A process that has ended and was not yet reaped has no command line any more.
    const line = join('/proc', command.text.split(' ')[0] ?? '', 'cmdline');
    expect(existsSync(line) ? readFileSync(line, 'utf8') : '').toBe('');
  });

  it('reports if it ends before it prints the text', async () => {
    const command = node('console.log("gone");');
    expect(await command.reaches(() => command.text.includes('here'))).toBe(false);
  });

  it('has ended only when its child processes have ended too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kairos-started-'));
    const file = join(folder, 'written');
    const late = `setTimeout(() => require('node:fs').writeFileSync(${JSON.stringify(file)}, ''), 500)`;
    const child = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(late)}], { detached: true, stdio: 'ignore' }).unref()`;
    const command = node(`${child}; console.log('here'); setInterval(() => {}, 1000);`);
    await command.reaches(() => command.text.includes('here'));
    await command.end('SIGKILL');
    expect(existsSync(file)).toBe(true);
    rmSync(folder, { recursive: true });
  });
});
