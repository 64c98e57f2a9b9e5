/** What a load of several clients has got. */
export interface LoadResult {
  readonly requests: number;
  /** Every answer that was none, or none of 200. */
  readonly failed: readonly string[];
}

/** Clients that ask one address again and again until they are stopped. */
export class Load {
  private stopped = false;
  private requests = 0;
  private readonly failed: string[] = [];
  private readonly clients: readonly Promise<void>[];

  constructor(
    private readonly address: string,
    clients = 8,
  ) {
    this.clients = Array.from({ length: clients }, () => this.ask());
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
        if (response.status !== 200) this.failed.push(`${response.status} ${text}`);
      } catch (error) {
        this.failed.push(String(error));
      }
    }
  }
}
