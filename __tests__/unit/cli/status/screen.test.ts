import type { EnvironmentStatus } from '../../../../cli/status/environment-status';
import { statusScreen } from '../../../../cli/status/screen';

const dev: EnvironmentStatus = {
  environment: 'dev',
  live: {
    version: '12',
    digest: `sha256:${'a'.repeat(64)}`,
    backend: '1.4.0',
    commit: 'c'.repeat(40),
    published: '2026-11-29T02:10:11Z',
    releasedBy: 'ada',
  },
  url: 'https://a1b2c3d4e5.execute-api.eu-west-2.amazonaws.com',
  alarms: [],
  unsetSecrets: [],
  smoke: { passed: true, at: '2026-11-29T02:11:12Z' },
  drift: [],
};
const staging: EnvironmentStatus = { environment: 'staging', alarms: [], unsetSecrets: [], drift: [] };
const prod: EnvironmentStatus = {
  ...dev,
  environment: 'prod',
  url: 'https://api.findkairos.com',
  alarms: ['kairos-prod-errors'],
  smoke: undefined,
};
const all = [dev, staging, prod];

it('shows the environments side by side in 80 columns, and wraps no line', () => {
  const lines = statusScreen(all, 80);
  expect(lines[0]).toMatch(/^ +kairos-dev +kairos-staging +kairos-prod$/);
  expect(lines[1]).toMatch(/^live +version 12, +nothing was deployed +version 12,$/);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});

it('shows a value only below its own environment', () => {
  const alarm = statusScreen(all, 80).find((line) => line.startsWith('alarm')) ?? '';
  expect(alarm.indexOf('kairos-prod-errors')).toBe(statusScreen(all, 80)[0]?.indexOf('kairos-prod'));
});

it('shows complete addresses below the columns', () => {
  expect(statusScreen(all, 80).slice(-2)).toEqual([
    expect.stringMatching(/^url +dev +https:\/\/a1b2c3d4e5\.execute-api\.eu-west-2\.amazonaws\.com$/),
    expect.stringMatching(/^url +prod +https:\/\/api\.findkairos\.com$/),
  ]);
});

it.each([
  ['on a terminal with columns that are too narrow for a word', 60],
  ['in a pipe', undefined],
])('shows the environments one below the other %s', (_, width) => {
  const lines = statusScreen(all, width);
  expect(lines.filter((line) => line.startsWith('kairos-'))).toEqual([
    'kairos-dev',
    'kairos-staging',
    'kairos-prod',
  ]);
  expect(lines).toContain('  url        https://api.findkairos.com');
});

it('shows a canary, and who holds the state', () => {
  const canary = { version: '13', share: 0.1, since: '2026-11-29T02:20:00Z' };
  const lock = { id: '1', who: 'bob@ci', operation: 'apply', since: '2026-11-29T02:21:00Z' };
  const text = statusScreen([{ ...dev, canary, lock }], 120).join('\n');
  expect(text).toContain('version 13 gets 10 % since 2026-11-29 02:20 UTC');
  expect(text).toContain('held by bob@ci since 2026-11-29 02:21 UTC');
});

it('says that a plan has no changes, and nothing if no plan was made', () => {
  expect(statusScreen([{ ...dev, planned: [] }]).at(-1)).toMatch(/plan +no changes/);
  expect(statusScreen([dev]).join('\n')).not.toContain('plan');
});
