import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const workflows = readdirSync(join(root, '.github', 'workflows')).map((file) =>
  join(root, '.github', 'workflows', file),
);
const scratch = mkdtempSync(join(tmpdir(), 'kairos-actionlint-'));
const linter = join(scratch, 'actionlint');

beforeAll(() => {
  const build = ['build', '-o', linter, 'github.com/rhysd/actionlint/cmd/actionlint'];
  const { status, stderr } = spawnSync('go', build, { cwd: join(__dirname, 'actionlint'), encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
});

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** @returns what actionlint finds, with the configuration of this repository. */
function findingsIn(...files: readonly string[]): string {
  return spawnSync(linter, ['-no-color', ...files], { cwd: root, encoding: 'utf8' }).stdout;
}

describe('actionlint', () => {
  it('finds nothing in the workflows, nor in the example for the backend', () => {
    expect(findingsIn(...workflows, join(root, 'examples', 'github', 'deploy_backend.yml'))).toBe('');
  });

  it('works: it finds an output that no step has', () => {
    const file = join(scratch, 'broken.yml');
    const step = '{ run: \'echo "${{ steps.none.outputs.x }}"\' }';
    writeFileSync(file, `on: push\njobs:\n  one:\n    runs-on: ubuntu-24.04\n    steps: [${step}]\n`);
    expect(findingsIn(file)).toContain('property "none" is not defined');
  });
});
