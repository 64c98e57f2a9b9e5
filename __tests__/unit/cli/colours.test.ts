import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..', '..', '..');
const escape = '\u001b[';

function told(shell: Readonly<Record<string, string>>): { readonly stdout: string; readonly stderr: string } {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'bin', 'kairos.js'), 'local', 'status'],
    {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: '/', KAIROS_LOCAL_HOME: '/nonexistent/home', ...shell },
    },
  );
  return { stdout, stderr };
}

describe('output in a pipe', () => {
  it.each<Readonly<Record<string, string>>>([
    {},
    { CI: 'true' },
    { CI: '1', TERM: 'dumb' },
    { NO_COLOR: '1', FORCE_COLOR: '1' },
    { FORCE_COLOR: '' },
  ])('has no colours in %j', (shell) => {
    expect(told(shell)).toEqual({ stdout: 'no local cloud runs here\n', stderr: 'next: npm run local\n' });
  });

  it('has colours if they are requested', () => {
    expect(told({ FORCE_COLOR: '1' }).stderr).toContain(escape);
  });
});
