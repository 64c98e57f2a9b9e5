import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** The project as a member of an npm workspace, whose packages are in the parent folder. */
let workspace = '';
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
  symlinkSync(join(root, 'node_modules'), join(workspace, 'node_modules'));
  for (const path of ['bin', 'functions', 'cli', 'errors.ts']) {
    cpSync(join(root, path), join(workspace, 'infra', path), { recursive: true });
  }
});
afterAll(() => {
  rmSync(workspace, { recursive: true, force: true });
});

/** @returns the output of a line of JavaScript, run by Node.js in the member's folder. */
function printed(script: string): string {
  const { stdout, stderr, status } = spawnSync('node', ['-r', './bin/typescript', '-p', script], {
    cwd: join(workspace, 'infra'),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

it('bundles its functions in an npm workspace', () => {
  const path = printed("require('./functions/bundle.ts').functionCode('origin-authorizer').path");
  expect(existsSync(path)).toBe(true);
});

it('finds the cdktf command in an npm workspace', () => {
  const path = printed("require('./cli/project.ts').cdktfCommand");
  expect(path).toMatch(/cdktf-cli/);
  expect(existsSync(path)).toBe(true);
});
