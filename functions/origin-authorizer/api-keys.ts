import { hashOf, isOneOf } from './hashes';

/** Reads parameters with decryption. Missing parameters are left out. */
export type ReadParameters = (names: readonly string[]) => Promise<readonly string[]>;

/** How long keys are cached, in milliseconds. A revoked key is invalid after this time. */
export const keyLifetime = 60_000;

/** A shorter value is a placeholder and not a key, such as that of a parameter that was never set. */
const shortestKey = 20;

/** The valid API keys. Only hashes are kept. */
export class ApiKeys {
  private hashes: readonly Buffer[] = [];
  private readAt = -Infinity;

  /**
   * @param names full names of the parameters that contain the keys.
   * @param read reads them.
   * @param now the time in milliseconds.
   */
  constructor(
    private readonly names: readonly string[],
    private readonly read: ReadParameters,
    private readonly now: () => number,
  ) {}

  /**
   * @returns whether a key is one of the valid ones.
   * @throws if the parameter store does not answer. The gateway then answers 500, refuses the request, and calls the
   * authorizer again for the next one.
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
