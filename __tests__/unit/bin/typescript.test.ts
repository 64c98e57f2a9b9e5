import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..', '..', '..');

/** A project with one file, which prints a word, and whether sucrase was needed to load it. */
class SmallProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'kairos-typescript-'));
  readonly kept = join(this.folder, '.kairos', 'typescript', 'app', 'main.ts.js');

  constructor() {
    cpSync(join(root, 'bin', 'typescript.js'), join(this.folder, 'bin', 'typescript.js'));
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
    mkdirSync(join(this.folder, 'app'));
    writeFileSync(join(this.folder, 'before.js'), '');
    this.write('one');
  }

  write(word: string): void {
    const text =
      `const word: string = '${word}';\n` +
      `const transpiled = Object.keys(require.cache).some((file) => /sucrase.dist.index/.test(file));\n` +
      `console.log(JSON.stringify({ word, transpiled }));\n`;
    writeFileSync(join(this.folder, 'app', 'main.ts'), text);
  }

  /** Adds an error on the fourth line, after lines that only TypeScript has. */
  fail(): void {
    const text = "interface Unused {\n  readonly a: string;\n}\nthrow new Error('here');\n";
    writeFileSync(join(this.folder, 'app', 'main.ts'), text);
  }

  /** From now on no folder can be created. @param code of the system's error. */
  refuseWriting(code: string): void {
    const refuse = `require('node:fs').mkdirSync = () => { throw Object.assign(new Error('${code}'), { code: '${code}' }); };`;
    writeFileSync(join(this.folder, 'before.js'), refuse);
  }

  /** From now on no cached file can be read. @param code of the system's error. */
  refuseReading(code: string): void {
    const refuse = `const fs = require('node:fs'), read = fs.readFileSync;
fs.readFileSync = (file, ...more) => {
  if (String(file).includes('.kairos')) throw Object.assign(new Error('${code}'), { code: '${code}' });
  return read(file, ...more);
};`;
    writeFileSync(join(this.folder, 'before.js'), refuse);
  }

  start(): unknown {
    const command = ['-r', './before.js', '-r', './bin/typescript', 'app/main.ts'];
    const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: this.folder, encoding: 'utf8' });
    if (stderr !== '') throw new Error(stderr);
    return JSON.parse(stdout);
  }
}

it('transpiles a file at the first start, and not at the next', () => {
  const project = new SmallProject();
  expect(project.start()).toEqual({ word: 'one', transpiled: true });
  expect(project.start()).toEqual({ word: 'one', transpiled: false });
});

it('transpiles a file again after a change', () => {
  const project = new SmallProject();
  project.start();
  project.write('two');
  expect(project.start()).toEqual({ word: 'two', transpiled: true });
  expect(project.start()).toEqual({ word: 'two', transpiled: false });
});

it('ignores a cached file that is incomplete', () => {
  const project = new SmallProject();
  project.start();
  writeFileSync(project.kept, readFileSync(project.kept, 'utf8').slice(0, 40));
  expect(project.start()).toEqual({ word: 'one', transpiled: true });
});

it('ignores a cached file of an earlier sucrase', () => {
  const project = new SmallProject();
  project.start();
  writeFileSync(project.kept, readFileSync(project.kept, 'utf8').replace(/sucrase \d/, 'sucrase 0'));
  expect(project.start()).toEqual({ word: 'one', transpiled: true });
});

it.each(['EROFS', 'EACCES', 'ENOSPC'])('works if the cache cannot be written: %s', (code) => {
  const project = new SmallProject();
  project.refuseWriting(code);
  expect(project.start()).toEqual({ word: 'one', transpiled: true });
  expect(project.start()).toEqual({ word: 'one', transpiled: true });
});

it('works if the cached file of another user cannot be read', () => {
  const project = new SmallProject();
  project.start();
  project.refuseReading('EACCES');
  expect(project.start()).toEqual({ word: 'one', transpiled: true });
});

it('fails if the cache cannot be written for another reason', () => {
  const project = new SmallProject();
  project.refuseWriting('EIO');
  expect(() => project.start()).toThrow('EIO');
});

it('keeps line numbers, which a stack trace shows', () => {
  const project = new SmallProject();
  project.fail();
  expect(() => project.start()).toThrow(/app\/main\.ts:4/);
  expect(() => project.start()).toThrow(/app\/main\.ts:4/);
});

it('says in one line what to type if no packages are installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-bare-'));
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  const { status, stderr } = spawnSync(process.execPath, ['bin/kairos.js'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stderr).toBe(
    'error: the packages of the project are not installed (there is no pirates); next: npm ci\n',
  );
  expect(status).toBe(1);
});
