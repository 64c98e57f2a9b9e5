import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../../errors';
import { makeFolder } from '../folder';
import { run, type Shell, Stopped } from '../process';
import { tell } from '../terminal';
import { cacheFolder } from './cache';
import { given, homeFolder } from '../variables';
import { pythonShell } from './python-shell';
import { fetchedPythons, fetchPython, type FetchPythonOptions, uvRequirements } from './uv';

/** What a Python reports about itself. */
export interface Python {
  /** The command that starts it. */
  readonly command: string;
  /** Major and minor version. */
  readonly version: readonly [number, number];
}

/** It stays in each environment, for tools that create other environments there. */
const installer = uvRequirements;

const hashed = ['install', '--quiet', '--require-hashes'];

/** Compiled once. uv leaves that to the first import, and a shell may set that imports store no bytecode. */
const compiled = [...hashed, '--compile-bytecode'];

const candidates = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

/**
 * Finds a Python by running it, because a version manager puts commands on the path that only report that they are not
 * installed.
 * @param minimum the oldest accepted version.
 * @throws UserError if none is new enough.
 */
export async function findPython(shell: Shell, minimum: readonly [number, number]): Promise<Python> {
  const seen: string[] = [];
  for (const command of [
    ...(shell.KAIROS_PYTHON ? [shell.KAIROS_PYTHON] : candidates),
    ...pyenvPythons(shell),
    ...fetchedPythons(shell),
  ]) {
    const version = await versionOf(command, shell);
    if (version === undefined) continue;
    if (compare(version, minimum) >= 0) return { command, version };
    seen.push(`${command} is ${version.join('.')}`);
  }
  const found = seen.length === 0 ? 'none was found' : seen.join(', ');
  throw new UserError(
    `Python ${minimum.join('.')} or newer is needed: ${found}; install one (https://www.python.org/downloads, "mise install" or "apt install python3 python3-venv"), or name it in KAIROS_PYTHON`,
  );
}

export interface EnsurePythonOptions extends FetchPythonOptions {
  /** Called with the line that says what is downloaded. @default - it is printed on standard error */
  readonly onLine?: (line: string) => void;
}

/**
 * Finds a Python. If the machine has no suitable one, and none is named, uv downloads one into the project's cache.
 * @param minimum the oldest accepted version.
 * @throws UserError if there is none and none can be downloaded.
 */
export async function ensurePython(
  shell: Shell,
  minimum: readonly [number, number],
  options: EnsurePythonOptions = {},
): Promise<Python> {
  try {
    return await findPython(shell, minimum);
  } catch (missing) {
    if (!(missing instanceof UserError) || shell.KAIROS_PYTHON) throw missing;
    const { onLine = tell } = options;
    onLine(`no Python ${minimum.join('.')} or newer was found: downloading one with uv`);
    try {
      await fetchPython(shell, options);
    } catch (error) {
      if (error instanceof Stopped) throw error;
      throw new UserError(`${missing.message}; downloading one with uv failed: ${messageOf(error)}`);
    }
    return findPython(shell, minimum);
  }
}

/** pyenv puts only its active versions on the path. The others are in its folder. */
function pyenvPythons(shell: Shell): readonly string[] {
  const versions = join(given(shell.PYENV_ROOT) ?? join(homeFolder(shell), '.pyenv'), 'versions');
  if (!existsSync(versions)) return [];
  return readdirSync(versions)
    .filter((name) => /^3\.1\d\./.test(name))
    .sort()
    .reverse()
    .map((name) => join(versions, name, 'bin', 'python3'));
}

async function versionOf(command: string, shell: Shell): Promise<[number, number] | undefined> {
  const probe = ['-c', 'import sys, venv, ensurepip; print(*sys.version_info[:2])'];
  const result = await run(command, probe, { shell: pythonShell(shell) }).catch(() => undefined);
  const match = result?.code === 0 ? /^(\d+) (\d+)$/m.exec(result.stdout) : null;
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}

function compare(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] === b[0] ? a[1] - b[1] : a[0] - b[0];
}

export interface PythonEnvironmentOptions {
  /** The environment variables. */
  readonly shell: Shell;
  /** Requirements files, each with hashes. The name of the environment is derived from them. */
  readonly requirements: readonly string[];
  /** The oldest accepted Python. */
  readonly minimum: readonly [number, number];
  /** Called with the line that says that a Python is downloaded. @default - it is printed on standard error */
  readonly onLine?: (line: string) => void;
}

/**
 * A virtual environment with exactly the packages of the requirements files. It is created once and then found again.
 * @returns the command of its Python.
 * @throws UserError if there is no Python, or the packages cannot be installed.
 */
export async function ensurePythonEnvironment(options: PythonEnvironmentOptions): Promise<string> {
  const { shell, requirements } = options;
  const python = await ensurePython(shell, options.minimum, { onLine: options.onLine });
  const home = join(cacheFolder(shell), 'python', environmentKey(python, requirements));
  const command = join(home, 'bin', 'python');
  if (existsSync(command)) return command;
  // Created under another name and renamed when it is complete, so that a partial environment is never found.
  const draft = `${home}.${String(process.pid)}`;
  makeFolder(join(home, '..'));
  try {
    await must(python.command, ['-m', 'venv', draft], shell, 'create a virtual environment');
    const inside = join(draft, 'bin', 'python');
    await must(inside, ['-m', 'pip', ...hashed, '--requirement', installer], shell, 'install uv');
    const files = requirements.flatMap((file) => ['--requirement', file]);
    const uv = ['-m', 'uv', 'pip', ...compiled, '--python', inside, ...files];
    await must(inside, uv, shell, 'install the packages');
    if (!existsSync(command)) renameSync(draft, home);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return command;
}

function environmentKey(python: Python, requirements: readonly string[]): string {
  const hash = createHash('sha256').update(
    `${process.platform} ${process.arch} ${python.version.join('.')} ${compiled.join(' ')}\n`,
  );
  for (const file of [installer, ...requirements]) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

async function must(command: string, args: readonly string[], shell: Shell, purpose: string): Promise<void> {
  const { code, output } = await run(command, args, { shell: pythonShell(shell) });
  if (code === 0) return;
  const last = output.trim().split('\n').slice(-3).join('; ');
  throw new UserError(`could not ${purpose} with ${command}: ${last || `exit code ${String(code)}`}`);
}
