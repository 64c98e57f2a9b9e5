import type { LambdaClient } from '@aws-sdk/client-lambda';
import { type SecretName, secretNames } from '../../config/names';
import { settingsOf } from '../../config/settings';
import type { Environment } from '../../config/types';
import { UserError } from '../../errors';
import { type LiveStack, ofType, type StackResource } from './stack';

/** The function of the earlier guide. Of its variables the names are kept, and of the values the database's name. */
export interface LiveFunction {
  readonly name: string;
  /** The repository of the image that runs. @default - it runs no image */
  readonly repository?: string;
  /** Of the image that runs. @default - it runs no image by digest */
  readonly digest?: string;
  /** The database that it works in. @default - it says none */
  readonly database?: string;
  /** The secrets that stand in its configuration. */
  readonly secrets: readonly SecretName[];
  /** The settings whose values are not those of the table. */
  readonly differing: readonly string[];
  /** The settings that it was never given, so that the backend's own default holds. */
  readonly defaulted: readonly string[];
  /** The variables that the backend here is not given. */
  readonly others: readonly string[];
  /** In MB. */
  readonly memory: number;
  /** In seconds. */
  readonly timeout: number;
}

/**
 * @param name in the template, where the stack has several.
 * @throws UserError when it is not clear which function is meant.
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

/** A function as AWS describes it, with the values of its variables: they go nowhere but to SSM. */
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

/** MongoDB's own rule for a name; anything else may be an address with a password in it. */
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
