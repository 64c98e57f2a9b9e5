import type { Platform } from '../../images/build-context';
import { messageOf, UserError } from '../../errors';
import { checkPushedImage } from '../image/registry';
import { ifStopped, during } from '../interruption';
import { type Live, readLive, requireLive } from '../live/alias';
import type { LiveEnvironment } from '../live/environment';
import { type AppliedState, readState } from '../live/state';
import { currentPaths } from '../smoke/checks';
import { Door } from '../smoke/door';
import { readSmokeRecord } from '../smoke/record';
import { smoke } from '../smoke/smoke';
import { deployDigest } from './deploy';
import { phaseOf } from './phase';
import { step } from './step';
import { takeBack } from './take-back';

export interface ReleaseOptions {
  /** The digest of the image to run. */
  readonly digest: string;
  /** Whether it is asked afterwards through the public door, and taken back when it does not answer well. */
  readonly smoke: boolean;
  /** Whether the API may lose paths. */
  readonly apiChanges: boolean;
  /** How long to wait for whoever holds the state, in seconds. */
  readonly lockTimeout: number;
}

/** What became of a release. */
export interface ReleaseResult {
  readonly environment: string;
  /** `unchanged`: it ran already. `taken back`: it failed, and what was live before is live again. */
  readonly outcome: 'released' | 'unchanged' | 'taken back';
  /** What is live now. */
  readonly version: string;
  readonly digest: string;
  /** The digest that was to be released. */
  readonly released: string;
  /** Why it was taken back, in one line. @default - it was not */
  readonly reason?: string;
  /** Whether the state agrees with what is live; where it does not, `reason` says what to type. */
  readonly stateAgrees: boolean;
  /** From the command to its end, in seconds. */
  readonly seconds: number;
}

/**
 * Makes an environment run an image: checked, deployed, asked through its public door. What fails is taken back, the
 * alias first.
 * @throws UserError when nothing was changed, or nothing was live before that one could go back to.
 */
export async function release(environment: LiveEnvironment, options: ReleaseOptions): Promise<ReleaseResult> {
  const { digest } = options;
  const started = Date.now();
  const [before, state] = await Promise.all([readLive(environment), readState(environment)]);
  await checkManifest(environment, digest);
  const result = (outcome: ReleaseResult['outcome'], live: Live, more: Partial<ReleaseResult> = {}) => ({
    environment: environment.name,
    outcome,
    version: live.version,
    digest: live.digest,
    released: digest,
    stateAgrees: true,
    seconds: Math.round((Date.now() - started) / 100) / 10,
    ...more,
  });
  const runs = before !== undefined && isDeployed(state, before, digest);
  if (runs && (!options.smoke || (await hasPassed(environment, before)))) return result('unchanged', before);
  const paths = await pathsBefore(environment, state);
  const reason = await during(
    phaseOf(environment, `npx kairos release ${environment.name} --digest ${digest}`),
    () => attempt(environment, options, { deploy: !runs, paths }),
  );
  const live = await requireLive(environment);
  if (reason === undefined) return result('released', live);
  if ((await readState(environment))?.serial === state?.serial && live.version === before?.version && !runs)
    throw new UserError(`${reason}; nothing was changed: version ${live.version} is live`);
  const taken = await takeBack(environment, { before: runs ? undefined : before, live, reason, ...options });
  return result('taken back', taken.live, { reason: taken.reason, stateAgrees: taken.stateAgrees });
}

/** @returns what is wrong with it, in one line, or nothing. */
async function attempt(
  environment: LiveEnvironment,
  options: ReleaseOptions,
  { deploy, paths }: { readonly deploy: boolean; readonly paths: readonly string[] | undefined },
): Promise<string | undefined> {
  try {
    if (deploy) await deployDigest(environment, { ...options, canary: 0 });
  } catch (error) {
    await ifStopped();
    return messageOf(error);
  }
  if (!options.smoke) return undefined;
  const { reason } = await step(`asks ${environment.names.stack} through its public door`, () =>
    smoke(environment, { apiChanges: options.apiChanges, database: false, before: paths }),
  );
  return reason;
}

/** @throws UserError when Lambda would not take the image. */
async function checkManifest({ ecr, configuration }: LiveEnvironment, digest: string): Promise<void> {
  const { repository, architecture } = configuration.image;
  const platform: Platform = architecture === 'arm64' ? 'linux/arm64' : 'linux/amd64';
  await checkPushedImage({ ecr, repository, digest }, platform);
}

/** @returns whether the digest is live for every request, and the state says the same. */
function isDeployed(state: AppliedState | undefined, live: Live, digest: string): boolean {
  const { image_digest: applied, live_version: version, canary_share: canary } = state?.outputs ?? {};
  const isWhole = Object.keys(live.weights).length === 0 && canary === 'none';
  return live.digest === digest && applied === digest && version === live.version && isWhole;
}

async function hasPassed(environment: LiveEnvironment, live: Live): Promise<boolean> {
  const record = await readSmokeRecord(environment);
  return record?.passed === true && record.version === live.version;
}

/** @returns the paths of the API before the release, or nothing when they cannot be told. */
async function pathsBefore(
  environment: LiveEnvironment,
  state: AppliedState | undefined,
): Promise<readonly string[] | undefined> {
  const url = state?.outputs.url;
  return url === undefined ? undefined : currentPaths(await Door.open(environment.shell), url);
}
