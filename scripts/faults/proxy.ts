import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { faultAnswer, type FaultKind, seededRandom } from './faults';

export interface ProxyOptions {
  /** Where right answers come from: `http://127.0.0.1:4566`. */
  readonly target: string;
  readonly kind: FaultKind;
  /** The share of the calls that go wrong, 0 to 1. */
  readonly share: number;
  readonly seed: number;
  /** How long a slow answer takes, in milliseconds. */
  readonly slowness: number;
}

/** A way to AWS on which some calls go wrong. */
export class FaultyProxy {
  calls = 0;
  faults = 0;

  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  static async start({ target, kind, share, seed, slowness }: ProxyOptions): Promise<FaultyProxy> {
    const random = seededRandom(seed);
    const server = createServer((incoming, outgoing) => {
      const isFaulty = random() < share;
      proxy.calls += 1;
      if (isFaulty) proxy.faults += 1;
      const path = incoming.url ?? '/';
      const handle = async () => {
        if (isFaulty && kind === 'reset') {
          incoming.socket.destroy();
          return;
        }
        const answer = isFaulty ? faultAnswer(kind, path, incoming.headers) : undefined;
        if (answer !== undefined) {
          incoming.resume();
          outgoing.writeHead(answer.status, answer.headers).end(answer.body);
          return;
        }
        if (isFaulty) await pause(slowness);
        const { host } = new URL(target);
        const forwarded = request(
          `${target}${path}`,
          { method: incoming.method, headers: { ...incoming.headers, host } },
          (answered) => {
            outgoing.writeHead(answered.statusCode ?? 502, answered.headers);
            answered.pipe(outgoing);
          },
        );
        forwarded.on('error', () => outgoing.destroy());
        incoming.pipe(forwarded);
      };
      void handle();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address: string | AddressInfo | null = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the proxy has no address');
    const proxy = new FaultyProxy(server, `http://127.0.0.1:${address.port}`);
    return proxy;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
