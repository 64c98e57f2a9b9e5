import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { type BuildContextOptions, contentTag, readBuildContext } from '../../../images/build-context';

const folders: string[] = [];

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'build-context-'));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

afterAll(() => {
  for (const folder of folders) {
    rmSync(folder, { recursive: true, force: true });
  }
});

const backend = {
  'pyproject.toml': '[project]\nname = "kairos"\nversion = "1.2.3"\n',
  'poetry.lock': '',
  'kairos/main.py': 'handler = None\n',
};
const overlay = folderOf({ Dockerfile: 'FROM x\n', 'start_up/__init__.py': '' });

function options(files: Readonly<Record<string, string>>, more?: Partial<BuildContextOptions>) {
  return optionsOf(folderOf(files), more);
}

function optionsOf(source: string, more?: Partial<BuildContextOptions>): BuildContextOptions {
  return { source, overlay, platform: 'linux/amd64', ...more };
}

const tagOf = (given: BuildContextOptions): string => readBuildContext(given).tag;
const pathsOf = (given: BuildContextOptions): string[] =>
  readBuildContext(given).files.map(({ path }) => path);

describe('the content tag', () => {
  const reference = tagOf(options(backend));

  it('is src- and 32 hexadecimal digits', () => {
    expect(reference).toMatch(/^src-[0-9a-f]{32}$/);
  });

  it('is the same at another path, with other times', () => {
    const copy = folderOf({});
    cpSync(options(backend).source, copy, { recursive: true });
    utimesSync(join(copy, 'kairos/main.py'), 1, 1);
    expect(tagOf(optionsOf(copy))).toBe(reference);
  });

  it('is the same with other permissions to read the files', () => {
    const given = options(backend);
    chmodSync(join(given.source, 'kairos/main.py'), 0o600);
    expect(tagOf(given)).toBe(reference);
  });

  it.each<[string, BuildContextOptions]>([
    ['a byte', options({ ...backend, 'kairos/main.py': 'handler = none\n' })],
    ['a file name', options({ ...backend, 'kairos/other.py': '' })],
    ['the platform', options(backend, { platform: 'linux/arm64' })],
    ['the base image', options(backend, { baseImage: 'python:3.13' })],
    ['a build argument', options(backend, { buildArguments: { A: '1' } })],
    ['the overlay', options(backend, { overlay: folderOf({ Dockerfile: 'FROM y\n' }) })],
    ['the recipe', options({ ...backend, Dockerfile: 'FROM x\n' }, { recipe: 'backend' })],
  ])('changes with %s', (_, given) => {
    expect(tagOf(given)).not.toBe(reference);
  });

  it.each([
    'README.md',
    'shared/x.py',
    'prod.pem',
    '.coverage',
    'htmlcov/index.html',
    'kairos.egg-info/PKG-INFO',
    '.DS_Store',
    '.envrc',
    'kairos.py',
    'kairos/.DS_Store',
    'kairos/api/Thumbs.db',
    'kairos/desktop.ini',
    'kairos/._main.py',
    'kairos/.main.py.swp',
    'kairos/main.py~',
    'kairos/#main.py#',
    'kairos/.idea/x.xml',
    'kairos/.fleet/settings.json',
    'kairos/.cursor/rules',
    'kairos/.main.py.kate-swp',
    'kairos/main.py.save',
    'kairos/main.py.orig',
    'kairos/main.py.rej',
    'kairos/nohup.out',
    'kairos/.hypothesis/examples/x',
    'kairos/.tox/py312/x.py',
    'kairos/.LSOverride',
    'kairos/Icon\r',
    'kairos/$RECYCLE.BIN/x.py',
    'kairos/Main.lnk',
    'kairos/__pycache__/main.cpython-312.pyc',
    'kairos/.envrc',
  ])('is the same with %s', (path) => {
    expect(tagOf(options({ ...backend, [path]: 'x' }))).toBe(reference);
  });

  it.each([
    'kairos/tests/data.json',
    'kairos/build/x.py',
    'kairos/ca.pem',
    'kairos/x.swap.py',
    'kairos/Icons',
  ])('changes with %s, which the recipe copies', (path) => {
    expect(tagOf(options({ ...backend, [path]: 'x' }))).not.toBe(reference);
  });

  it('is the same with files that .gitignore files of a checkout exclude', () => {
    const files = { 'kairos/local.db': 'x', 'kairos/new/cache.db': 'x', 'kairos/gen/x.py': 'x' };
    const given = options({ ...backend, ...files, '.gitignore': '*.db\n', 'kairos/.gitignore': 'gen/\n' });
    execFileSync('git', ['init', '--quiet', given.source]);
    const plain = options({ ...backend, 'kairos/.gitignore': 'gen/\n' });
    expect(tagOf(given)).toBe(tagOf(plain));
  });

  it('changes with a committed file that a .gitignore names', () => {
    const given = options({ ...backend, 'kairos/local.db': 'x', '.gitignore': '*.db\n' });
    execFileSync('git', ['init', '--quiet', given.source]);
    execFileSync('git', ['-C', given.source, 'add', '--force', 'kairos/local.db']);
    expect(tagOf(given)).not.toBe(reference);
  });

  it('is the same in a folder that the checkout around it ignores', () => {
    const outer = folderOf({ ...prefixed('copy', backend), '.gitignore': 'copy/\n' });
    execFileSync('git', ['init', '--quiet', outer]);
    expect(tagOf(optionsOf(join(outer, 'copy')))).toBe(reference);
  });

  describe('if Git converts line ends for Windows', () => {
    const files = {
      ...backend,
      'kairos/page.html': '<p>\nü\n',
      'kairos/windows.bat': 'rem\r\n',
      'kairos/x.bin': '\0\r\n',
    };
    const git = (folder: string, ...args: readonly string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args]);
    let original: string;
    let copy: string;
    beforeAll(() => {
      original = folderOf(files);
      git(original, 'init', '--quiet');
      git(original, 'add', '--all');
      git(original, '-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message', 'x');
      copy = folderOf({});
      execFileSync('git', ['-c', 'core.autocrlf=true', 'clone', '--quiet', original, join(copy, 'x y')]);
      copy = join(copy, 'x y');
    });

    it('is that of the committed files, and these are staged', () => {
      expect(readFileSync(join(copy, 'kairos/main.py'), 'utf8')).toContain('\r\n');
      expect(tagOf(optionsOf(copy))).toBe(tagOf(optionsOf(original)));
      const staged = folderOf({});
      readBuildContext(optionsOf(copy)).stage(join(staged, 'x'));
      for (const [path, content] of Object.entries(files))
        expect(readFileSync(join(staged, 'x', path), 'utf8')).toBe(content);
    });

    it('changes if a person has written Windows line ends', () => {
      const changed = optionsOf(original);
      writeFileSync(join(original, 'kairos/new.py'), 'x = 1\r\n');
      const before = tagOf(changed);
      writeFileSync(join(original, 'kairos/new.py'), 'x = 1\n');
      expect(tagOf(changed)).not.toBe(before);
    });
  });

  it('changes if a file becomes executable', () => {
    const given = options(backend);
    chmodSync(join(given.source, 'kairos/main.py'), 0o755);
    expect(tagOf(given)).not.toBe(reference);
  });

  it('changes if content moves from one file to the next', () => {
    const a = options({ ...backend, 'kairos/a.py': 'xy', 'kairos/b.py': '' });
    const b = options({ ...backend, 'kairos/a.py': 'x', 'kairos/b.py': 'y' });
    expect(tagOf(a)).not.toBe(tagOf(b));
  });

  const file = fc.record({
    path: fc.string({ minLength: 1 }),
    executable: fc.boolean(),
    content: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  });
  const content = fc.record({
    files: fc.uniqueArray(file, { selector: ({ path }) => path, maxLength: 12 }),
    buildArguments: fc.dictionary(fc.string({ minLength: 1 }), fc.string()),
  });
  const fixed = { platform: 'linux/arm64', dockerfile: 'Dockerfile' } as const;

  it('does not depend on the order of files and arguments', () => {
    fc.assert(
      fc.property(
        content.chain((given) =>
          fc.tuple(
            fc.constant(given),
            fc.shuffledSubarray(given.files, { minLength: given.files.length }),
            fc.shuffledSubarray(Object.entries(given.buildArguments), {
              minLength: Object.keys(given.buildArguments).length,
            }),
          ),
        ),
        ([given, files, shuffled]) => {
          const again = { ...fixed, files, buildArguments: Object.fromEntries(shuffled) };
          expect(contentTag(again)).toBe(contentTag({ ...fixed, ...given }));
        },
      ),
    );
  });

  it('changes with any other difference', () => {
    const described = ({ files, buildArguments }: { files: { content: Buffer }[]; buildArguments: object }) =>
      JSON.stringify([
        files
          .map((each) => ({ ...each, content: each.content.toString('hex') }))
          .map((each) => JSON.stringify(each))
          .sort(),
        Object.entries(buildArguments).sort(([a], [b]) => (a < b ? -1 : 1)),
      ]);
    fc.assert(
      fc.property(content, content, (a, b) => {
        fc.pre(described(a) !== described(b));
        expect(contentTag({ ...fixed, ...a })).not.toBe(contentTag({ ...fixed, ...b }));
      }),
    );
  });
});

describe('the staged context', () => {
  it('contains the backend, and the overlay below kairos_image', () => {
    expect(pathsOf(options(backend))).toEqual([
      'kairos/main.py',
      'kairos_image/Dockerfile',
      'kairos_image/start_up/__init__.py',
      'poetry.lock',
      'pyproject.toml',
    ]);
  });

  it('contains what the .dockerignore admits for the backend’s own Dockerfile, including exceptions', () => {
    const rules =
      '*\n!Dockerfile\n!kairos\n!poetry.lock\n!pyproject.toml\nkairos/secret.py\n# a comment\n!docs/keep/*.md\n';
    const files = { ...backend, 'kairos/secret.py': '', 'docs/a.md': '', 'docs/keep/b.md': '', 'x.py': '' };
    const paths = pathsOf(
      options({ ...files, Dockerfile: 'FROM x\n', '.dockerignore': rules }, { recipe: 'backend' }),
    );
    expect(paths).toEqual(expect.arrayContaining(['kairos/main.py', 'docs/keep/b.md']));
    for (const path of ['kairos/secret.py', 'docs/a.md', 'x.py', '.dockerignore']) {
      expect(paths).not.toContain(path);
    }
  });

  it.each([
    'kairos/.git/config',
    'kairos/__pycache__/main.pyc',
    'tests/test_main.py',
    '.venv/lib/x.py',
    '.pytest_cache/x',
  ])('does not contain %s if the backend has no .dockerignore', (path) => {
    expect(
      pathsOf(options({ ...backend, Dockerfile: 'FROM x\n', [path]: '' }, { recipe: 'backend' })),
    ).not.toContain(path);
  });

  it.each(['.env', '.env.production', 'kairos/.env', 'kairos/.git/HEAD'])(
    'never contains %s, whatever the .dockerignore says',
    (path) => {
      expect(pathsOf(options({ ...backend, [path]: '', '.dockerignore': `!${path}\n` }))).not.toContain(path);
    },
  );

  it('contains a file that a rule names in another letter case', () => {
    expect(
      pathsOf(options({ ...backend, 'kairos/Data.txt': '', '.dockerignore': 'kairos/data.txt\n' })),
    ).toContain('kairos/Data.txt');
  });

  it('does not contain the .dockerignore, which would be applied to the overlay too', () => {
    expect(pathsOf(options({ ...backend, '.dockerignore': 'docs\n' }))).not.toContain('.dockerignore');
  });

  it('contains the whole overlay even if the rules admit little', () => {
    const paths = pathsOf(
      options({ ...backend, '.dockerignore': '*\n!kairos\n!poetry.lock\n!pyproject.toml\n' }),
    );
    expect(paths).toContain('kairos_image/Dockerfile');
  });

  it('contains no overlay for the backend’s own Dockerfile', () => {
    const context = readBuildContext(options({ ...backend, Dockerfile: 'FROM x\n' }, { recipe: 'backend' }));
    expect(context.dockerfile).toBe('Dockerfile');
    expect(context.files.map(({ path }) => path)).not.toContain('kairos_image/Dockerfile');
  });

  it('is written with content and mode, and replaces the previous one', () => {
    const given = options({ ...backend, 'kairos/run.sh': '#!/bin/sh\n' });
    chmodSync(join(given.source, 'kairos/run.sh'), 0o755);
    const target = join(folderOf({ 'context/old.py': '' }), 'context');
    const context = readBuildContext(given);
    context.stage(target);
    expect(readFileSync(join(target, 'kairos/main.py'), 'utf8')).toBe('handler = None\n');
    expect(statSync(join(target, 'kairos/run.sh')).mode & 0o777).toBe(0o755);
    expect(readdirSync(target).sort()).toEqual(['kairos', 'kairos_image', 'poetry.lock', 'pyproject.toml']);
    expect(readdirSync(dirname(target))).toEqual(['context']);
  });

  it('has the content of the tag, even if the source has changed since', () => {
    const given = options(backend);
    const context = readBuildContext(given);
    writeFileSync(join(given.source, 'kairos/main.py'), 'changed\n');
    const target = join(folderOf({}), 'context');
    context.stage(target);
    expect(readFileSync(join(target, 'kairos/main.py'), 'utf8')).toBe('handler = None\n');
  });

  it('follows a symbolic link within the source', () => {
    const given = options({ ...backend, 'shared/text.py': 'text' });
    symlinkSync('../shared/text.py', join(given.source, 'kairos/text.py'));
    symlinkSync('../shared', join(given.source, 'kairos/shared'));
    const files = new Map(
      readBuildContext(given).files.map(({ path, content }) => [path, content.toString()]),
    );
    expect(files.get('kairos/text.py')).toBe('text');
    expect(files.get('kairos/shared/text.py')).toBe('text');
  });

  it.each([
    [
      'below another table',
      '[tool.x]\nversion = "9"\n[project]\nversion = \'1.2.3\'\n[tool.y]\nversion = "8"\n',
    ],
    ['after a comment', '[project] # the table\nname = "kairos"\nversion = "1.2.3"\n'],
    ['indented', '[project]\n  name = "kairos"\n  version = "1.2.3"\n'],
    [
      'after a multi-line string',
      '[project]\ndescription = """\nversion = "9.9.9"\n"""\nversion = "1.2.3"\n',
    ],
    [
      'with a number that is too large for a double',
      `[project]\nversion = "1.2.3"\n[tool.x]\ny = ${2n ** 63n}\n`,
    ],
    ['with Windows line ends', '[project]\r\nname = "kairos"\r\nversion = "1.2.3"\r\n'],
    ['as a dotted key', 'project.version = "1.2.3"\n'],
  ])('has the version in pyproject.toml %s', (_, pyproject) => {
    expect(readBuildContext(options({ ...backend, 'pyproject.toml': pyproject })).version).toBe('1.2.3');
  });
});

describe('a source that cannot be built', () => {
  const read = (given: BuildContextOptions) => () => readBuildContext(given);

  it('is refused if it does not exist, and the error says how to name it', () => {
    expect(read(optionsOf('/nowhere/kairos-backend'))).toThrow(
      /no folder \/nowhere\/kairos-backend .*KAIROS_BACKEND_PATH.*cdktf\.json/,
    );
  });

  it('is refused with everything that is missing', () => {
    expect(read(options({ 'README.md': '' }))).toThrow(
      /pyproject\.toml is missing, poetry\.lock is missing, kairos\/main\.py is missing; .*KAIROS_BACKEND_PATH/,
    );
  });

  it.each([
    ['a requirements.txt', { 'requirements.txt': 'fastapi\n', 'app/main.py': '' }],
    ['a lock of uv', { 'pyproject.toml': backend['pyproject.toml'], 'uv.lock': '', 'kairos/main.py': '' }],
    ['a lock of PDM', { 'pyproject.toml': backend['pyproject.toml'], 'pdm.lock': '', 'kairos/main.py': '' }],
    ['a Pipfile', { Pipfile: '', 'Pipfile.lock': '{}', 'kairos/main.py': '' }],
    ['its packages below src', { 'pyproject.toml': '', 'poetry.lock': '', 'src/kairos/main.py': '' }],
    ['its application in app.py', { 'pyproject.toml': '', 'poetry.lock': '', 'kairos/app.py': '' }],
  ])('is refused with what it must have if it has %s', (_, files) => {
    expect(read(options(files))).toThrow(
      /is missing; it has to have kairos\/main\.py with handler = Mangum\(app\), a \[project\] version .*: poetry lock; /,
    );
  });

  it('is refused if its rules exclude a required file', () => {
    expect(read(options({ ...backend, '.dockerignore': 'poetry.lock\n' }))).toThrow(
      /poetry\.lock is left out by its \.dockerignore/,
    );
  });

  it('is refused if it must have its own Dockerfile and has none', () => {
    expect(read(options(backend, { recipe: 'backend' }))).toThrow(/Dockerfile is missing/);
  });

  it('is refused if pyproject.toml has no version of the project', () => {
    const files = { ...backend, 'pyproject.toml': '[project]\nname = "kairos"\n[tool.x]\nversion = "1"\n' };
    expect(read(options(files))).toThrow(/pyproject\.toml names no version/);
  });

  it('is refused if pyproject.toml is not TOML, with the line', () => {
    expect(read(options({ ...backend, 'pyproject.toml': '[project]\nversion = \n' }))).toThrow(
      /pyproject\.toml is not TOML, line 2: /,
    );
  });

  it.each([
    ['a byte order mark', '\uFEFF[project]\nversion = "1"\n'],
    ['bytes of another encoding', Buffer.from('[project]\nname = "k\u00e4"\nversion = "1"\n', 'latin1')],
  ])('is refused if pyproject.toml has %s, which Python does not read', (_, content) => {
    const given = options(backend);
    writeFileSync(join(given.source, 'pyproject.toml'), content);
    expect(read(given)).toThrow(/pyproject\.toml is not plain UTF-8; /);
  });

  it.each(['"1.2\\n3"', '"1 2"', '"ü"', '""', '"{{ version }}"'])(
    'is refused if its version is %s',
    (version) => {
      const files = { ...backend, 'pyproject.toml': `[project]\nversion = ${version}\n` };
      expect(read(options(files))).toThrow(
        `pyproject.toml names ${version}, which is not a version; give one as version = "1.2.3" below [project]`,
      );
    },
  );

  it.each(['1.2', '99999999999999999999', '2024-01-01', 'true', '{attr = "kairos.__version__"}'])(
    'is refused if its version is %s, which is not a string',
    (version) => {
      const files = { ...backend, 'pyproject.toml': `[project]\nversion = ${version}\n` };
      expect(read(options(files))).toThrow(
        /pyproject\.toml names a version that is not a string in quotes; give one/,
      );
    },
  );

  it.each(['dynamic = ["version"]', 'name = "kairos"\n[tool.poetry]\nversion = "1.4.0"'])(
    'is refused if its version is in another place: %j',
    (text) => {
      const files = { ...backend, 'pyproject.toml': `[project]\n${text}\n` };
      expect(read(options(files))).toThrow(
        /pyproject\.toml names no version; give one as .* below \[project\]/,
      );
    },
  );

  it('is refused if there is a folder in place of a file', () => {
    const given = options({ 'pyproject.toml': '', 'poetry.lock/x': '', 'kairos/main.py': '' });
    expect(read(given)).toThrow(/poetry\.lock is a folder; /);
    expect(read(optionsOf(join(given.source, 'pyproject.toml')))).toThrow(
      /is not a folder to build .*KAIROS_/,
    );
  });

  it('is refused if its .dockerignore cannot be read', () => {
    expect(read(options({ ...backend, '.dockerignore/x': '' }))).toThrow(
      /\/\.dockerignore cannot be read \(EISDIR\)/,
    );
  });

  it('may have spaces, line breaks and letters of any script in its names', () => {
    const given = options({ ...backend, 'kairos/a b.py': '', 'kairos/ü.py': '', 'kairos/a\nb.py': '' });
    expect(pathsOf(given)).toEqual(
      expect.arrayContaining(['kairos/a b.py', 'kairos/ü.py', 'kairos/a\nb.py']),
    );
  });

  it('is refused if a name is not UTF-8', () => {
    const given = options(backend);
    writeFileSync(Buffer.concat([Buffer.from(join(given.source, 'kairos/b')), Buffer.of(0xff)]), '');
    expect(read(given)).toThrow(/kairos\/b\ufffd has a name that is not UTF-8; rename it/);
  });

  it.each([
    ['kairos/Models.py', 'kairos/models.py', 'kairos/Models.py and kairos/models.py'],
    ['kairos/Data/a.csv', 'kairos/data/b.csv', 'kairos/Data and kairos/data'],
    ['kairos/\u00fc.py', 'kairos/u\u0308.py', 'kairos/u\u0308.py and kairos/\u00fc.py'],
  ])('is refused if %s and %s are the same name on another system', (one, other, words) => {
    const given = options({ ...backend, [one]: '', [other]: '' });
    // Not on a Mac, where the second file replaced the first.
    const reading = expect(read(given));
    if (existsSync(join(given.source, 'KAIROS'))) reading.not.toThrow();
    else reading.toThrow(`has ${words}, which are the same name`);
  });

  it('is refused if it has a folder with the name of the overlay', () => {
    expect(read(options({ ...backend, 'kairos_image/x.py': '' }))).toThrow(/kairos_image has the name of/);
  });

  it('is refused if Git cannot read the checkout', () => {
    expect(read(options({ ...backend, '.git': 'gitdir: /nowhere\n' }))).toThrow(
      /Git cannot say which files of/,
    );
  });

  it('is refused if a link points outside of it', () => {
    const given = options(backend);
    symlinkSync(overlay, join(given.source, 'kairos/outside'));
    expect(read(given)).toThrow(/kairos\/outside is a symbolic link to .*outside the folder/);
  });

  it('is refused if a link points to a sibling folder whose name has the same beginning', () => {
    const parent = folderOf({ ...prefixed('one', backend), 'one-more/x.py': '' });
    symlinkSync('../../one-more/x.py', join(parent, 'one/kairos/x.py'));
    expect(read(optionsOf(join(parent, 'one')))).toThrow(/outside the folder/);
  });

  it('is refused if a link points to a missing file', () => {
    const given = options(backend);
    symlinkSync('missing.py', join(given.source, 'kairos/dangling.py'));
    expect(read(given)).toThrow(/kairos\/dangling\.py cannot be read \(ENOENT\)/);
  });

  it('is refused if a link points to a parent folder', () => {
    const given = options(backend);
    symlinkSync('..', join(given.source, 'kairos/up'));
    expect(read(given)).toThrow(/kairos\/up is a symbolic link to .*a folder that holds it/);
  });

  it('is accepted if the rules exclude such a link', () => {
    const given = options({ ...backend, '.dockerignore': 'kairos/outside\n' });
    symlinkSync(overlay, join(given.source, 'kairos/outside'));
    expect(read(given)).not.toThrow();
  });

  it('is refused if it contains something other than files and folders', () => {
    const given = options(backend);
    execFileSync('mkfifo', [join(given.source, 'kairos/pipe')]);
    expect(read(given)).toThrow(/kairos\/pipe is neither a file nor a folder/);
  });

  it('is refused if a file cannot be read', () => {
    const given = options(backend);
    chmodSync(given.source, 0o755);
    chmodSync(join(given.source, 'kairos/main.py'), 0o000);
    asNobody(() => {
      expect(read(given)).toThrow(/kairos\/main\.py cannot be read \(EACCES\)/);
    });
  });

  it('is refused above the size limit, with the largest files', () => {
    const given = options({ ...backend, 'kairos/data.bin': 'x'.repeat(2000) }, { maximumBytes: 1000 });
    expect(read(given)).toThrow(
      /more than the 1000 allowed; the largest files are kairos\/data\.bin \(2000 bytes\)/,
    );
  });
});

function prefixed(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));
}

/** Root can read everything, so the test reads as another user. */
function asNobody(work: () => void): void {
  const user = process.geteuid?.();
  if (user === 0) {
    process.seteuid?.(65534);
  }
  try {
    work();
  } finally {
    if (user === 0) {
      process.seteuid?.(0);
    }
  }
}
