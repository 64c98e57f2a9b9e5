import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from '../../../cli/process';

const root = resolve(__dirname, '..', '..', '..');
const text = readFileSync(join(root, 'docs', 'commands.md'), 'utf8');

/** Every `npx kairos …` of the document, as words. */
const documented = [...text.matchAll(/`npx kairos ([^`]+)`/g)].map(([, words = '']) => words.split(' '));

/** The words before the first option that name a command: `secrets set`, `release`. */
const nested = new Set(['image', 'local', 'migrate', 'secrets']);
const nameOf = ([first = '', second = '']: readonly string[]) =>
  nested.has(first) ? `${first} ${second}` : first;

const helps = new Map<string, Promise<string>>();

function helpOf(name: string): Promise<string> {
  const known = helps.get(name);
  if (known !== undefined) return known;
  const help = run(process.execPath, [join('bin', 'kairos.js'), ...name.split(' '), '--help'], {
    cwd: root,
    shell: process.env,
  }).then(({ output }) => output);
  helps.set(name, help);
  return help;
}

describe('docs/commands.md', () => {
  it.each([...new Set(documented.map((words) => words.join(' ')))])(
    'npx kairos %s is a command',
    async (line) => {
      const words = line.split(' ');
      const name = nameOf(words);
      const help = await helpOf(name);
      expect(help).toContain(`Usage: kairos ${name} `);
      for (const option of words.filter((word) => word.startsWith('--'))) expect(help).toContain(option);
    },
  );

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
  ])('%s has an example, its exit codes and --json in its help', async (name) => {
    const help = await helpOf(name);
    expect(help).toMatch(/Examples?:\s+npx kairos/);
    expect(help).toContain('Exit codes: 0 ');
    expect(help).toContain('--json');
  });
});
