import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import { close, forward, listen } from '../faults/forward';

/** A proxy to AWS that holds a response back: AWS has done what was requested, but the client never learns it. */
export class HoldingProxy {
  /** How many calls AWS has answered. */
  answered = 0;
  private open = 0;
  private readonly ends = new EventEmitter();

  private constructor(
    private readonly server: Server,
    readonly address: string,
    private readonly last: number,
  ) {}

  /** @param last the number of the first response to hold back, with all after it. @default - none */
  static async start(target: string, last = Number.POSITIVE_INFINITY): Promise<HoldingProxy> {
    const { server, address } = await listen((incoming, outgoing) => {
      proxy.open += 1;
      forward(target, incoming)
        .then((answered) => {
          proxy.answered += 1;
          if (proxy.isHolding) answered.resume();
          else {
            outgoing.writeHead(answered.statusCode ?? 502, answered.headers);
            answered.pipe(outgoing);
          }
        })
        .catch(() => outgoing.destroy())
        .finally(() => {
          proxy.open -= 1;
          proxy.ends.emit('end');
        });
    });
    const proxy = new HoldingProxy(server, address, last);
    return proxy;
  }

  /** Whether a response is being held back. */
  get isHolding(): boolean {
    return this.answered >= this.last;
  }

  /** Waits until AWS has finished all requests. */
  async idle(): Promise<void> {
    while (this.open > 0) await once(this.ends, 'end');
  }

  async stop(): Promise<void> {
    await close(this.server);
  }
}
