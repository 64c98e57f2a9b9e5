import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run, type RunResult } from '../../cli/process';
import { print, table, tell } from '../../cli/terminal';
import { ensurePythonEnvironment } from '../../cli/tools/python';
import { UserError } from '../../errors';
import { type NamedMutant, namedMutants } from './named';
import { outputFolder, root } from './paths';

/**
 * Makes each named change in a copy of the project, runs the nearest tests, and prints which failed.
 * @param words only changes whose name contains these; all if empty.
 * @returns 1 if a change passes all of its tests.
 */
export async function tryNamedMutants(words: string): Promise<number> {
  const chosen = namedMutants.filter(({ name }) => name.includes(words));
  if (chosen.length === 0) throw new UserError(`no name in scripts/mutants/named.ts has "${words}"`);
  const copy = await copyProject();
  await refuseRedTests(chosen, copy);
  const rows: (readonly [string, string])[] = [];
  for (const mutant of chosen) {
    tell(mutant.name);
    rows.push([mutant.name, (await killerOf(mutant, copy)) ?? 'SURVIVED']);
  }
  print(await table(['change', 'first test that fails'], rows));
  return rows.every(([, killer]) => killer !== 'SURVIVED') ? 0 : 1;
}

/** The files that Git has or would add; the packages are linked. @returns the copy's folder. */
async function copyProject(): Promise<string> {
  const copy = join(outputFolder, 'named');
  rmSync(copy, { recursive: true, force: true });
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await run('git', args, { cwd: root, shell: process.env });
  for (const path of stdout.split('\n')) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Tests that always fail, or do not exist, would detect every change. */
async function refuseRedTests(mutants: readonly NamedMutant[], copy: string): Promise<void> {
  tell('the same tests without any change');
  for (const [words, tests] of new Map(mutants.map((mutant) => [mutant.tests.join(' '), mutant.tests]))) {
    const { code, output } = await runTests(tests, copy);
    if (code !== 0) throw new UserError(`${words} fails without any change:\n${output}`);
  }
}

async function killerOf(mutant: NamedMutant, copy: string): Promise<string | undefined> {
  const path = join(copy, mutant.file);
  const text = readFileSync(path, 'utf8');
  const parts = text.split(mutant.from);
  if (parts.length !== 2)
    throw new UserError(
      `${mutant.file} has ${parts.length - 1} times what "${mutant.name}" replaces; see scripts/mutants/named.ts`,
    );
  writeFileSync(path, parts.join(mutant.to));
  try {
    const { code, output } = await runTests(mutant.tests, copy);
    return code === 0 ? undefined : firstFailureIn(output);
  } finally {
    writeFileSync(path, text);
  }
}

async function runTests(tests: readonly string[], copy: string): Promise<RunResult> {
  const shell = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
  const pytest = async (folder: string, cwd: string) => {
    const requirements = [join(root, folder, 'requirements-dev.txt')];
    const python = await ensurePythonEnvironment({ shell: process.env, requirements, minimum: [3, 11] });
    const args = ['-m', 'pytest', '-x', '-q', '-p', 'no:cacheprovider'];
    return run(python, [...args, ...tests.map((test) => join(copy, test))], { cwd: join(copy, cwd), shell });
  };
  const [first = ''] = tests;
  if (first.startsWith('emulator/')) return pytest('emulator', '.');
  if (first.startsWith('images/')) return pytest('images/backend', 'images/backend');
  const args = ['jest', '--selectProjects', 'unit', '--bail', '--', ...tests];
  return run('npx', args, { cwd: copy, shell });
}

/** @returns the title of the first failed test in the output of jest or pytest, or the last line. */
function firstFailureIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const jest = lines.find((line) => line.startsWith('● '));
  const pytest = lines.find((line) => /^(FAILED|ERROR) /.test(line));
  return (jest ?? pytest ?? lines.at(-1) ?? '').replace(/^(● |FAILED |ERROR )/, '').replace(/ - .*/, '');
}
