/** Clients that call an address, each one request after the other, until they are stopped. */
export class Clients {
  private statuses: number[] = [];
  private readonly end = new AbortController();
  private readonly running: Promise<unknown>;

  /** @param count how many call at the same time. */
  constructor(
    private readonly url: string,
    count: number,
  ) {
    this.running = Promise.all(Array.from({ length: count }, () => this.call()));
  }

  /** @returns the distinct statuses that the clients got during a change, of which there were many. */
  async during(change: () => Promise<unknown>): Promise<ReadonlySet<number>> {
    this.statuses = [];
    await change();
    if (this.statuses.length < 20) throw new Error(`only ${this.statuses.length} requests were answered`);
    return new Set(this.statuses);
  }

  async stop(): Promise<void> {
    this.end.abort();
    await this.running;
  }

  private async call(): Promise<void> {
    while (!this.end.signal.aborted) {
      const response = await fetch(this.url);
      await response.arrayBuffer();
      this.statuses.push(response.status);
    }
  }
}
