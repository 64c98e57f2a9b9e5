import { join, resolve } from 'node:path';
import { run } from '../../../cli/process';

const root = resolve(__dirname, '..', '..', '..');

/** What docs/commands.md says of all of them; its lines are run by the python tier. */
describe('the help of a command', () => {
  it.each([
    'cost',
    'dashboard',
    'doctor',
    'logs',
    'migrate plan',
    'migrate secrets',
    'promote',
    'release',
    'rollback',
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
    expect(help).toMatch(/Examples?:\s+npx kairos/);
    expect(help).toContain('Exit codes: 0 ');
    expect(help).toContain('--json');
  });
});
