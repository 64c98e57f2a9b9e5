import { localRegistry } from '../../aws/ecr';
import type { EnvironmentName } from '../../config/names';
import { isCanaryOn } from '../release/canary';
import type { Shell } from '../process';
import type { Readings } from './readings';

/**
 * @param secrets what to type for unset secrets. @default - nothing: all of them are set
 * @returns the next command. For the local cloud, one command creates secrets, image and environment.
 */
export function whatIsLeft(
  name: EnvironmentName,
  readings: Readings,
  secrets: string | undefined,
  shell: Shell,
): string | undefined {
  const isMissing = secrets !== undefined || readings.live === undefined;
  if (isMissing && localRegistry(shell.AWS_ENDPOINT_URL) !== undefined) return `npx kairos local up ${name}`;
  return secrets ?? nextStep(name, readings);
}

/** @returns the next command, from what is live, the state and the function; undefined if there is nothing to do. */
export function nextStep(name: EnvironmentName, readings: Readings): string | undefined {
  const { live, state, lock, record, newestDigest } = readings;
  if (lock !== undefined) return `npx kairos unlock ${name} ${lock.id}  (when that run is dead)`;
  if (live === undefined) return `npx kairos release ${name}`;
  const { image_digest: applied, live_version: version } = state?.outputs ?? {};
  const back = `npx kairos rollback ${name} --to ${live.version}`;
  if (isCanaryOn(live, state)) {
    if (Object.keys(live.weights).length === 0) return back;
    return `npx kairos release ${name} --continue, or npx kairos rollback ${name}`;
  }
  // The alias is ahead of the state: a release was stopped before the state was written.
  if (newestDigest !== undefined && newestDigest !== applied) {
    return `npx kairos release ${name} --digest ${newestDigest}`;
  }
  // The alias is behind the state: there was a rollback, and the deploy that updates the state is missing.
  if (live.digest !== applied) return back;
  if (live.version !== version) return `npx cdktf deploy kairos-${name}`;
  if (record?.version !== live.version) return `npx kairos smoke ${name}`;
  return undefined;
}
