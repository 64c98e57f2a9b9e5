import type { SSMClient } from '@aws-sdk/client-ssm';
import {
  type EnvironmentName,
  isApiKeyName,
  namesOf,
  secretNames,
  type StoredSecretName,
} from '../../config/names';
import { UserError } from '../../errors';
import { storedValue } from './rules';

export interface SecretStatus {
  readonly name: StoredSecretName;
  /** How often it was written; 1 is Terraform's placeholder, nothing means that there is no parameter. */
  readonly version?: number;
  /** When it was written last. */
  readonly changed?: Date;
  /** Whether a value was ever set. */
  readonly isSet: boolean;
}

/**
 * Writes values straight to SSM. All are looked at before the first is written.
 * @returns the version of each parameter afterwards.
 * @throws UserError that lists every value that the backend would get wrong, or the parameters that are missing.
 */
export async function setSecrets(
  ssm: SSMClient,
  environment: EnvironmentName,
  given: ReadonlyMap<StoredSecretName, string>,
): Promise<ReadonlyMap<StoredSecretName, number>> {
  const { PutParameterCommand } = await import('@aws-sdk/client-ssm');
  const values = checked(given);
  await requireParameters(ssm, environment, [...values.keys()]);
  const versions = new Map<StoredSecretName, number>();
  for (const [name, value] of values) {
    // The key is named in each call: without it SSM would encrypt with the account's default one.
    const { Version } = await ssm.send(
      new PutParameterCommand({
        Name: `${namesOf(environment).secretsPath}${name}`,
        Value: value,
        Type: 'SecureString',
        KeyId: namesOf(environment).keyAlias,
        Overwrite: true,
      }),
    );
    versions.set(name, Version ?? 0);
  }
  return versions;
}

function checked(given: ReadonlyMap<StoredSecretName, string>): ReadonlyMap<StoredSecretName, string> {
  const values = new Map<StoredSecretName, string>();
  const faults: string[] = [];
  for (const [name, value] of given) {
    try {
      values.set(name, storedValue(name, value));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      faults.push(error.message);
    }
  }
  if (faults.length > 0) throw new UserError(`nothing was written: ${faults.join('\n  ')}`);
  return values;
}

async function requireParameters(
  ssm: SSMClient,
  environment: EnvironmentName,
  names: readonly StoredSecretName[],
): Promise<void> {
  const present = await describeSecrets(ssm, environment);
  const missing = names.filter(
    (name) => present.find((secret) => secret.name === name)?.version === undefined,
  );
  if (missing.length > 0) {
    throw new UserError(
      `nothing was written: ${environment} has no parameter for ${missing.join(', ')} yet; make them first: npx cdktf deploy kairos-foundation`,
    );
  }
}

/** @returns what is known of each secret without decrypting any: it needs `ssm:DescribeParameters` alone. */
export async function describeSecrets(
  ssm: SSMClient,
  environment: EnvironmentName,
): Promise<readonly SecretStatus[]> {
  const { paginateDescribeParameters } = await import('@aws-sdk/client-ssm');
  const path = namesOf(environment).secretsPath;
  const found = new Map<string, { version?: number; changed?: Date }>();
  const pages = paginateDescribeParameters(
    { client: ssm, pageSize: 50 },
    { ParameterFilters: [{ Key: 'Path', Option: 'OneLevel', Values: [path.replace(/\/$/, '')] }] },
  );
  for await (const page of pages) {
    for (const { Name, Version, LastModifiedDate } of page.Parameters ?? []) {
      if (Name !== undefined) found.set(Name, { version: Version, changed: LastModifiedDate });
    }
  }
  const apiKeys = [...found.keys()].map((name) => name.slice(path.length)).filter(isApiKeyName);
  return [...secretNames, ...apiKeys.sort()].map((name) => {
    const parameter = found.get(`${path}${name}`);
    return { name, ...parameter, isSet: (parameter?.version ?? 0) > 1 };
  });
}
