import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import { UserError } from '../../errors';
import { DockerPatterns, patternsIn } from '../../images/docker-patterns';

interface IgnoreCase {
  readonly file: string;
  readonly paths: readonly string[];
}

type Answer = readonly boolean[] | null;

/**
 * The answer of moby's own matcher: for each path whether it is excluded, or null for a file that it refuses.
 */
function mobyOf(cases: readonly IgnoreCase[]): readonly Answer[] {
  const answer = execFileSync('go', ['run', '.'], {
    cwd: join(__dirname, 'moby'),
    input: JSON.stringify(cases),
    maxBuffer: 64 * 1024 * 1024,
  });
  return z.array(z.array(z.boolean()).nullable()).parse(JSON.parse(answer.toString()));
}

function ours({ file, paths }: IgnoreCase): Answer {
  try {
    const patterns = new DockerPatterns(patternsIn(file));
    return paths.map((path) => patterns.ignores(path));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return null;
  }
}

const name = fc.string({
  unit: fc.constantFrom('a', 'b', 'é', '.', '-', '^', ']', '*'),
  minLength: 1,
  maxLength: 3,
});
const paths = fc.array(
  fc
    .array(
      name.filter((each) => each !== '.' && each !== '..'),
      { minLength: 1, maxLength: 4 },
    )
    .map((segments) => segments.join('/')),
  { minLength: 1, maxLength: 12 },
);
const piece = fc.constantFrom(
  ...[
    'a',
    'b',
    'é',
    '/',
    '/',
    '.',
    '..',
    '*',
    '**',
    '**/',
    '/**',
    '?',
    '[ab]',
    '[^a]',
    '[a-b]',
    '[b-a]',
    '[*]',
  ],
  ...[
    '[?]',
    '[',
    ']',
    '-',
    '^',
    '$',
    '+',
    '(',
    ')',
    '|',
    '{',
    '}',
    '!',
    '#',
    ' ',
    '\t',
    '\\',
    '\\*',
    '\\a',
    '\\d',
  ],
);
const line = fc
  .tuple(fc.constantFrom('', '', '', '!', '! ', '/', '!/', '#', ' '), fc.array(piece, { maxLength: 6 }))
  .map(([start, pieces]) => start + pieces.join(''));
const ordinary = fc
  .tuple(
    fc.constantFrom('', '', '!'),
    fc.array(fc.constantFrom('a', 'b', '**', '*', '*.a', '?'), { minLength: 1, maxLength: 4 }),
  )
  .map(([start, segments]) => start + segments.join('/'));
const files = (lines: fc.Arbitrary<string>) =>
  fc.record({ file: fc.array(lines, { minLength: 1, maxLength: 5 }).map((each) => each.join('\n')), paths });

it.each([
  ['ordinary files', ordinary, 4_000],
  ['files with every kind of pattern', line, 8_000],
])('excludes in %s what moby excludes, if both accept the file', (_, lines, count) => {
  const cases = fc.sample(files(lines), count);
  const moby = mobyOf(cases);
  const different = cases.flatMap((each, index) => {
    const found = ours(each);
    const wanted = moby[index] ?? null;
    // Of files with malformed classes, one in some thousands is refused by only one of the two, because the
    // regular expression engines of Go and Node differ.
    if (found === null || wanted === null) return [];
    return JSON.stringify(found) === JSON.stringify(wanted) ? [] : [{ ...each, found, wanted }];
  });
  expect(different.slice(0, 8).map((each) => JSON.stringify(each))).toEqual([]);
  expect(moby.filter((answer) => answer?.includes(true)).length).toBeGreaterThan(count / 50);
});

/** Files like those of real projects. What moby makes of some of them is not what their authors meant. */
const habits = [
  // Excludes everything that is not named.
  '* | | !app | !/lock.toml | !dist/*.whl | # !README.md | app/generated | **/cache/',
  '** | !src | !.config | **/*.py[cod] | **/*$py.class | **/lib/ | **/*~',
  // Exceptions from exceptions, and exceptions below an excluded folder.
  '/custom/* | !/custom/conf | /custom/conf/* | !/custom/conf/example.ini',
  '*.md | !README*.md | README-secret.md',
  'docker/ | !docker/scripts | dist/ | !dist/tool | .tool/* | !.tool/patches',
  '**/modules | !src/fixtures/one/modules | !**/notice/fixtures/modules | **/**/trash',
  // The same at the root and below it, level by level.
  'node_modules/ | **/node_modules/ | build | **/build | *.egg-info | **/*.egg-info/',
  '*.test | */*.test | */*/*.test | */*/*/*.test | packages/**/*.test.* | docker/**/Dockerfile',
  'tmp/* | .git/* | server/dist/* | storage/keys/* | test/*/shots/diff',
  // Leading slashes and dots, hidden files, classes, unusual characters.
  '/.venv | /build/ | ./ui/dist | ./media | ./.gitignore | //double | a//b',
  '.* | !.coveragerc | !.env | .git* | .env.* | *.env.* | .aws*',
  '*.[568vq] | [568vq].out | *,cover | _cgo_export.* | ~* | *~ | @scope/* | a(1).txt | x+y | *.*proj.user',
  // Comments, and lines that look like comments.
  '#!keep/this |  # not a comment | ! spaced | name with space | trailing   | \\#escaped',
  '# **/bin | # **/obj',
].map((file) => file.split(' | '));

/** @returns paths for a file: those that its patterns name, and paths next to, in, above and outside them. */
function pathsOf(lines: readonly string[]): readonly string[] {
  const named = lines
    .map((each) => each.replace(/^[#! ]*/, '').trim())
    .flatMap((each) => ['', 'x', 'x/y'].map((deep) => each.replaceAll('**', deep)))
    .map((each) =>
      each
        .replace(/\[\^?(.)[^\]]*\]/g, '$1')
        .replaceAll('*', 'x')
        .replaceAll('?', 'x'),
    )
    .map((each) =>
      each
        .split('/')
        .filter((segment) => !['', '.', '..'].includes(segment))
        .join('/'),
    )
    .filter((each) => each !== '');
  const around = (each: string) => [
    each,
    `${each}/inside/it`,
    `x/${each}`,
    `a/b/${each}/c`,
    `${each}x`,
    `x${each}`,
  ];
  return [...new Set(['Makefile', 'src/main.py', ...named.flatMap(around)])];
}

const endings = { 'as Unix ends lines': '\n', 'as Windows ends lines': '\r\n' };

it.each(Object.entries(endings))('reads the patterns of real projects as moby does, %s', (_, ending) => {
  const cases = habits.map((lines) => ({ file: lines.join(ending), paths: pathsOf(lines) }));
  const moby = mobyOf(cases);
  expect(moby).not.toContain(null);
  const different = cases.flatMap((each, index) => {
    const [found, wanted] = [ours(each), moby[index] ?? []];
    return each.paths.filter((__, at) => found?.[at] !== wanted[at]).map((path) => `${each.file}: ${path}`);
  });
  expect(different).toEqual([]);
  expect(moby.flatMap((answer) => answer ?? []).filter(Boolean).length).toBeGreaterThan(200);
});
