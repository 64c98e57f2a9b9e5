import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePythonEnvironment } from '../../cli/tools/python';
import { outputFolder, root, startUpFolder } from './paths';

const backend = join(root, 'images', 'backend');

/**
 * The tests of a module if they are not in `test_<module>.py`. Those of `test_start.py` start processes, which mutmut
 * cannot observe, so they are only listed for code that no other test runs.
 */
const testsElsewhere: Readonly<Record<string, readonly string[]>> = {
  __init__: ['test_start'],
  lifespan: ['test_lifespan', 'test_same_as_mangum'],
  serving: ['test_start_in_process'],
  start: ['test_start_in_process'],
};

/**
 * Mutates files of the start-up module with mutmut, in a copy, because it writes a folder where it runs.
 * @param files names in the module's folder; all if empty.
 * @returns the exit code.
 */
export async function mutatePython(files: readonly string[]): Promise<number> {
  const python = await ensurePythonEnvironment({
    shell: process.env,
    requirements: ['dev', 'mutants'].map((name) => join(backend, `requirements-${name}.txt`)),
    minimum: [3, 11],
  });
  const modules = readdirSync(join(root, startUpFolder)).filter((name) => name.endsWith('.py'));
  const cwd = prepare(files.length === 0 || files.includes('*.py') ? modules : files);
  const mutmut = (...args: readonly string[]) =>
    spawnSync(python, ['-m', 'mutmut', ...args], { cwd, stdio: 'inherit' }).status ?? 1;
  const code = mutmut('run', '--max-children', '2');
  mutmut('results');
  return code;
}

/** From mutmut's own folder `mutants`, the tests find the example backend at the same relative path. */
function prepare(files: readonly string[]): string {
  const copy = join(outputFolder, 'python');
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  cpSync(backend, join(copy, 'backend'), { recursive: true });
  cpSync(join(root, 'examples'), join(copy, 'examples'), { recursive: true });
  writeFileSync(join(copy, 'backend', 'setup.cfg'), configuration(files));
  return join(copy, 'backend');
}

/** https://mutmut.readthedocs.io: which files of the copy are mutated, and which tests are run. */
function configuration(files: readonly string[]): string {
  const list = (values: readonly string[]) => values.map((value) => `\n    ${value}`).join('');
  const modules = files.map((file) => file.replace(/\.py$/, ''));
  const tests = new Set(modules.flatMap((module) => testsElsewhere[module] ?? [`test_${module}`]));
  return `[mutmut]
source_paths = start_up
only_mutate =${list(files.map((file) => `start_up/${file}`))}
also_copy =${list(['pytest.ini'])}
pytest_add_cli_args_test_selection =${list([...tests].map((name) => `tests/${name}.py`))}
pytest_add_cli_args =${list(['-p', 'no:cacheprovider'])}
use_git_change_detection = false
`;
}
