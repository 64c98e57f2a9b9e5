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

/** @returns the anchors that GitHub creates for the headings of a document. */
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

  it('names existing files', () => {
    const named = found(/`([\w-]+\/[\w/-]*(?:\.\w[\w.]*|\/))`/g).filter((path) =>
      folders.includes(path.split('/')[0] ?? ''),
    );
    const generated = /^(cdktf\.out|node_modules)/;
    expect(named.filter((path) => !generated.test(path) && !existsSync(join(root, path)))).toEqual([]);
  });

  it('links to existing targets', () => {
    const links = found(/\]\((?!https?:|#)([^)#\s]+)/g);
    expect(links.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
  });

  it('links to existing headings', () => {
    const broken = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)].filter(
      ([, path = '', anchor = '']) =>
        !anchorsOf(path === '' ? document : join(dirname(document), path)).includes(anchor),
    );
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names scripts of package.json', () => {
    const scripts = found(/npm run ([a-z][\w:-]*)/g);
    expect(scripts.filter((script) => !(script in manifest.scripts))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const text = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');
  const generated = ['cdktf.out', 'hcl.out', 'node_modules', 'coverage', 'imports'];

  it.each(folders.filter((name) => !generated.includes(name)))('describes %s', (name) => {
    expect(text).toMatch(new RegExp(`^${name}/`, 'm'));
  });

  const rooms = readdirSync(join(root, 'constructs'), { withFileTypes: true });
  it.each(rooms.filter((room) => room.isDirectory()).map(({ name }) => name))(
    'lists the folder %s of the constructs',
    (name) => {
      expect(text).toMatch(new RegExp(`^constructs/.*\\b${name}\\b`, 'm'));
    },
  );

  it('describes the direction of imports that lint requires', () => {
    expect(text).toContain('main → stacks → constructs → aws');
  });
});

// After `--`, jest would read `-t` as a part of a path, and would run every file with these letters.
it.each(Object.entries(manifest.scripts).filter(([, command]) => /\bjest\b/.test(command)))(
  'the script %s accepts options after a path, as docs/testing.md types them',
  (_, command) => {
    expect(command).not.toMatch(/ --$/);
  },
);

it('gives each decision a unique number', () => {
  const numbers = readdirSync(join(root, 'docs', 'decisions')).map((name) => name.slice(0, 4));
  expect(numbers).toEqual([...new Set(numbers)]);
});
