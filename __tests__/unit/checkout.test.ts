import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..', '..');
const room = mkdtempSync(join(tmpdir(), 'kairos checkout ü'));
afterAll(() => {
  rmSync(room, { recursive: true, force: true });
});

/** The files that go byte for byte into the image and into the functions at the edge. */
const read = ['images/backend', 'functions', 'examples/backend'];

function git(...args: readonly string[]): void {
  const identity = ['-c', 'user.name=x', '-c', 'user.email=x@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...identity, ...args], { stdio: 'pipe' });
}

function contents(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
  );
}

it('has the same bytes even if Git converts line ends for Windows', () => {
  const [original, copy] = [join(room, 'original'), join(room, 'copy')];
  mkdirSync(original);
  cpSync(join(root, '.gitattributes'), join(original, '.gitattributes'));
  for (const path of read) {
    cpSync(join(root, path), join(original, path), {
      recursive: true,
      filter: (source) => !/__pycache__|\.(pytest|ruff|mypy|hypothesis)|\.venv/.test(source),
    });
  }
  git('init', '--quiet', original);
  git('-C', original, 'add', '--all', '--force');
  git('-C', original, 'commit', '--quiet', '--message', 'x');
  git('-c', 'core.autocrlf=true', 'clone', '--quiet', original, copy);
  for (const path of read) expect(contents(join(copy, path))).toEqual(contents(join(original, path)));
});
