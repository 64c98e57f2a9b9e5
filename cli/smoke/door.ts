import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../errors';
import { type ConnectTo, connectTo, reachable } from '../address';
import { addressesAt } from '../local/addresses';
import type { Shell } from '../process';

/** A response from a public URL. */
export interface DoorAnswer {
  /** The requested URL, as this machine reaches it. */
  readonly address: string;
  /** The status; undefined if there was no response. */
  readonly status?: number;
  /** The body, or why there was no response. */
  readonly text: string;
  /** The duration of the last try, in milliseconds. */
  readonly milliseconds: number;
  /** The number of tries. */
  readonly tries: number;
}

/** The tries of a request, the time limit of one try, and the pause after the first, in milliseconds. */
const patience = { tries: 4, request: 25_000, pause: 400 } as const;

/** An environment's public URL, as a client uses it. */
export class Door {
  private constructor(private readonly connections: ConnectTo) {}

  /** @param shell the environment variables. With the local cloud they contain the addresses of public hosts. */
  static async open(shell: Shell): Promise<Door> {
    const endpoint = shell.AWS_ENDPOINT_URL;
    // A resource that was deployed after the variables were set has an address too.
    const served = endpoint !== undefined && isLoopback(endpoint) ? await addressesAt(endpoint) : [];
    return new Door(new Map([...served, ...connectTo(shell)]));
  }

  /** @returns the response to a request. It is repeated if a cold start takes long, or if it was refused. */
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
