import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { faultAnswer, type FaultKind, seededRandom } from './faults';
import { close, forward, listen } from './forward';

export interface ProxyOptions {
  /** The endpoint of the real responses: `http://127.0.0.1:4566`. */
  readonly target: string;
  readonly kind: FaultKind;
  /** The share of the calls that fail, 0 to 1. */
  readonly share: number;
  readonly seed: number;
  /** The delay of a slow response, in milliseconds. */
  readonly slowness: number;
}

/** A proxy to AWS that makes some calls fail. */
export class FaultyProxy {
  calls = 0;
  faults = 0;

  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  static async start({ target, kind, share, seed, slowness }: ProxyOptions): Promise<FaultyProxy> {
    const random = seededRandom(seed);
    const { server, address } = await listen((incoming, outgoing) => {
      const isFaulty = random() < share;
      proxy.calls += 1;
      if (isFaulty) proxy.faults += 1;
      const handle = async () => {
        if (isFaulty && kind === 'reset') {
          incoming.socket.destroy();
          return;
        }
        const answer = isFaulty ? faultAnswer(kind, incoming.url ?? '/', incoming.headers) : undefined;
        if (answer !== undefined) {
          incoming.resume();
          outgoing.writeHead(answer.status, answer.headers).end(answer.body);
          return;
        }
        if (isFaulty) await pause(slowness);
        const answered = await forward(target, incoming);
        outgoing.writeHead(answered.statusCode ?? 502, answered.headers);
        answered.pipe(outgoing);
      };
      handle().catch(() => outgoing.destroy());
    });
    const proxy = new FaultyProxy(server, address);
    return proxy;
  }

  async stop(): Promise<void> {
    await close(this.server);
  }
}
