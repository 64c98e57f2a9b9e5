import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(__dirname, '..', '..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .map((file) => join(root, file));

/**
 * The project's modules that a file imports, including type imports: cycles of types are as hard to resolve.
 */
function importsOf(file: string, text: string, known: ReadonlySet<string>): readonly string[] {
  return ts.preProcessFile(text).importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith('.')) return [];
    const target = resolve(file, '..', fileName);
    return [`${target}.ts`, join(target, 'index.ts')].filter((path) => known.has(path)).slice(0, 1);
  });
}

/** @returns the first cycle found, each file imported by the one before it; undefined if there is none. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] => {
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    if (done.has(file)) return [];
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const circle = visit(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

function graphOf(texts: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const known = new Set(texts.keys());
  return new Map([...texts].map(([file, text]) => [file, importsOf(file, text, known)]));
}

describe('imports', () => {
  it('have no cycles', () => {
    const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
    expect(circleIn(graphOf(texts)).map((file) => relative(root, file))).toEqual([]);
  });

  it('with cycles are found, including types and folders', () => {
    const texts = new Map([
      ['/x/a.ts', `import type { B } from './b';`],
      ['/x/b.ts', `export * from './c';`],
      ['/x/c/index.ts', `const a = import('../a');`],
    ]);
    expect(circleIn(graphOf(texts))).toEqual(['/x/a.ts', '/x/b.ts', '/x/c/index.ts', '/x/a.ts']);
  });
});
