import { existsSync } from 'node:fs';
import { z } from 'zod';
import { ps } from '../ps';
import type { CloudRecord, LocalHome } from './home';

const identitySchema = z.object({ home: z.string(), process: z.int() });

/** The time limit for a server to identify itself, in milliseconds. */
const patience = 2_000;

/** @returns the endpoint of a local cloud. */
export function endpointOf({ port }: Pick<CloudRecord, 'port'>): string {
  return `http://127.0.0.1:${port}`;
}

/** Asks the server on the port to identify itself. @returns whether it is the server of this home and this record. */
export async function isServerOf(home: LocalHome, record: CloudRecord): Promise<boolean> {
  const status = `${endpointOf(record)}/_kairos/status`;
  const answer = await fetch(status, { signal: AbortSignal.timeout(patience) })
    .then((response): Promise<unknown> => response.json())
    .catch(() => undefined); // there is no server, or another one
  const identity = identitySchema.safeParse(answer).data;
  return identity?.process === record.pid && identity.home === home.folder;
}

/**
 * Searches the processes for the server of this home, if it does not answer (yet), or if its record is lost. Its
 * command line contains everything that the record does. A server in the record also belongs to this home if its
 * working folder no longer exists, because the checkout was moved.
 */
export function findServer(home: LocalHome): CloudRecord | undefined {
  const recorded = home.read()?.pid;
  // In the locale C it prints a question mark for each byte of a path that is not ASCII.
  const printed = ps(['-A', '-ww', '-o', 'pid=,args='], { ...process.env, LC_ALL: 'C.UTF-8' });
  for (const line of printed.split('\n')) {
    const [, pid, port, accountId, region, folder] =
      /^\s*(\d+) .* -m emulator --port (\d+) --account (\d+) --region (\S+) --home (.+)$/.exec(line) ?? [];
    if (accountId === undefined || region === undefined || folder === undefined) continue;
    const moved = Number(pid) === recorded && !existsSync(folder);
    if (folder === home.folder || moved) return { pid: Number(pid), port: Number(port), accountId, region };
  }
  return undefined;
}
