import { messageOf, UserError } from '../../errors';
import { during, ifStopped } from '../interruption';
import { type Live, moveAlias, requireLive } from '../live/alias';
import type { LiveEnvironment } from '../live/environment';
import { type AppliedState, readState } from '../live/state';
import { findVersion, type PublishedVersion, wayBack } from '../live/versions';
import { Door, type DoorAnswer } from '../smoke/door';
import { smoke } from '../smoke/smoke';
import { tell } from '../terminal';
import { isCanaryOn } from './canary';
import { deployDigest } from './deploy';
import { whileSilent } from './mark';
import { beforeAnyChange, phaseOf } from './phase';
import { step } from './step';

export interface RollbackOptions {
  /** A version, or a digest. @default - the version of the previous image */
  readonly to?: string;
  /** Whether to leave the state unchanged. */
  readonly aliasOnly: boolean;
  /** How long to wait for the lock of the state, in seconds. */
  readonly lockTimeout: number;
}

export interface RollbackResult {
  readonly environment: string;
  readonly outcome: 'rolled back' | 'unchanged';
  readonly from: Pick<Live, 'version' | 'digest'>;
  /** What is live now. */
  readonly version: string;
  readonly digest: string;
  /** From the start of the command to the first response of the version that was rolled back to, in seconds. */
  readonly secondsToAnswer?: number;
  /** Whether the state matches what is live. */
  readonly stateAgrees: boolean;
  /** What is wrong, or what the next plan will show. @default - nothing */
  readonly remark?: string;
  /** Whether what is live passes the tests that were run. */
  readonly answers: boolean;
}

/**
 * Rolls back to an earlier version: first the alias through Lambda, then one request as a test, then the state by a
 * deploy of the earlier digest.
 * @throws UserError if there is no version to roll back to.
 */
export async function rollback(
  environment: LiveEnvironment,
  options: RollbackOptions,
): Promise<RollbackResult> {
  return whileSilent(
    environment,
    () => goBack(environment, options),
    ({ answers, outcome }) => !answers || outcome === 'unchanged',
  );
}

async function goBack(environment: LiveEnvironment, options: RollbackOptions): Promise<RollbackResult> {
  const started = performance.now();
  const [live, state] = await Promise.all([requireLive(environment), readState(environment)]);
  const target = await beforeAnyChange(environment, live, () =>
    chooseTarget(environment, { live, state, to: options.to }),
  );
  const again = `npx kairos rollback ${environment.name} --to ${target.version}`;
  return during(phaseOf(environment, again), async () => {
    const isThere = target.version === live.version && Object.keys(live.weights).length === 0;
    const base = { environment: environment.name, from: { version: live.version, digest: live.digest } };
    if (isThere && agrees(state, live)) {
      return { ...base, outcome: 'unchanged', ...digestAndVersion(live), stateAgrees: true, answers: true };
    }
    const now = isThere ? live : await moveAlias(environment, live, target.version);
    const answer = await prove(environment, state);
    const secondsToAnswer = Math.round(performance.now() - started) / 1000;
    tell(
      `version ${now.version} is live in ${environment.names.stack}, and answers after ${secondsToAnswer} s`,
    );
    const fault = faultOf(answer);
    const result = { ...base, outcome: 'rolled back' as const, ...digestAndVersion(now), secondsToAnswer };
    const left = leaveState(options, state, target);
    if (left !== undefined) {
      const remark = [fault, left].filter((words) => words !== undefined).join('; ');
      return { ...result, stateAgrees: false, remark, answers: fault === undefined };
    }
    return { ...result, ...(await makeStateAgree(environment, now, options)) };
  });
}

/** What is done with the state, and the result. */
type Agreement = Pick<RollbackResult, 'version' | 'digest' | 'stateAgrees' | 'remark' | 'answers'>;

async function makeStateAgree(
  environment: LiveEnvironment,
  target: Live,
  { lockTimeout }: RollbackOptions,
): Promise<Agreement> {
  const next = `npx kairos rollback ${environment.name} --to ${target.version}`;
  const disagrees = async (why: string): Promise<Agreement> => ({
    ...digestAndVersion(await requireLive(environment)),
    stateAgrees: false,
    answers: false,
    remark: `the state does not match yet: ${why}; next: ${next}`,
  });
  try {
    await deployDigest(environment, { digest: target.digest, canary: 0, lockTimeout });
  } catch (error) {
    await ifStopped();
    return disagrees(messageOf(error));
  }
  const shown = await step(`tests ${environment.names.stack} through its public URL`, () =>
    smoke(environment, { apiChanges: true, database: false }),
  );
  const live = await requireLive(environment);
  if (shown.passed) return { ...digestAndVersion(live), stateAgrees: true, answers: true };
  // The deploy gave the earlier image the current settings. The version that was rolled back to has its own.
  await moveAlias(environment, live, target.version);
  return disagrees(
    `with today's settings the image fails (${shown.reason ?? ''}), version ${target.version} with its own is live`,
  );
}

async function chooseTarget(
  environment: LiveEnvironment,
  { live, state, to }: { readonly live: Live; readonly state?: AppliedState; readonly to?: string },
): Promise<PublishedVersion> {
  const { stack } = environment.names;
  const list = `npx kairos rollback ${environment.name} --list`;
  if (to === undefined) {
    // A rollback ends a canary: the alias keeps the version that gets the rest of the requests.
    const before = isCanaryOn(live, state)
      ? await findVersion(environment, live.version)
      : await wayBack(environment, live);
    if (before !== undefined) return before;
    throw new UserError(`${stack} has no earlier image that ECR still has; the versions: ${list}`);
  }
  const target = await findVersion(environment, to);
  if (target === undefined) {
    throw new UserError(`no version of ${stack} is or runs ${to}; the versions: ${list}`);
  }
  if (target.imageGone) {
    throw new UserError(
      `version ${target.version} of ${stack} runs ${target.digest}, which ECR no longer has, so it cannot be started; the versions: ${list}`,
    );
  }
  return target;
}

/** @returns why the state is not changed, and what that means; undefined if a deploy will update it. */
function leaveState(
  { aliasOnly }: RollbackOptions,
  state: AppliedState | undefined,
  target: PublishedVersion,
): string | undefined {
  const newest = state?.outputs.function_version ?? 'the newest';
  const plan = `the next plan will show that the alias moves from version ${target.version} to ${newest}`;
  if (aliasOnly) return plan;
  if (state?.outputs.image_digest !== target.digest || state.outputs.live_version === target.version)
    return undefined;
  // The same image with other settings. The settings are those of the table, so a deploy would apply them again.
  return `both versions run the same image, so only the settings were rolled back: change them in config/environments.ts too; until then ${plan}`;
}

function agrees(state: AppliedState | undefined, live: Live): boolean {
  const { image_digest: digest, live_version: version, canary_share: canary } = state?.outputs ?? {};
  return digest === live.digest && version === live.version && canary === 'none';
}

async function prove(
  environment: LiveEnvironment,
  state: AppliedState | undefined,
): Promise<DoorAnswer | undefined> {
  const url = state?.outputs.url;
  return url === undefined ? undefined : (await Door.open(environment.shell)).get(`${url}/api/v1/`);
}

function faultOf(answer: DoorAnswer | undefined): string | undefined {
  if (answer === undefined || answer.status === 200) return undefined;
  return `GET ${answer.address} ${answer.status === undefined ? `gave no answer: ${answer.text}` : `answered ${answer.status}`}`;
}

function digestAndVersion({ version, digest }: Live): Pick<Live, 'version' | 'digest'> {
  return { version, digest };
}
