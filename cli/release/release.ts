import type { Platform } from '../../images/build-context';
import { UserError } from '../../errors';
import { checkPushedImage } from '../image/registry';
import { during } from '../interruption';
import { type Live, readLive, requireLive } from '../live/alias';
import type { LiveEnvironment } from '../live/environment';
import { type AppliedState, readState } from '../live/state';
import { wayBack } from '../live/versions';
import { currentPaths } from '../smoke/checks';
import { Door } from '../smoke/door';
import { readSmokeRecord } from '../smoke/record';
import { type Attempt, attempt, type Stage } from './attempt';
import { isCanaryOn, refuseCanary } from './canary';
import { whileSilent } from './mark';
import { beforeAnyChange, phaseOf } from './phase';
import { takeBack } from './take-back';

export interface ReleaseOptions {
  /** The digest of the image to run. */
  readonly digest: string;
  /** Whether it is tested through the public URL afterwards, and rolled back if the test fails. */
  readonly smoke: boolean;
  /** Whether the API may lose paths. */
  readonly apiChanges: boolean;
  /** How long to wait for the lock of the state, in seconds. */
  readonly lockTimeout: number;
  /** Gives the new version a share of the requests first. @default - it gets all at once */
  readonly canary?: {
    /** 0 to 1. */
    readonly share: number;
    /** For how long, in seconds. */
    readonly seconds: number;
  };
}

/** The result of a release. */
export interface ReleaseResult {
  readonly environment: string;
  /** `unchanged`: it ran already. `rolled back`: it failed, and what was live before is live again. */
  readonly outcome: 'released' | 'unchanged' | 'rolled back';
  /** What is live now. */
  readonly version: string;
  readonly digest: string;
  /** The digest that was to be released. */
  readonly released: string;
  /** Why it was rolled back, in one line. @default - it was not */
  readonly reason?: string;
  /** Whether the state matches what is live. If not, `reason` says what to type. */
  readonly stateAgrees: boolean;
  /** From the command to its end, in seconds. */
  readonly seconds: number;
}

/**
 * Makes an environment run an image: it checks the image, deploys it, and tests it through the public URL. If something
 * fails, it rolls back, the alias first.
 * @throws UserError if nothing was changed, or if there is no previous version to roll back to.
 */
export async function release(environment: LiveEnvironment, options: ReleaseOptions): Promise<ReleaseResult> {
  const { digest, canary } = options;
  const started = Date.now();
  const [before, state] = await Promise.all([readLive(environment), readState(environment)]);
  await beforeAnyChange(environment, before, async () => {
    refuseCanary(environment, { live: before, state, asked: canary !== undefined });
    await checkManifest(environment, digest);
  });
  const runs = before !== undefined && isDeployed(state, before, digest);
  const done = (outcome: ReleaseResult['outcome'], live: Live, more: Partial<ReleaseResult> = {}) =>
    resultOf({ environment, digest, started, outcome, live }, more);
  if (runs && (!options.smoke || (await hasPassed(environment, before)))) return done('unchanged', before);
  const deployment: readonly Stage[] = canary === undefined ? ['whole'] : ['share', 'watch', 'whole'];
  const next =
    canary === undefined
      ? `npx kairos release ${environment.name} --digest ${digest}`
      : `npx kairos status ${environment.name}`;
  const paths = await pathsBefore(environment, state);
  const reason = await silentAttempt(environment, next, {
    ...options,
    ...canary,
    stages: [...(runs ? [] : deployment), ...(options.smoke ? (['smoke'] as const) : [])],
    paths,
  });
  const live = await requireLive(environment);
  if (reason === undefined) return done('released', live);
  if (!runs && live.version === before?.version && (await readState(environment))?.serial === state?.serial) {
    throw new UserError(`${reason}; nothing was changed: version ${live.version} is live`);
  }
  const back = runs ? await wayBack(environment, live) : before;
  const taken = await takeBack(environment, { ...options, before: back, live, reason });
  return done('rolled back', taken.live, { reason: taken.reason, stateAgrees: taken.stateAgrees });
}

/**
 * Ends a canary whose command was killed: compares it, gives it all requests, and tests it through the public URL. If
 * something fails, it rolls back.
 * @throws UserError if there is no canary.
 */
export async function continueRelease(
  environment: LiveEnvironment,
  options: Omit<ReleaseOptions, 'digest' | 'canary'> & { readonly seconds: number },
): Promise<ReleaseResult> {
  const started = Date.now();
  const [live, state] = await Promise.all([requireLive(environment), readState(environment)]);
  const { name, names } = environment;
  if (!isCanaryOn(live, state)) throw new UserError(`${names.stack} has no canary that could be continued`);
  if (Object.keys(live.weights).length === 0) {
    throw new UserError(
      `the canary of ${names.stack} was rolled back, and the state does not say so yet; next: npx kairos rollback ${name} --to ${live.version}`,
    );
  }
  const digest = state?.outputs.image_digest ?? '';
  const reason = await silentAttempt(environment, `npx kairos release ${name} --continue`, {
    ...options,
    digest,
    stages: ['watch', 'whole', ...(options.smoke ? (['smoke'] as const) : [])],
  });
  const now = await requireLive(environment);
  if (reason === undefined) return resultOf({ environment, digest, started, outcome: 'released', live: now });
  const taken = await takeBack(environment, { ...options, before: live, live: now, reason });
  return resultOf(
    { environment, digest, started, outcome: 'rolled back', live: taken.live },
    { reason: taken.reason, stateAgrees: taken.stateAgrees },
  );
}

/** A failure must notify at once, even during the rollback. */
function silentAttempt(
  environment: LiveEnvironment,
  next: string,
  options: Attempt,
): Promise<string | undefined> {
  return whileSilent(
    environment,
    () => during(phaseOf(environment, next), () => attempt(environment, options)),
    (reason) => reason !== undefined,
  );
}

interface Ending {
  readonly environment: LiveEnvironment;
  readonly digest: string;
  /** When the command began, in milliseconds. */
  readonly started: number;
  readonly outcome: ReleaseResult['outcome'];
  readonly live: Live;
}

function resultOf(
  { environment, digest, started, outcome, live }: Ending,
  more: Partial<ReleaseResult> = {},
): ReleaseResult {
  return {
    environment: environment.name,
    outcome,
    version: live.version,
    digest: live.digest,
    released: digest,
    stateAgrees: true,
    seconds: Math.round((Date.now() - started) / 100) / 10,
    ...more,
  };
}

/** @throws UserError if Lambda would not accept the image. */
async function checkManifest(
  { ecr, configuration, separate }: LiveEnvironment,
  digest: string,
): Promise<void> {
  const copiedFrom = separate?.registryId === separate?.pushedTo ? undefined : separate?.pushedTo;
  const { repository, architecture } = configuration.image;
  const platform: Platform = architecture === 'arm64' ? 'linux/arm64' : 'linux/amd64';
  await checkPushedImage({ ecr, repository, digest, copiedFrom }, platform);
}

/** @returns whether the digest gets every request, and the state says the same. */
function isDeployed(state: AppliedState | undefined, live: Live, digest: string): boolean {
  const { image_digest: applied, live_version: version } = state?.outputs ?? {};
  return live.digest === digest && applied === digest && version === live.version && !isCanaryOn(live, state);
}

async function hasPassed(environment: LiveEnvironment, live: Live): Promise<boolean> {
  const record = await readSmokeRecord(environment);
  return record?.passed === true && record.version === live.version;
}

/** @returns the paths of the API before the release; undefined if they are unknown. */
async function pathsBefore(
  environment: LiveEnvironment,
  state: AppliedState | undefined,
): Promise<readonly string[] | undefined> {
  const url = state?.outputs.url;
  return url === undefined ? undefined : currentPaths(await Door.open(environment.shell), url);
}
