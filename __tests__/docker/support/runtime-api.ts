import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the function's process sent to the Runtime API. */
export type Outcome =
  | { readonly kind: 'response'; readonly body: string }
  | { readonly kind: 'error'; readonly body: string }
  | { readonly kind: 'init-error'; readonly body: string };

interface Invocation {
  readonly event: unknown;
  readonly settle: (outcome: Outcome) => void;
}

/**
 * The part of Lambda's Runtime API that one environment needs.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  private readonly server = createServer((request, response) => void this.answer(request, response));
  private readonly waiting: Invocation[] = [];
  private readonly running = new Map<string, Invocation>();
  private pending: (() => void) | undefined;
  private number = 0;

  static async open(): Promise<RuntimeApi> {
    const api = new RuntimeApi();
    await new Promise<void>((resolve) => api.server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get address(): string {
    const { port } = this.server.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  }

  /** Sends an event to the function. @returns its response, or its error if it could not start. */
  invoke(event: unknown): Promise<Outcome> {
    return new Promise((settle) => {
      this.waiting.push({ event, settle });
      this.pending?.();
    });
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace('/2018-06-01/runtime/', '');
    if (path === 'invocation/next') {
      await this.next(response);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const [, id = '', what] = path.split('/');
    if (path === 'init/error') {
      for (const { settle } of this.waiting.splice(0)) settle({ kind: 'init-error', body });
    } else {
      this.running.get(id)?.settle({ kind: what === 'error' ? 'error' : 'response', body });
      this.running.delete(id);
    }
    response.writeHead(202).end('{}');
  }

  private async next(response: ServerResponse): Promise<void> {
    let invocation = this.waiting.shift();
    while (invocation === undefined) {
      await new Promise<void>((resolve) => {
        this.pending = resolve;
      });
      invocation = this.waiting.shift();
    }
    const id = `request-${(this.number += 1)}`;
    this.running.set(id, invocation);
    response
      .writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': id,
        'lambda-runtime-deadline-ms': String(Date.now() + 15_000),
        'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-2:000000000000:function:test',
      })
      .end(JSON.stringify(invocation.event));
  }
}
