import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { type EnvironmentName, foundationOf } from '../../config/names';
import { labelsOf } from '../image/registry';
import { raisedAlarms } from '../live/alarms';
import { type Live, readLive } from '../live/alias';
import type { LiveEnvironment } from '../live/environment';
import { readLock } from '../live/lock';
import { readState } from '../live/state';
import { releaserIn } from '../live/versions';
import { secretsLeft } from '../secrets/left';
import { describeSecrets, type SecretStatus } from '../secrets/store';
import { readSmokeRecord, type SmokeRecord } from '../smoke/record';
import { whatIsLeft } from './advice';
import type { Readings } from './readings';

/** The status of one environment in AWS. */
export interface EnvironmentStatus {
  readonly environment: EnvironmentName;
  /** What is live. @default - nothing was ever deployed */
  readonly live?: {
    readonly version: string;
    readonly digest: string;
    /** The backend's version and commit, from the image's labels. @default - unknown, or the image is missing */
    readonly backend?: string;
    readonly commit?: string;
    /** When the version was published. */
    readonly published: string;
    /** Who released it. @default - unknown */
    readonly releasedBy?: string;
  };
  /** The version that gets a share of the requests. @default - none */
  readonly canary?: { readonly version: string; readonly share: number; readonly since: string };
  readonly url?: string;
  /** The ringing alarms. */
  readonly alarms: readonly string[];
  /** Secrets that were never set. */
  readonly unsetSecrets: readonly string[];
  /** Who holds the lock of the state. @default - nobody */
  readonly lock?: {
    readonly id: string;
    readonly who: string;
    readonly operation: string;
    readonly since: string;
  };
  /** The last smoke test of what is live. @default - it was never tested */
  readonly smoke?: Pick<SmokeRecord, 'passed' | 'reason'> & { readonly at: string };
  /** The differences from the last apply, one line each. */
  readonly drift: readonly string[];
  /** What to type next. @default - nothing */
  readonly next?: string;
}

/** @returns the status of an environment. It changes nothing, and reads no secret. */
export async function statusOf(environment: LiveEnvironment): Promise<EnvironmentStatus> {
  const { name } = environment;
  const [live, state, lock, record, alarms, secrets] = await Promise.all([
    readLive(environment),
    readState(environment),
    readLock(environment),
    readSmokeRecord(environment),
    raisedAlarms(environment),
    secretsOf(environment),
  ]);
  const [newest, applied] =
    live === undefined
      ? []
      : await Promise.all([
          functionOf(environment, '$LATEST'),
          functionOf(environment, state?.outputs.function_version ?? live.version),
        ]);
  const readings: Readings = {
    live,
    state,
    lock,
    record,
    newest: newest?.configuration,
    newestDigest: newest?.digest,
    applied: applied?.configuration,
  };
  const left = secretsLeft(name, secrets, foundationOf(environment.separate?.name));
  return {
    environment: name,
    live: live && (await describeLive(environment, live)),
    canary: live && (await canaryOf(environment, live)),
    url: state?.outputs.url,
    alarms: alarms.map((alarm) => alarm.name),
    unsetSecrets: secrets.filter(({ isSet }) => !isSet).map((secret) => secret.name),
    lock: lock && { ...lock, since: lock.since.toISOString() },
    smoke:
      record?.version === live?.version && record !== undefined
        ? { passed: record.passed, reason: record.reason, at: record.at.toISOString() }
        : undefined,
    drift: driftOf(readings),
    next: whatIsLeft(name, readings, left?.next, environment.shell),
  };
}

interface FoundFunction {
  readonly configuration: FunctionConfiguration;
  readonly digest?: string;
}

async function functionOf(
  { lambda, names }: LiveEnvironment,
  qualifier: string,
): Promise<FoundFunction | undefined> {
  const { GetFunctionCommand, ResourceNotFoundException } = await import('@aws-sdk/client-lambda');
  try {
    const { Code, Configuration = {} } = await lambda.send(
      new GetFunctionCommand({
        FunctionName: names.function,
        Qualifier: qualifier === '$LATEST' ? undefined : qualifier,
      }),
    );
    return { configuration: Configuration, digest: Code?.ImageUri?.split('@')[1] };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function describeLive(
  environment: LiveEnvironment,
  { version, digest }: Live,
): Promise<EnvironmentStatus['live']> {
  const { configuration, ecr } = environment;
  const [found, labels] = await Promise.all([
    functionOf(environment, version),
    labelsOf({ ecr, repository: configuration.image.repository, digest }),
  ]);
  return {
    version,
    digest,
    backend: labels?.version,
    commit: labels?.revision,
    published: new Date(found?.configuration.LastModified ?? '').toISOString(),
    releasedBy: releaserIn(found?.configuration.Description ?? ''),
  };
}

async function canaryOf(
  environment: LiveEnvironment,
  { weights }: Live,
): Promise<EnvironmentStatus['canary']> {
  const [first] = Object.entries(weights);
  if (first === undefined) return undefined;
  const [version, share] = first;
  const found = await functionOf(environment, version);
  return { version, share, since: new Date(found?.configuration.LastModified ?? '').toISOString() };
}

async function secretsOf({ name, clientOptions }: LiveEnvironment): Promise<readonly SecretStatus[]> {
  const { SSMClient } = await import('@aws-sdk/client-ssm');
  return describeSecrets(new SSMClient(clientOptions), name);
}

/** @returns the differences from the last apply: image, alias, settings. */
export function driftOf({ live, state, newest, newestDigest, applied }: Readings): readonly string[] {
  if (live === undefined || state === undefined) return [];
  const {
    image_digest: digest,
    live_version: version,
    canary_share: share,
    function_version,
  } = state.outputs;
  const lines: string[] = [];
  if (version !== undefined && live.version !== version) {
    lines.push(`the alias is at version ${live.version}, after the last apply it was at ${version}`);
  }
  const weights = Object.values(live.weights);
  const expected = share === undefined || share === 'none' ? 0 : Number(share);
  if ((weights[0] ?? 0) !== expected) {
    lines.push(
      `the new version gets ${percent(weights[0] ?? 0)}, after the last apply it got ${percent(expected)}`,
    );
  }
  if (newestDigest !== undefined && newestDigest !== digest) {
    lines.push(
      `the function has the image ${newestDigest.slice(0, 19)}, the last apply ${digest?.slice(0, 19) ?? 'none'}`,
    );
  }
  const changed = changedSettings(newest, applied);
  if (changed.length > 0) {
    lines.push(`changed on the function since version ${function_version ?? ''}: ${changed.join(', ')}`);
  }
  return lines;
}

const settings = ['MemorySize', 'Timeout', 'Role', 'Environment', 'LoggingConfig', 'TracingConfig'] as const;

function changedSettings(
  newest: FunctionConfiguration | undefined,
  applied: FunctionConfiguration | undefined,
): readonly string[] {
  if (newest === undefined || applied === undefined) return [];
  return settings.filter((name) => sorted(newest[name]) !== sorted(applied[name]));
}

/** @returns a value as text that does not depend on the order of its members. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a.localeCompare(b)))
      : inner,
  );
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
