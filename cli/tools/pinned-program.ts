import { createHash } from 'node:crypto';
import { chmodSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../folder';

/** How long a server may take over one answer, in seconds: Terraform's archive has 27 MB. */
const patience = 600;

export interface PinnedProgram {
  /** The archive that holds it, a zip or a wheel. */
  readonly url: string;
  /** What the archive's SHA-256 may be. */
  readonly digests: readonly string[];
  /** How the path of the program in the archive ends. */
  readonly entry: string;
  /** The file to write. */
  readonly file: string;
}

/**
 * Fetches one program; one that is there already is left alone. Nothing is kept of an archive that is not pinned.
 * @throws when it cannot be had, or is not what it must be.
 */
export async function fetchProgram({ url, digests, entry, file }: PinnedProgram): Promise<string> {
  if (existsSync(file)) return file;
  const bytes = new Uint8Array(await (await get(url)).arrayBuffer());
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (!digests.includes(digest))
    throw new Error(`${url} has the SHA-256 ${digest}, which is not one that is pinned`);
  const { unzipSync } = await import('fflate');
  const [program] = Object.values(unzipSync(bytes, { filter: ({ name }) => name.endsWith(entry) }));
  if (program === undefined) throw new Error(`${url} holds no ${entry}`);
  makeFolder(dirname(file));
  // Renamed when whole: a half-written program must never be found.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, program);
  chmodSync(draft, 0o755);
  renameSync(draft, file);
  return file;
}

/** @returns the answer. @throws with the address, and with what the system says of a network that is not there. */
export async function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const signal = AbortSignal.timeout(patience * 1000);
  const response = await fetch(url, { headers, signal }).catch((error: unknown) => {
    const { cause = error } = error instanceof Error ? error : {};
    throw new Error(`${url}: ${cause instanceof Error ? cause.message : String(cause)}`);
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}
