import type { EnvironmentName } from '../../config/names';
import type { SecretStatus } from './store';

/** What is missing in the secrets of an environment. */
export interface SecretsLeft {
  /** What was found. */
  readonly found: string;
  /** What to type. */
  readonly next: string;
}

/**
 * @param secrets the required secrets.
 * @param foundation the stack that creates their parameters, which must exist before a value is set.
 * @returns what to do; undefined if all are set.
 */
export function secretsLeft(
  environment: EnvironmentName,
  secrets: readonly Pick<SecretStatus, 'name' | 'version' | 'isSet'>[],
  foundation: string,
): SecretsLeft | undefined {
  const missing = secrets.filter(({ version }) => version === undefined).map(({ name }) => name);
  if (missing.length > 0) {
    return { found: `no parameter for ${missing.join(', ')}`, next: `npx cdktf deploy ${foundation}` };
  }
  const unset = secrets.filter(({ isSet }) => !isSet).map(({ name }) => name);
  if (unset.length === 0) return undefined;
  return {
    found: `unset: ${unset.join(', ')}`,
    next: `npx kairos secrets set ${environment} ${unset.join(' ')}`,
  };
}
