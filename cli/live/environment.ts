import type { ECRClient } from '@aws-sdk/client-ecr';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import { type EnvironmentName, type EnvironmentNames, namesOf } from '../../config/names';
import type { Configuration } from '../../config/types';
import { type Account, type ClientOptions, openAccount, type SeparateAccount } from '../aws';
import { rememberCalls } from '../aws-calls';
import { inRegistry } from '../image/in-registry';
import type { Shell } from '../process';

/** One environment in AWS, for commands that read it or change what runs there. */
export interface LiveEnvironment {
  readonly name: EnvironmentName;
  readonly names: EnvironmentNames;
  /** The table for the environment's account. */
  readonly configuration: Configuration;
  /** Its separate account. @default - it is in the account of the table */
  readonly separate?: SeparateAccount;
  /** The identity of the credentials, as AWS names it. */
  readonly caller: string;
  /** The configuration for another client of this account. */
  readonly clientOptions: ClientOptions;
  readonly lambda: LambdaClient;
  /** For the registry of the images, in whatever account it is. */
  readonly ecr: ECRClient;
  readonly s3: S3Client;
  /** The environment variables of the caller. */
  readonly shell: Shell;
}

/**
 * @param profile of the credentials. @default - the credentials of the shell
 * @throws UserError if the credentials do not belong to the environment's account.
 */
export async function openEnvironment(
  name: EnvironmentName,
  shell: Shell,
  profile?: string,
): Promise<LiveEnvironment> {
  return environmentOf(await openAccount(shell, name, profile), name, shell);
}

/** @returns an environment in an account whose credentials were checked already. */
export async function environmentOf(
  { configuration, separate, clientOptions, caller }: Account,
  name: EnvironmentName,
  shell: Shell,
): Promise<LiveEnvironment> {
  const [{ ECRClient }, { LambdaClient }, { S3Client }] = await Promise.all([
    import('@aws-sdk/client-ecr'),
    import('@aws-sdk/client-lambda'),
    import('@aws-sdk/client-s3'),
  ]);
  const clients = {
    lambda: new LambdaClient(clientOptions),
    ecr: new ECRClient(clientOptions),
    s3: new S3Client(clientOptions),
  };
  clients.lambda.middlewareStack.add(rememberCalls, { step: 'initialize' });
  clients.ecr.middlewareStack.add(rememberCalls, { step: 'initialize' });
  clients.s3.middlewareStack.add(rememberCalls, { step: 'initialize' });
  if (separate !== undefined) {
    clients.ecr.middlewareStack.add(inRegistry(separate.registryId), { step: 'initialize' });
  }
  return { name, names: namesOf(name), configuration, separate, caller, clientOptions, ...clients, shell };
}
