import { setTimeout as pause } from 'node:timers/promises';

/** The responses that a load of several clients got. */
export interface LoadResult {
  readonly requests: number;
  /** Every missing response, and every response other than 200. */
  readonly failed: readonly string[];
}

/** Milliseconds between a response and the client's next request. Eight clients send about 30 requests a second. */
const usualPace = 200;

/** Clients that repeatedly request one URL until they are stopped. */
export class Load {
  private stopped = false;
  private requests = 0;
  private readonly failed: string[] = [];
  private readonly clients: readonly Promise<void>[];

  constructor(
    private readonly address: string,
    clients = 8,
    private readonly pace = usualPace,
  ) {
    this.clients = Array.from({ length: clients }, () => this.ask());
  }

  /** @returns the responses to 8 clients during a change. @throws if there were too few requests. */
  static async during(address: string, change: () => Promise<unknown>): Promise<LoadResult> {
    const load = new Load(address);
    await change().finally(() => load.stop());
    const result = await load.stop();
    if (result.requests < 20) throw new Error(`only ${result.requests} requests were sent`);
    return result;
  }

  async stop(): Promise<LoadResult> {
    this.stopped = true;
    await Promise.all(this.clients);
    return { requests: this.requests, failed: this.failed };
  }

  private async ask(): Promise<void> {
    while (!this.stopped) {
      this.requests += 1;
      try {
        const response = await fetch(this.address);
        const text = await response.text();
        if (response.status !== 200)
          this.failed.push(`${new Date().toISOString()} ${this.address}: ${response.status} ${text}`);
      } catch (error) {
        this.failed.push(String(error));
      }
      await pause(this.pace);
    }
  }
}
