import type { LambdaClient } from '@aws-sdk/client-lambda';
import { type SecretName, secretNames } from '../../config/names';
import { settingsOf } from '../../config/settings';
import type { Environment } from '../../config/types';
import { UserError } from '../../errors';
import { type LiveStack, ofType, type StackResource } from './stack';

/**
 * The function of the earlier guide. Only the names of its variables are kept, and of the values only the database's
 * name.
 */
export interface LiveFunction {
  readonly name: string;
  /** The repository of the running image. @default - it runs no image */
  readonly repository?: string;
  /** The digest of the running image. @default - it runs no image by digest */
  readonly digest?: string;
  /** Its database. @default - unknown */
  readonly database?: string;
  /** The secrets in its configuration. */
  readonly secrets: readonly SecretName[];
  /** The settings whose values differ from the table. */
  readonly differing: readonly string[];
  /** The settings that are not set, so that the backend's own default applies. */
  readonly defaulted: readonly string[];
  /** The variables that the backend does not get here. */
  readonly others: readonly string[];
  /** In MB. */
  readonly memory: number;
  /** In seconds. */
  readonly timeout: number;
}

/**
 * @param name in the template, if the stack has several functions.
 * @throws UserError if it is not clear which function is meant.
 */
export function functionOf(stack: LiveStack, name?: string): StackResource {
  const functions = ofType(stack, 'AWS::Lambda::Function').filter(({ id }) => id !== '');
  const found = name === undefined ? functions : functions.filter((each) => each.name === name);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const names = functions.map((each) => each.name).join(', ') || 'none';
  throw new UserError(
    `the stack "${stack.name}" does not say which function is the backend; its functions are ${names}: name one by --function`,
  );
}

/** A function as AWS describes it, with the values of its variables. The values are only written to SSM. */
export interface Configured {
  readonly variables: Readonly<Record<string, string>>;
  readonly imageUri: string;
  readonly memory: number;
  readonly timeout: number;
}

export async function readConfigured(lambda: LambdaClient, FunctionName: string): Promise<Configured> {
  const { GetFunctionCommand } = await import('@aws-sdk/client-lambda');
  const { Configuration, Code } = await lambda.send(new GetFunctionCommand({ FunctionName }));
  return {
    variables: Configuration?.Environment?.Variables ?? {},
    imageUri: Code?.ResolvedImageUri ?? Code?.ImageUri ?? '',
    memory: Configuration?.MemorySize ?? 0,
    timeout: Configuration?.Timeout ?? 0,
  };
}

/** MongoDB's rule for a name. Another value may be an address that contains a password. */
const databaseName = /^[\w-]{1,63}$/;

/** @returns the same without the values. */
export function withoutValues(name: string, configured: Configured, row: Environment): LiveFunction {
  const { variables, imageUri, memory, timeout } = configured;
  const settings = settingsOf(row);
  const [place = '', digest] = imageUri.split('@');
  const database = variables.MONGO_DB_NAME ?? '';
  return {
    name,
    repository: place === '' ? undefined : (place.split('/').slice(1).join('/').split(':')[0] ?? ''),
    digest,
    database: databaseName.test(database) ? database : undefined,
    secrets: secretNames.filter((each) => (variables[each] ?? '') !== ''),
    differing: Object.entries(settings)
      .filter(([each, value]) => each in variables && variables[each] !== value)
      .map(([each]) => each),
    defaulted: Object.keys(settings).filter((each) => !(each in variables)),
    others: Object.keys(variables)
      .filter((each) => !(each in settings) && !secretNames.some((secret) => secret === each))
      .sort(),
    memory,
    timeout,
  };
}
