import { UserError } from '../errors';
import type { Shell } from './process';

/**
 * Redirects requests of a public host to another address: `<host>=<base address>` pairs, separated by spaces, in
 * `KAIROS_CONNECT_TO`. The local cloud sets it for the host names that it serves. It can also be used to test a
 * distribution before its name points to it.
 */
export type ConnectTo = ReadonlyMap<string, string>;

/** @throws UserError if a pair is invalid. */
export function connectTo(shell: Shell): ConnectTo {
  const pairs = (shell.KAIROS_CONNECT_TO ?? '').split(/\s+/).filter((pair) => pair !== '');
  return new Map(
    pairs.map((pair): [string, string] => {
      const [, host, base] = /^([^=\s]+)=(https?:\/\/[^/\s]+)$/.exec(pair) ?? [];
      if (host === undefined || base === undefined) {
        throw new UserError(`KAIROS_CONNECT_TO has "${pair}"; expected <host>=http://<address>:<port>`);
      }
      return [host, base];
    }),
  );
}

/** @returns the address to which a request for `url` must be sent. */
export function reachable(url: string, connections: ConnectTo): string {
  const { host, origin } = new URL(url);
  const base = connections.get(host);
  return base === undefined ? url : base + url.slice(origin.length);
}

/** @returns the value of `KAIROS_CONNECT_TO` for these pairs. */
export function connectToVariable(connections: ConnectTo): string | undefined {
  if (connections.size === 0) return undefined;
  return [...connections].map(([host, base]) => `${host}=${base}`).join(' ');
}
