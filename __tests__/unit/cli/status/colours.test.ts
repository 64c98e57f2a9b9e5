import type { EnvironmentStatus } from '../../../../cli/status/environment-status';

const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
const yellow = (text: string) => `\u001b[33m${text}\u001b[39m`;
const green = (text: string) => `\u001b[32m${text}\u001b[39m`;

const status: EnvironmentStatus = {
  environment: 'dev',
  live: { version: '12', digest: `sha256:${'a'.repeat(64)}`, published: '2026-11-29T02:10:11Z' },
  canary: { version: '13', share: 0.1, since: '2026-11-29T02:20:00Z' },
  alarms: ['kairos-dev-errors'],
  unsetSecrets: ['SECRET_KEY'],
  lock: { id: '1', who: 'bob@ci', operation: 'apply', since: '2026-11-29T02:21:00Z' },
  smoke: { passed: true, at: '2026-11-29T02:11:12Z' },
  drift: ['the alias is at version 12, after the last apply it was at 11'],
};

it('is red if somebody has to act, yellow for a difference, and green if all is well', async () => {
  const before = { ...process.env };
  process.env.FORCE_COLOR = '1';
  delete process.env.NO_COLOR;
  delete process.env.CI;
  // The module checks for colours once, when it is loaded.
  const { statusScreen } = await import('../../../../cli/status/screen');
  process.env = before;
  const text = statusScreen([status]).join('\n');
  expect(text).toContain(red('version 13 gets 10 % since 2026-11-29 02:20 UTC'));
  expect(text).toContain(red('kairos-dev-errors'));
  expect(text).toContain(red('SECRET_KEY'));
  expect(text).toContain(red('held by bob@ci since 2026-11-29 02:21 UTC'));
  expect(text).toContain(yellow('the alias is at version 12, after the last apply it was at 11'));
  expect(text).toContain(green('version 12, sha256:aaaaaaaaaaaa'));
  expect(text).toContain(green('passed 2026-11-29 02:11 UTC'));
});
