import { Op, type Precondition } from 'cdktf';
import type { EnvironmentName } from '../config/names';
import type { ReleaseInputs } from '../config/release';
import type { Canary } from '../constructs/function/backend-function';
import { type LastApplied, neverApplied } from './last-applied';

/** What an environment runs: what is released now, otherwise what the last apply deployed. */
export class StackRelease {
  /** The image's digest, or `neverApplied`. */
  readonly digest: string;
  /** Who released it, or `neverApplied`. */
  readonly releasedBy: string;
  /** The share of a canary as text, or `neverApplied` if there is none. */
  readonly canaryShare: string;

  constructor(
    private readonly environment: EnvironmentName,
    private readonly inputs: ReleaseInputs,
    private readonly lastApplied: LastApplied,
  ) {
    this.digest = inputs.digest ?? lastApplied.output('image_digest');
    // A digest without a name was released by hand, so it is not known by whom.
    this.releasedBy =
      inputs.releasedBy ?? (inputs.digest === undefined ? lastApplied.output('released_by') : 'unknown');
    this.canaryShare =
      inputs.canary === undefined
        ? lastApplied.output('canary_share')
        : inputs.canary === 0
          ? neverApplied
          : String(inputs.canary);
  }

  /** Whether a digest is released now. */
  get isNew(): boolean {
    return this.inputs.digest !== undefined;
  }

  /** A canary is remembered, so that another deploy does not change its share or end it. */
  canary(): Canary | undefined {
    if (this.inputs.canary === 0) return undefined;
    return {
      active: Op.neq(this.canaryShare, neverApplied),
      share: this.canaryShare,
      stableVersion: this.lastApplied.output('live_version'),
    };
  }

  /** @returns a precondition that fails a plan while nothing was ever released. */
  needsImage(): Precondition {
    const name = this.environment;
    return {
      condition: Op.neq(this.digest, neverApplied),
      errorMessage: `nothing was released to ${name} yet, so there is no image to run; type: npx kairos release ${name}`,
    };
  }

  /**
   * @param environments the provisioned concurrency.
   * @returns a precondition that refuses a canary together with provisioned concurrency: it belongs to the newest
   * version, which gets the smaller share in a canary.
   */
  needsNoCanary(environments: number): Precondition {
    return {
      condition: Op.eq(this.canaryShare, neverApplied),
      errorMessage:
        `provisionedConcurrency is ${environments} and would belong to the canary, not to the live version, ` +
        `and a canary is on or requested; end it first: npx kairos release ${this.environment} --continue`,
    };
  }
}
