import { existsSync } from 'node:fs';
import { z } from 'zod';
import { ps } from '../ps';
import type { CloudRecord, LocalHome } from './home';

const identitySchema = z.object({ home: z.string(), process: z.int() });

/** How long a server may take to say who it is, in milliseconds. */
const patience = 2_000;

/** @returns the base address of the AWS APIs of a local cloud. */
export function endpointOf({ port }: Pick<CloudRecord, 'port'>): string {
  return `http://127.0.0.1:${port}`;
}

/** Asks whoever has the port who it is. @returns whether it is the server of this home and of this record. */
export async function isServerOf(home: LocalHome, record: CloudRecord): Promise<boolean> {
  const status = `${endpointOf(record)}/_kairos/status`;
  const answer = await fetch(status, { signal: AbortSignal.timeout(patience) })
    .then((response): Promise<unknown> => response.json())
    .catch(() => undefined); // nobody is there, or somebody else who answers otherwise
  const identity = identitySchema.safeParse(answer).data;
  return identity?.process === record.pid && identity.home === home.folder;
}

/**
 * Looks for the server of this home among the processes, for one that does not answer yet or any more, or whose record
 * is lost: its command line says all that the record says. One that this home's record names is its own too when the
 * folder that it was started in is no longer there: the checkout was moved.
 */
export function findServer(home: LocalHome): CloudRecord | undefined {
  const recorded = home.read()?.pid;
  // In the locale C it puts a question mark for each byte of a path that is no ASCII.
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
