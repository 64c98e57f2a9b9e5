import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

const root = join(__dirname, '..');
const cacheFolder = join(root, 'node_modules', '.cache', 'kairos-infrastructure', 'functions');

const options = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  legalComments: 'none',
  // The Lambda runtime contains it.
  external: ['@aws-sdk/*'],
} satisfies BuildOptions;

/** The code of a function, as Lambda expects it. */
export interface FunctionCode {
  /** The absolute path of the zip file. */
  readonly path: string;
  /** SHA-256 of the zip file in base64, as `source_code_hash` expects it. */
  readonly hash: string;
}

/**
 * Bundles a function of `functions/` into a zip file that is byte for byte the same on every machine. It is cached by
 * the content of its sources, so that a synth with unchanged functions does not start esbuild.
 * @param name the function's folder, whose `handler.ts` exports `handler`.
 */
export function functionCode(name: string): FunctionCode {
  const path = join(cacheFolder, `${name}-${contentHash(join(root, 'functions', name))}.zip`);
  if (!existsSync(path)) {
    write(path, zipOf(bundleFunction(name)));
  }
  return { path, hash: createHash('sha256').update(readFileSync(path)).digest('base64') };
}

/** @returns the JavaScript of a function of `functions/`, bundled into one file. */
export function bundleFunction(name: string): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- costs 40 ms, which a synthesis rarely needs
  const { buildSync } = require('esbuild') as typeof import('esbuild');
  const { outputFiles } = buildSync({
    ...options,
    entryPoints: [join('functions', name, 'handler.ts')],
    absWorkingDir: root,
    write: false,
  });
  const [file] = outputFiles;
  if (file === undefined) {
    throw new Error(`esbuild made nothing of functions/${name}/handler.ts`);
  }
  return file.text;
}

/** @returns a zip file with the code as `handler.js`. */
export function zipOf(code: string): Uint8Array {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- as above
  const { strToU8, zipSync } = require('fflate') as typeof import('fflate');
  // A zip file contains local times. This one is the same in every time zone. Unix (3) stores the file's mode.
  const mtime = new Date(1980, 0, 1);
  return zipSync({ 'handler.js': [strToU8(code), { mtime, level: 9, os: 3, attrs: 0o644 << 16 }] });
}

function contentHash(folder: string): string {
  const hash = createHash('sha256').update(
    JSON.stringify([options, versionOf('esbuild'), versionOf('fflate')]),
  );
  for (const file of readdirSync(folder).sort()) {
    hash.update(`\0${file}\0`).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 32);
}

function versionOf(library: string): string {
  // Not by a path below the root: a member of an npm workspace has its packages one folder up.
  return readFileSync(require.resolve(`${library}/package.json`), 'utf8');
}

/** The file gets its name when it is complete, so that a partial file is never used. */
function write(path: string, content: Uint8Array): void {
  mkdirSync(cacheFolder, { recursive: true });
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, content);
  renameSync(partial, path);
}
