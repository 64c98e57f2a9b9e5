import { placeOf } from '../../config/account';
import type { EnvironmentName } from '../../config/names';
import { readConfiguration } from '../../config/read';
import { UserError } from '../../errors';
import { requireLive } from '../live/alias';
import { type LiveEnvironment, openEnvironment } from '../live/environment';
import { readState } from '../live/state';
import type { Shell } from '../process';
import { readSmokeRecord } from '../smoke/record';

/** From where to where an image is released. */
export interface Promotion {
  readonly from: EnvironmentName;
  readonly to: EnvironmentName;
  /** The profile of the credentials that read the first. @default - the shell's credentials read both */
  readonly profile?: string;
}

/**
 * Credentials are for one account.
 * @returns the environment that runs the image.
 * @throws UserError if the two environments are in two accounts, and no profile is named for the first.
 */
export async function openSource({ from, to, profile }: Promotion, shell: Shell): Promise<LiveEnvironment> {
  const table = readConfiguration(shell);
  const [there, here] = [placeOf(table, from).accountId, placeOf(table, to).accountId];
  if (there !== here && profile === undefined) {
    throw new UserError(
      `${from} is in account ${there} and ${to} in ${here}, and the credentials of one cannot read the other; name a profile that can read ${from}: --from-profile <profile>`,
    );
  }
  return openEnvironment(from, shell, profile);
}

/**
 * @returns the digest that is live in an environment, if it may be promoted.
 * @throws UserError that says why it may not.
 */
export async function promotableDigest(source: LiveEnvironment): Promise<string> {
  const [live, state, record] = await Promise.all([
    requireLive(source),
    readState(source),
    readSmokeRecord(source),
  ]);
  const { name, names } = source;
  const runs = `${names.stack} runs version ${live.version} (${live.digest})`;
  const { image_digest: applied, live_version: version, canary_share: canary } = state?.outputs ?? {};
  if (Object.keys(live.weights).length > 0 || canary !== 'none') {
    throw new UserError(
      `a canary is on in ${names.stack}; end it first: npx kairos release ${name} --continue, or npx kairos rollback ${name}`,
    );
  }
  if (live.digest !== applied || live.version !== version) {
    throw new UserError(
      `${runs}, and its state says version ${version ?? 'unknown'} (${applied ?? 'unknown'}); make them match first: npx kairos status ${name} says how`,
    );
  }
  if (record?.version !== live.version) {
    throw new UserError(`${runs}, which no smoke test has tested yet; test it: npx kairos smoke ${name}`);
  }
  if (!record.passed) {
    throw new UserError(
      `${runs}, and its last smoke test failed: ${record.reason ?? ''}; correct it, then: npx kairos smoke ${name}`,
    );
  }
  return live.digest;
}
