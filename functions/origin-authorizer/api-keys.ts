import { hashOf, isOneOf } from './hashes';

/** Reads parameters with decryption; those that do not exist are left out. */
export type ReadParameters = (names: readonly string[]) => Promise<readonly string[]>;

/** How long keys are believed before they are read again, in milliseconds: a revoked key ends after this time. */
export const keyLifetime = 60_000;

/** What is shorter is no key but a placeholder, such as the one of a parameter that was never set. */
const shortestKey = 20;

/** The API keys that are live, of which only hashes are kept. */
export class ApiKeys {
  private hashes: readonly Buffer[] = [];
  private readAt = -Infinity;

  /**
   * @param names full names of the parameters that hold the keys.
   * @param read reads them.
   * @param now the time in milliseconds.
   */
  constructor(
    private readonly names: readonly string[],
    private readonly read: ReadParameters,
    private readonly now: () => number,
  ) {}

  /**
   * @returns whether a key is one of the live ones.
   * @throws when the parameter store does not answer: the gateway then answers 500, admits nothing and asks again
   * for the next request.
   */
  async admit(key: string): Promise<boolean> {
    if (this.now() - this.readAt >= keyLifetime) {
      const values = await this.read(this.names);
      this.hashes = values.filter((value) => value.length >= shortestKey).map(hashOf);
      this.readAt = this.now();
    }
    return isOneOf(key, this.hashes);
  }
}
