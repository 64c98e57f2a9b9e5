import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { BareCloud } from '../support/bare-cloud';
import { inTerminal } from '../support/started-command';

const [, start] = inTerminal;
const columns = 80;
const root = resolve(__dirname, '..', '..');
const digest = `sha256:${'0'.repeat(64)}`;

let cloud: BareCloud;

beforeAll(async () => {
  cloud = await BareCloud.up();
});

afterAll(async () => {
  await cloud.down();
});

/** Commands to type and words to copy are not broken, however long they are. */
const isWhole = (line: string) => /^\s*(npx \S.*|\S+)$/.test(line);

it.each([
  'bootstrap',
  'cost prod --requests 1000000',
  'dashboard prod',
  'doctor prod',
  'image prune',
  'image status',
  'image tag',
  'local status',
  'logs dev --errors',
  'migrate plan kairos-stack --env prod',
  'promote dev staging',
  'recover dev',
  `release dev --digest ${digest}`,
  'release dev --digest latest',
  'rollback dev --list',
  `rollback dev --to ${digest}`,
  'secrets check prod',
  'secrets set dev NOTHING',
  'smoke dev',
  'status',
  'tune dev',
  'unlock dev',
  'no-such-command',
])('kairos %s wraps no line in a terminal of 80 columns', async (line) => {
  const started = start('node', ['bin/kairos.js', ...line.split(' ')], {
    shell: cloud.shell,
    cwd: root,
    columns,
  });
  await started.exited;
  const lines = stripVTControlCharacters(started.text()).split(/\r?\n/);
  expect(lines.join('')).not.toBe('');
  expect(lines.filter((each) => each.length > columns && !isWhole(each))).toEqual([]);
});
