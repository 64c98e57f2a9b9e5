import type { EnvironmentName } from '../../config/names';
import type { SecretStatus } from './store';

/** What is left to do for the secrets of an environment. */
export interface SecretsLeft {
  /** What was found. */
  readonly found: string;
  /** What to type. */
  readonly next: string;
}

/**
 * @param secrets those that it has to have.
 * @param foundation the stack that makes their parameters: a value has no place to go before.
 * @returns what is left to do, or nothing when all are set.
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
