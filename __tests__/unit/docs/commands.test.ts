import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from '../../../cli/process';
import { elsewhere, here } from '../../support/documented-lines';

const root = resolve(__dirname, '..', '..', '..');

describe('docs/commands.md', () => {
  it('has exactly the lines that the tests run', () => {
    const text = readFileSync(join(root, 'docs', 'commands.md'), 'utf8');
    const lines = [...text.matchAll(/`((?:npx kairos|npx cdktf|terraform) [^`]+)`/g)].map(([, line]) => line);
    expect([...Object.keys(here), ...Object.keys(elsewhere)].sort()).toEqual([...new Set(lines)].sort());
  });

  it.each(Object.entries(elsewhere))('%s is run elsewhere', (_, [file, words]) => {
    expect(readFileSync(join(root, file), 'utf8')).toContain(words);
  });
});

/** What docs/commands.md says about all commands. */
describe('the help of a command', () => {
  it.each([
    'cost',
    'dashboard',
    'doctor',
    'local down',
    'local env',
    'logs',
    'migrate plan',
    'migrate secrets',
    'promote',
    'release',
    'rollback',
    'secrets set',
    'smoke',
    'status',
    'tune',
    'unlock',
  ])('of %s has an example, its exit codes and --json', async (name) => {
    const { output: help } = await run(
      process.execPath,
      [join('bin', 'kairos.js'), ...name.split(' '), '--help'],
      { cwd: root, shell: process.env },
    );
    expect(help).toMatch(/Examples?:\s+(eval "\$\()?npx kairos/);
    expect(help).toContain('Exit codes: 0 ');
    expect(help).toContain('--json');
  });
});
