import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import manifest from '../../package.json';

const root = resolve(__dirname, '..', '..');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'emulator/README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync(join(root, 'docs', 'decisions')).map((name) => `docs/decisions/${name}`),
];
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
  .map(({ name }) => name);

/** @returns the anchors that GitHub gives the headings of a document. */
function anchorsOf(document: string): readonly string[] {
  const headings = readFileSync(join(root, document), 'utf8').matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');
  const found = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, what = '']) => what);

  it('names files that are there', () => {
    const named = found(/`([\w-]+\/[\w/-]*(?:\.\w[\w.]*|\/))`/g).filter((path) =>
      folders.includes(path.split('/')[0] ?? ''),
    );
    const generated = /^(cdktf\.out|node_modules)/;
    expect(named.filter((path) => !generated.test(path) && !existsSync(join(root, path)))).toEqual([]);
  });

  it('links to what is there', () => {
    const links = found(/\]\((?!https?:|#)([^)#\s]+)/g);
    expect(links.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
  });

  it('links to headings that are there', () => {
    const broken = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)].filter(
      ([, path = '', anchor = '']) =>
        !anchorsOf(path === '' ? document : join(dirname(document), path)).includes(anchor),
    );
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names scripts that package.json has', () => {
    const scripts = found(/npm run ([a-z][\w:-]*)/g);
    expect(scripts.filter((script) => !(script in manifest.scripts))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const text = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');
  const generated = ['cdktf.out', 'hcl.out', 'node_modules', 'coverage', 'imports'];

  it.each(folders.filter((name) => !generated.includes(name)))('tells what %s is for', (name) => {
    expect(text).toMatch(new RegExp(`^${name}/`, 'm'));
  });

  const rooms = readdirSync(join(root, 'constructs'), { withFileTypes: true });
  it.each(rooms.filter((room) => room.isDirectory()).map(({ name }) => name))(
    'names the room %s of the constructs',
    (name) => {
      expect(text).toMatch(new RegExp(`^constructs/.*\\b${name}\\b`, 'm'));
    },
  );

  it('tells where the arrow of imports points, as lint says it does', () => {
    expect(text).toContain('main → stacks → constructs → aws');
  });
});

// Behind `--` jest takes `-t` for a part of a path, and runs every file that has these letters.
it.each(Object.entries(manifest.scripts).filter(([, command]) => /\bjest\b/.test(command)))(
  'the script %s takes options behind a path, as docs/testing.md types them',
  (_, command) => {
    expect(command).not.toMatch(/ --$/);
  },
);

it('gives each decision a number of its own', () => {
  const numbers = readdirSync(join(root, 'docs', 'decisions')).map((name) => name.slice(0, 4));
  expect(numbers).toEqual([...new Set(numbers)]);
});
