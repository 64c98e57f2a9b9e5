import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { run, type Shell, Stopped } from '../process';
import { cacheFolder } from './cache';
import { fetchProgram, get } from './pinned-program';
import { pythonShell } from './python-shell';

/** uv itself, with its hashes. */
export const uvRequirements = join(__dirname, 'uv-requirements.txt');

/** The Python version in mise.toml; uv uses its newest patch release. */
const pythonVersion = '3.12';

export interface FetchPythonOptions {
  /** Where uv is downloaded from if the machine has none. @default - PyPI */
  readonly index?: string;
  /** The requirements file that pins uv. @default - the project's own */
  readonly requirements?: string;
}

/** @returns the Pythons that were downloaded before. */
export function fetchedPythons(shell: Shell): readonly string[] {
  const folder = pythonsFolder(shell);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith('cpython-'))
    .map((name) => join(folder, name, 'bin', 'python3'));
}

/**
 * Downloads a Python into the project's cache with uv, either the machine's or a downloaded one.
 * @throws if one of the two cannot be downloaded.
 */
export async function fetchPython(shell: Shell, options: FetchPythonOptions = {}): Promise<void> {
  const uv = (await machineHasUv(shell)) ? 'uv' : await fetchUv(shell, options);
  const args = ['python', 'install', pythonVersion, '--install-dir', pythonsFolder(shell)];
  // It belongs to this project, so no link to it is put on the user's path.
  const { code, output } = await run(uv, args, {
    shell: { ...pythonShell(shell), UV_PYTHON_INSTALL_BIN: '0' },
  });
  if (code === 0) return;
  throw new Error(output.trim().split('\n').at(-1)?.trim() ?? `uv ended with exit code ${code}`);
}

function pythonsFolder(shell: Shell): string {
  return join(cacheFolder(shell), 'pythons');
}

async function machineHasUv(shell: Shell): Promise<boolean> {
  try {
    return (await run('uv', ['--version'], { shell })).code === 0;
  } catch (error) {
    if (error instanceof Stopped) throw error;
    return false; // it does not exist
  }
}

/** https://packaging.python.org/en/latest/specifications/simple-repository-api */
const projectSchema = z.object({ files: z.array(z.object({ filename: z.string(), url: z.string() })) });

/** pip needs a Python, so the wheel, an archive with one program in it, is downloaded from PyPI directly. */
async function fetchUv(shell: Shell, options: FetchPythonOptions): Promise<string> {
  const { index = 'https://pypi.org/simple', requirements = uvRequirements } = options;
  const pins = readFileSync(requirements, 'utf8');
  const version = /^uv==(\S+)/m.exec(pins)?.[1] ?? '';
  const headers = { accept: 'application/vnd.pypi.simple.v1+json' };
  const { files } = projectSchema.parse(await (await get(`${index}/uv/`, headers)).json());
  const wheel = files.find(
    ({ filename }) => filename.startsWith(`uv-${version}-`) && isForThisMachine(filename),
  );
  if (wheel === undefined) throw new Error(`PyPI has no uv for ${process.platform} on ${process.arch}`);
  return fetchProgram({
    url: wheel.url,
    digests: [...pins.matchAll(/--hash=sha256:(\w+)/g)].map(([, digest = '']) => digest),
    entry: '/scripts/uv',
    file: join(cacheFolder(shell), 'uv', version, 'uv'),
  });
}

/** @param filename of a wheel: https://packaging.python.org/en/latest/specifications/platform-compatibility-tags */
function isForThisMachine(filename: string): boolean {
  const system = process.platform === 'darwin' ? 'macosx' : 'manylinux';
  const arm = process.platform === 'darwin' ? 'arm64' : 'aarch64';
  return filename.includes(system) && filename.includes(`_${process.arch === 'x64' ? 'x86_64' : arm}`);
}
