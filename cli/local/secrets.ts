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

/** Values that open nothing, made again for each local cloud. */
const generated: Readonly<Record<SecretName | 'API_KEY', () => string>> = {
  SECRET_KEY: () => randomBytes(32).toString('hex'),
  MONGO_USERNAME: () => `local-${randomBytes(4).toString('hex')}`,
  MONGO_PASSWORD: () => randomBytes(16).toString('hex'),
  MONGO_HOST: () => `database-${randomBytes(4).toString('hex')}.kairos.invalid`,
  RESEND_API_KEY: () => `re_${randomBytes(12).toString('hex')}`,
  API_KEY: () => randomBytes(24).toString('hex'),
};

/**
 * Has the local cloud end the environments whose secrets were set since they started, which on AWS takes a new version:
 * there `secretsRevision` of the table makes one.
 * @param endpoint where the local cloud answers.
 * @returns how many there were.
 */
export async function replaceOutdated(endpoint: string): Promise<number> {
  const response = await fetch(`${endpoint}/_kairos/environments`, { method: 'POST' });
  return z.object({ replaced: z.int() }).parse(await response.json()).replaced;
}

/** Sets what was never set, by the same way as `kairos secrets set`; what somebody set stays. */
export async function setGeneratedSecrets(ssm: SSMClient, environment: EnvironmentName): Promise<void> {
  const unset = (await describeSecrets(ssm, environment)).filter(({ isSet }) => !isSet);
  if (unset.length === 0) return;
  const values = unset.map(({ name }): [StoredSecretName, string] => [
    name,
    generated[isApiKeyName(name) ? 'API_KEY' : name](),
  ]);
  await setSecrets(ssm, environment, storedValues(new Map(values)));
}
