import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UserError } from '../../errors';

/** Synthesizes the stacks as cdktf does. */
function synth(shell: Readonly<Record<string, string>>) {
  return spawnSync(process.execPath, ['-r', './bin/typescript', 'main.ts'], {
    cwd: resolve(__dirname, '..', '..'),
    encoding: 'utf8',
    env: { ...process.env, CDKTF_OUTDIR: mkdtempSync(join(tmpdir(), 'kairos-synth-')), ...shell },
  });
}

describe('a synth that cannot be right', () => {
  it('says in one line that a digest is none', () => {
    const { stderr, stdout, status } = synth({ KAIROS_IMAGE_DIGEST: 'abc' });
    expect(stderr).toMatch(/^KAIROS_IMAGE_DIGEST is "abc"; right would be sha256:.*\n$/);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });

  it('prints the faults of the table without a stack trace', () => {
    const { stderr, status } = synth({ KAIROS_AWS_ACCOUNT_ID: '12' });
    expect(stderr).toContain('accountId');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(1);
  });
});

it.each([
  ['/backend\r', '/backend\\r'],
  ['a\0b\u0007', 'a\\u0000b\\u0007'],
  ['two\nlines\tand \u001b[31mred\u001b[0m, ü', 'two\nlines\tand \u001b[31mred\u001b[0m, ü'],
])('an error of %j keeps its line in one piece', (given, shown) => {
  expect(new UserError(given).message).toBe(shown);
});
