import { createHash } from 'node:crypto';
import { chmodSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../folder';

/** The time limit for one response of a server, in seconds: Terraform's archive has 27 MB. */
const patience = 600;

export interface PinnedProgram {
  /** The archive that contains it, a zip or a wheel. */
  readonly url: string;
  /** The allowed SHA-256 values of the archive. */
  readonly digests: readonly string[];
  /** The end of the program's path in the archive. */
  readonly entry: string;
  /** The file to write. */
  readonly file: string;
}

/**
 * Downloads one program, unless it exists. An archive with another hash is not stored.
 * @throws if it cannot be downloaded, or has another hash.
 */
export async function fetchProgram({ url, digests, entry, file }: PinnedProgram): Promise<string> {
  if (existsSync(file)) return file;
  const bytes = new Uint8Array(await (await get(url)).arrayBuffer());
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (!digests.includes(digest)) throw new Error(`${url} has the SHA-256 ${digest}, which is not pinned`);
  const { unzipSync } = await import('fflate');
  const [program] = Object.values(unzipSync(bytes, { filter: ({ name }) => name.endsWith(entry) }));
  if (program === undefined) throw new Error(`${url} does not contain ${entry}`);
  makeFolder(dirname(file));
  // Renamed when it is complete, so that a partial program is never found.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, program);
  chmodSync(draft, 0o755);
  renameSync(draft, file);
  return file;
}

/** @returns the response. @throws an error with the URL, and with the system's message if there is no network. */
export async function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const signal = AbortSignal.timeout(patience * 1000);
  const response = await fetch(url, { headers, signal }).catch((error: unknown) => {
    const { cause = error } = error instanceof Error ? error : {};
    throw new Error(`${url}: ${cause instanceof Error ? cause.message : String(cause)}`);
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}
