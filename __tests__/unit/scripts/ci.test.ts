import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const script = resolve(__dirname, '../../../scripts/ci/image-digest.sh');
const digest = `sha256:${'a'.repeat(64)}`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kairos-ci-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the step with a fake `node` instead of the build. @returns its result. */
function start(build: string, ...args: readonly string[]) {
  const file = join(folder, 'build.js');
  writeFileSync(file, `const { writeFileSync } = require('node:fs');\n${build}`);
  writeFileSync(join(folder, 'node'), `#!/bin/sh\nexec ${process.execPath} ${file}\n`);
  chmodSync(join(folder, 'node'), 0o755);
  const outputs = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
  const step = spawn('bash', [script, ...args], {
    cwd: folder,
    env: { PATH: `${folder}:${process.env.PATH ?? ''}`, ...outputs },
    stdio: 'ignore',
  });
  const code = new Promise<number | null>((ended) => step.once('exit', ended));
  return { step, code };
}

const read = (name: string) => readFileSync(join(folder, name), 'utf8');

describe('the step that gets an image', () => {
  it('builds an image if no digest is given', async () => {
    expect(await start(`console.log('{"digest":"${digest}"}')`, '').code).toBe(0);
    expect(read('output')).toBe(`digest=${digest}\n`);
    expect(read('summary')).toContain(digest);
  });

  it('uses the given digest, and builds nothing', async () => {
    expect(await start('process.exit(1)', digest).code).toBe(0);
    expect(read('output')).toBe(`digest=${digest}\n`);
  });

  it('fails if the build fails, and prints no digest', async () => {
    expect(await start('process.exit(3)', '').code).toBe(3);
    expect(existsSync(join(folder, 'output'))).toBe(false);
  });

  it('ends only after the build if it is cancelled, so that locks are released by then', async () => {
    const build = `
      const alive = setInterval(() => undefined, 1000);
      process.on('SIGINT', () => setTimeout(() => { writeFileSync('ended', ''); process.exit(130); }, 300));
      writeFileSync('begun', '');`;
    const { step, code } = start(build, '');
    while (!existsSync(join(folder, 'begun'))) await pause(20);
    step.kill('SIGINT');
    expect(await code).toBe(130);
    expect(existsSync(join(folder, 'ended'))).toBe(true);
  });
});
