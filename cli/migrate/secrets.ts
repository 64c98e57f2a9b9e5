import type { SSMClient } from '@aws-sdk/client-ssm';
import { type EnvironmentName, type SecretName, secretNames } from '../../config/names';
import { UserError } from '../../errors';
import { type Encoding, storedValues } from '../secrets/rules';
import { describeSecrets, setSecrets } from '../secrets/store';

export interface MigratedSecrets {
  readonly written: readonly { readonly name: string; readonly version: number }[];
  /** Those that the function does not have. */
  readonly missing: readonly SecretName[];
}

export interface MigrateSecretsOptions {
  readonly ssm: SSMClient;
  readonly environment: EnvironmentName;
  /** The command that writes all of them again, for a user who must correct something first. */
  readonly again: string;
  /** Of the earlier function. */
  readonly variables: Readonly<Record<string, string>>;
  /** How the MongoDB user and password are encoded there. */
  readonly encoding: Encoding;
  /** The stack that creates the parameters. */
  readonly foundation: string;
  /** Whether a secret that is already set is overwritten. */
  readonly overwrite: boolean;
}

/**
 * Copies the secrets of the earlier function's variables directly to SSM.
 * @throws UserError if it has none, if one is already set, or if one would be wrong for the backend.
 */
export async function migrateSecrets(options: MigrateSecretsOptions): Promise<MigratedSecrets> {
  const { ssm, environment, foundation, again, variables, encoding, overwrite } = options;
  const given = new Map(
    secretNames.flatMap((name) => {
      const value = variables[name] ?? '';
      return value === '' ? [] : [[name, value] as const];
    }),
  );
  if (given.size === 0) {
    throw new UserError(
      `the function has none of ${secretNames.join(', ')}; give them: npx kairos secrets set ${environment}`,
    );
  }
  const values = storedValues(given, encoding);
  if (!overwrite) await refuseSet(ssm, environment, [...given.keys()]);
  const versions = await setSecrets(ssm, environment, values, { goOn: () => again, foundation });
  return {
    written: [...versions].map(([name, version]) => ({ name, version })),
    missing: secretNames.filter((name) => !given.has(name)),
  };
}

async function refuseSet(
  ssm: SSMClient,
  environment: EnvironmentName,
  names: readonly SecretName[],
): Promise<void> {
  const known = await describeSecrets(ssm, environment);
  const set = names.filter((name) => known.some((each) => each.name === name && each.isSet));
  if (set.length === 0) return;
  throw new UserError(
    `nothing was written: ${environment} has ${set.join(', ')} already; --overwrite writes over them`,
  );
}
