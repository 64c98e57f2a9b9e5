import type { SSMClient } from '@aws-sdk/client-ssm';
import {
  type EnvironmentName,
  foundationStackName,
  isApiKeyName,
  namesOf,
  secretNames,
  type StoredSecretName,
} from '../../config/names';
import { messageOf, UserError } from '../../errors';
import { userErrorOf } from '../faults';

export interface SecretStatus {
  readonly name: StoredSecretName;
  /** How often it was written. 1 is Terraform's placeholder; undefined: there is no parameter. */
  readonly version?: number;
  /** When it was last written. */
  readonly changed?: Date;
  /** Whether a value was ever set. */
  readonly isSet: boolean;
}

export interface SetOptions {
  /** The command that writes the remaining ones if a call fails. @default - the one that prompts for them */
  readonly goOn?: (left: readonly StoredSecretName[]) => string;
  /** The stack that creates the parameters. @default - the foundation of the account of the table */
  readonly foundation?: string;
}

/**
 * Writes values directly to SSM.
 * @param values the result of `storedValues`.
 * @returns the new version of each parameter.
 * @throws UserError that lists the missing parameters, or what was written before a call failed.
 */
export async function setSecrets(
  ssm: SSMClient,
  environment: EnvironmentName,
  values: ReadonlyMap<StoredSecretName, string>,
  options: SetOptions = {},
): Promise<ReadonlyMap<StoredSecretName, number>> {
  const { PutParameterCommand } = await import('@aws-sdk/client-ssm');
  const again = (left: readonly StoredSecretName[]) =>
    `npx kairos secrets set ${environment} ${left.join(' ')}`;
  const { goOn = again, foundation = foundationStackName } = options;
  requireParameters(await describeSecrets(ssm, environment), environment, [...values.keys()], foundation);
  const versions = new Map<StoredSecretName, number>();
  for (const [name, value] of values) {
    // Each call names the key. Otherwise SSM would encrypt with the account's default key.
    const put = new PutParameterCommand({
      Name: `${namesOf(environment).secretsPath}${name}`,
      Value: value,
      Type: 'SecureString',
      KeyId: namesOf(environment).keyAlias,
      Overwrite: true,
    });
    const { Version } = await ssm.send(put).catch((error: unknown) => {
      throw stoppedAt(name, { names: [...values.keys()], versions, error, goOn });
    });
    versions.set(name, Version ?? 0);
  }
  return versions;
}

interface Stopped {
  readonly names: readonly StoredSecretName[];
  readonly versions: ReadonlyMap<StoredSecretName, number>;
  readonly error: unknown;
  readonly goOn: (left: readonly StoredSecretName[]) => string;
}

/** Some values may be new and others old by now, so the message says which. */
function stoppedAt(name: StoredSecretName, { names, versions, error, goOn }: Stopped): UserError {
  const written = [...versions].map(([each, version]) => `${each} (version ${version})`);
  const left = names.slice(names.indexOf(name));
  return new UserError(
    `${messageOf(userErrorOf(error) ?? error)}
  written: ${written.join(', ') || 'nothing'}; not written: ${left.join(', ')}
  next, when that is corrected: ${goOn(left)}`,
    { cause: error },
  );
}

function requireParameters(
  present: readonly SecretStatus[],
  environment: EnvironmentName,
  names: readonly StoredSecretName[],
  foundation: string,
): void {
  const missing = names.filter(
    (name) => present.find((secret) => secret.name === name)?.version === undefined,
  );
  if (missing.length > 0) {
    throw new UserError(
      `nothing was written: ${environment} has no parameter for ${missing.join(', ')} yet; create them first: npx cdktf deploy ${foundation}`,
    );
  }
}

/** @returns the metadata of each secret, without decrypting any. It only needs `ssm:DescribeParameters`. */
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
