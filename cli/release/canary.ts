import { UserError } from '../../errors';
import type { Live } from '../live/alias';
import type { LiveEnvironment } from '../live/environment';
import type { AppliedState } from '../live/state';

/** @returns whether a version gets a share of the requests, or the state would give it one again. */
export function isCanaryOn(live: Live | undefined, state: AppliedState | undefined): boolean {
  const remembered = state?.outputs.canary_share ?? 'none';
  return Object.keys(live?.weights ?? {}).length > 0 || remembered !== 'none';
}

export interface CanaryRequest {
  readonly live: Live | undefined;
  readonly state: AppliedState | undefined;
  /** Whether the release should begin a canary. */
  readonly asked: boolean;
}

/** @throws UserError if a canary is on already, or is not possible. */
export function refuseCanary(
  environment: Pick<LiveEnvironment, 'name' | 'names' | 'configuration'>,
  { live, state, asked }: CanaryRequest,
): void {
  const { name, names, configuration } = environment;
  if (isCanaryOn(live, state)) {
    throw new UserError(
      `a canary is on in ${names.stack}; end it first: npx kairos release ${name} --continue, or npx kairos rollback ${name}`,
    );
  }
  if (!asked) return;
  if (live === undefined) {
    throw new UserError(`nothing is live in ${names.stack} to compare a canary with; leave out --canary`);
  }
  const kept = configuration.environments[name].function.provisionedConcurrency;
  if (kept !== undefined) {
    throw new UserError(
      `a canary would take the provisioned concurrency away from the live version (environments.${name}.function.provisionedConcurrency is ${kept}); leave out --canary`,
    );
  }
}
