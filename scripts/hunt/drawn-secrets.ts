import { randomInt } from 'node:crypto';
import { type EnvironmentName, type SecretName, secretNames } from '../../config/names';

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** @returns random letters. Eight of them occur nowhere else by chance. */
function drawn(count: number): string {
  return Array.from({ length: count }, () => letters[randomInt(letters.length)]).join('');
}

/** @returns a value for each secret of an environment that can be found wherever it is written. */
export function drawnSecrets(): ReadonlyMap<SecretName, string> {
  const values: Readonly<Record<SecretName, string>> = {
    SECRET_KEY: drawn(64),
    MONGO_USERNAME: drawn(12),
    MONGO_PASSWORD: drawn(32),
    MONGO_HOST: `${drawn(24)}.${drawn(12)}`,
    RESEND_API_KEY: drawn(36),
  };
  return new Map(secretNames.map((name) => [name, values[name]]));
}

/** @returns a secret access key of no account. */
export function drawnAccessKey(): string {
  return drawn(40);
}

/** @returns the secrets, with the environment in each name. */
export function namedFor(
  environment: EnvironmentName,
  secrets: ReadonlyMap<SecretName, string>,
): ReadonlyMap<string, string> {
  return new Map([...secrets].map(([name, value]) => [`${name} of ${environment}`, value]));
}

/** @returns the standard input with which `kairos secrets set` sets the secrets. */
export function asLines(secrets: ReadonlyMap<SecretName, string>): string {
  return [...secrets].map(([name, value]) => `${name}=${value}`).join('\n');
}
