import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'sdk-configuration-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** @returns the output of a command that calls AWS, with these variables and this file of profiles. */
function said(variables: Readonly<Record<string, string>>, profiles = ''): string {
  const file = join(folder, 'config');
  writeFileSync(file, profiles);
  const { status, stdout, stderr } = spawnSync('node', ['bin/kairos.js', 'status', 'dev'], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4',
      AWS_CONFIG_FILE: file,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...variables,
    },
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([1, '']);
  return stderr.trim();
}

const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
const cycle = '[profile x]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = x\n';

// The SDK throws some of these errors outside of the awaited call too.
it.each([
  ['an unknown mode', { ...keys, AWS_DEFAULTS_MODE: 'wrong' }, '', 'Invalid parameter for "defaultsMode"'],
  ['a profile that refers to itself', { AWS_PROFILE: 'x' }, `${cycle}mfa_serial = a`, 'the profile "x"'],
  ['an invalid address', { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'none' }, '', 'Invalid URL'],
])('the error about %s is one line', (_, variables, profiles, reason) => {
  const line = said(variables, profiles);
  expect(line).toMatch(/^error: [^\n]*$/);
  expect(line).toContain(reason);
});

it('the error does not blame the local cloud', () => {
  expect(said({ ...keys, AWS_DEFAULTS_MODE: 'wrong' })).toContain('other variables prevent calls to it');
  expect(said(keys)).toContain('gave no answer');
});
