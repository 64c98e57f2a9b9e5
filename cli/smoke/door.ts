import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../errors';
import { type ConnectTo, connectTo, reachable } from '../address';
import { addressesAt } from '../local/addresses';
import type { Shell } from '../process';

/** What came back from a public address. */
export interface DoorAnswer {
  /** The address that was asked, as this machine reaches it. */
  readonly address: string;
  /** The status, or nothing when no answer came. */
  readonly status?: number;
  /** The body, or why no answer came. */
  readonly text: string;
  /** How long the last try took, in milliseconds. */
  readonly milliseconds: number;
  /** How often it was asked. */
  readonly tries: number;
}

/** Tries of a request, how long one may take, and how long to pause after the first, in milliseconds. */
const patience = { tries: 4, request: 25_000, pause: 400 } as const;

/** An environment's public URL, as a client finds it. */
export class Door {
  private constructor(private readonly connections: ConnectTo) {}

  /** @param shell the environment variables: on the local cloud they lead to where public names are served. */
  static async open(shell: Shell): Promise<Door> {
    const endpoint = shell.AWS_ENDPOINT_URL;
    // What was deployed since the shell was pointed there has an address too.
    const served = endpoint !== undefined && isLoopback(endpoint) ? await addressesAt(endpoint) : [];
    return new Door(new Map([...served, ...connectTo(shell)]));
  }

  /** @returns what a request gets. A start-up that takes long is asked again, and so is one that was refused. */
  async get(url: string, tries: number = patience.tries): Promise<DoorAnswer> {
    const address = reachable(url, this.connections);
    for (let attempt = 1; ; attempt += 1) {
      const answer = await once(address);
      const mayPass = answer.status === undefined || answer.status === 429 || answer.status >= 500;
      if (!mayPass || attempt >= tries) return { ...answer, address, tries: attempt };
      await pause(patience.pause * 2 ** (attempt - 1) * (0.5 + Math.random()));
    }
  }
}

async function once(address: string): Promise<Omit<DoorAnswer, 'address' | 'tries'>> {
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  try {
    const response = await fetch(address, {
      redirect: 'manual',
      signal: AbortSignal.timeout(patience.request),
      headers: { 'user-agent': 'kairos-smoke' },
    });
    return { status: response.status, text: await response.text(), milliseconds: elapsed() };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { text: messageOf(cause), milliseconds: elapsed() };
  }
}

function isLoopback(endpoint: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpoint).hostname);
}
