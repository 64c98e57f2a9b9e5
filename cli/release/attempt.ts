import { messageOf, UserError } from '../../errors';
import { ifStopped } from '../interruption';
import { requireLive } from '../live/alias';
import type { LiveEnvironment } from '../live/environment';
import { publishedAt } from '../live/versions';
import { smoke } from '../smoke/smoke';
import { deployDigest } from './deploy';
import { step } from './step';
import { watch } from './watch';

export interface Attempt {
  /** The digest of the image to run. */
  readonly digest: string;
  /** The stages, in this order. */
  readonly stages: readonly Stage[];
  /** The share of the requests that a canary gets, 0 to 1. @default - the stages have no canary */
  readonly share?: number;
  /** For how long a canary is watched, in seconds. @default - it is checked once */
  readonly seconds?: number;
  /** Whether the API may lose paths. */
  readonly apiChanges: boolean;
  /** The paths that clients know. @default - those of the last smoke test that passed */
  readonly paths?: readonly string[];
  /** How long to wait for the lock of the state, in seconds. */
  readonly lockTimeout: number;
}

/** `share`: give the new version a share. `watch`: compare it. `whole`: give it all requests. `smoke`: test it. */
export type Stage = 'share' | 'watch' | 'whole' | 'smoke';

/** @returns what went wrong, in one line; undefined if every stage succeeded. */
export async function attempt(environment: LiveEnvironment, options: Attempt): Promise<string | undefined> {
  for (const stage of options.stages) {
    try {
      const fault = await stages[stage](environment, options);
      if (fault !== undefined) return fault;
    } catch (error) {
      await ifStopped();
      return messageOf(error);
    }
  }
  return undefined;
}

const stages: Readonly<
  Record<Stage, (environment: LiveEnvironment, options: Attempt) => Promise<string | undefined>>
> = {
  share: async (environment, { share = 0, ...options }) => {
    await deployDigest(environment, { ...options, canary: share });
    return undefined;
  },
  watch: async (environment, { seconds = 0 }) => {
    const { version: stable, weights } = await requireLive(environment);
    const [canary] = Object.keys(weights);
    if (canary === undefined)
      throw new UserError('no version gets a share of the requests, so there is no canary to watch');
    const since = await publishedAt(environment, canary);
    return watch(environment, { canary, stable, since, seconds });
  },
  whole: async (environment, options) => {
    await deployDigest(environment, { ...options, canary: 0 });
    return undefined;
  },
  smoke: async (environment, { apiChanges, paths }) => {
    const { reason } = await step(`tests ${environment.names.stack} through its public URL`, () =>
      smoke(environment, { apiChanges, database: false, before: paths }),
    );
    return reason;
  },
};
