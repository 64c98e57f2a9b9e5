import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { reportUserErrors, UserError } from '../../errors';

/** Synthesizes the stacks like cdktf does. */
function synth(shell: Readonly<Record<string, string>>) {
  return spawnSync(process.execPath, ['-r', './bin/typescript', 'main.ts'], {
    cwd: resolve(__dirname, '..', '..'),
    encoding: 'utf8',
    env: { ...process.env, CDKTF_OUTDIR: mkdtempSync(join(tmpdir(), 'kairos-synth-')), ...shell },
  });
}

describe('a synth that fails', () => {
  it('says in one line that a digest is invalid', () => {
    const { stderr, stdout, status } = synth({ KAIROS_IMAGE_DIGEST: 'abc' });
    expect(stderr).toMatch(/^KAIROS_IMAGE_DIGEST is "abc"; expected sha256:.*\n$/);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });

  it('prints the faults of the table without a stack trace', () => {
    const { stderr, status } = synth({ KAIROS_AWS_ACCOUNT_ID: '12' });
    expect(stderr).toContain('accountId');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(1);
  });

  it('says in one line that the output cannot be written', () => {
    const { stderr, status } = synth({ CDKTF_OUTDIR: join(__filename, 'cdktf.out') });
    expect(stderr).toBe(`${join(__filename, 'cdktf.out')} has a file in the place of a folder (ENOTDIR)\n`);
    expect(status).toBe(1);
  });
});

it('reports a full disk in one line', () => {
  const told = jest.spyOn(console, 'error').mockImplementation();
  reportUserErrors(() => {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  });
  expect(told.mock.calls).toEqual([['a file has no space left on its disk; free some space (ENOSPC)']]);
  expect(process.exitCode).toBe(1);
  process.exitCode = 0;
  told.mockRestore();
});

it('keeps the stack trace of a bug', () => {
  const thrower = () => {
    reportUserErrors(() => {
      throw new TypeError('x is undefined');
    });
  };
  expect(thrower).toThrow(TypeError);
});

it.each([
  ['/backend\r', '/backend\\r'],
  ['a\0b\u0007', 'a\\u0000b\\u0007'],
  ['two\nlines\tand \u001b[31mred\u001b[0m, ü', 'two\nlines\tand \u001b[31mred\u001b[0m, ü'],
])('keeps the message in one piece for an error of %j', (given, shown) => {
  expect(new UserError(given).message).toBe(shown);
});
