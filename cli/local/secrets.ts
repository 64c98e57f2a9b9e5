import type { SSMClient } from '@aws-sdk/client-ssm';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import {
  type EnvironmentName,
  isApiKeyName,
  type SecretName,
  type StoredSecretName,
} from '../../config/names';
import { storedValues } from '../secrets/rules';
import { describeSecrets, setSecrets } from '../secrets/store';

/** Generated values for each local cloud, which give access to nothing. */
const generated: Readonly<Record<SecretName | 'API_KEY', () => string>> = {
  SECRET_KEY: () => randomBytes(32).toString('hex'),
  MONGO_USERNAME: () => `local-${randomBytes(4).toString('hex')}`,
  MONGO_PASSWORD: () => randomBytes(16).toString('hex'),
  MONGO_HOST: () => `database-${randomBytes(4).toString('hex')}.kairos.invalid`,
  RESEND_API_KEY: () => `re_${randomBytes(12).toString('hex')}`,
  API_KEY: () => randomBytes(24).toString('hex'),
};

/**
 * Makes the local cloud terminate the execution environments whose secrets were changed since they started. On AWS this
 * needs a new version, which `secretsRevision` in the table publishes.
 * @param endpoint of the local cloud.
 * @returns how many there were.
 */
export async function replaceOutdated(endpoint: string): Promise<number> {
  const response = await fetch(`${endpoint}/_kairos/environments`, { method: 'POST' });
  return z.object({ replaced: z.int() }).parse(await response.json()).replaced;
}

/** Sets secrets that were never set, in the same way as `kairos secrets set`. Others are not changed. */
export async function setGeneratedSecrets(ssm: SSMClient, environment: EnvironmentName): Promise<void> {
  const unset = (await describeSecrets(ssm, environment)).filter(({ isSet }) => !isSet);
  if (unset.length === 0) return;
  const values = unset.map(({ name }): [StoredSecretName, string] => [
    name,
    generated[isApiKeyName(name) ? 'API_KEY' : name](),
  ]);
  await setSecrets(ssm, environment, storedValues(new Map(values)));
}
