import { UserError } from '../errors';
import type { Shell } from './process';

/**
 * Where a public address is reached instead: `<host>=<base address>` pairs with spaces between, in
 * `KAIROS_CONNECT_TO`. The local cloud sets it for the names that it plays; it serves as well to try a
 * distribution before its name points to it.
 */
export type ConnectTo = ReadonlyMap<string, string>;

/** @throws UserError when a pair is none. */
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

/** @returns the address to send a request to, so that it arrives where `url` is meant to lead. */
export function reachable(url: string, connections: ConnectTo): string {
  const { host, origin } = new URL(url);
  const base = connections.get(host);
  return base === undefined ? url : base + url.slice(origin.length);
}

/** @returns the value of `KAIROS_CONNECT_TO` that says this. */
export function connectToVariable(connections: ConnectTo): string | undefined {
  if (connections.size === 0) return undefined;
  return [...connections].map(([host, base]) => `${host}=${base}`).join(' ');
}
