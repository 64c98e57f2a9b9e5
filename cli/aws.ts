import type { STSClientConfig } from '@aws-sdk/client-sts';
import { localRegistry } from '../aws/ecr';
import { neighboursOf, placeOf, separateEnvironments } from '../config/account';
import { type EnvironmentName, environmentNames } from '../config/names';
import { readConfiguration } from '../config/read';
import type { Configuration } from '../config/types';
import { messageOf, UserError } from '../errors';
import { rememberCalls } from './aws-calls';
import { userErrorOf, wasAsked } from './faults';
import type { Shell } from './process';

/** The configuration, and what an AWS client needs for its account. */
export interface Account {
  /** The table for this account: account, region and quota are those of the environment if it has a separate account. */
  readonly configuration: Configuration;
  /** The environment that owns the separate account. @default - the account is that of the table */
  readonly separate?: SeparateAccount;
  readonly clientOptions: ClientOptions;
  /** The identity of the credentials, as AWS names it: `user/ann`, `assumed-role/deploy/run-7`. */
  readonly caller: string;
}

export interface SeparateAccount {
  readonly name: EnvironmentName;
  /** The account of the image repository, 12 digits. It is the same account if ECR copies the images there. */
  readonly registryId: string;
  /** The account of the table, to which images are pushed, 12 digits. */
  readonly pushedTo: string;
}

export interface ClientOptions {
  readonly region: string;
  /** The maximum number of attempts of a call. */
  readonly maxAttempts: number;
  /** The credentials of a profile. @default - those of the shell */
  readonly credentials?: STSClientConfig['credentials'];
}

/**
 * The account of an environment, after a check that the shell's credentials belong to it: a secret must not be written
 * into the wrong account.
 * @param name of the environment. @default - the account of the table
 * @param profile of the credentials, from the files of the aws command. @default - the credentials of the shell
 * @throws UserError if there are no credentials, or they belong to another account.
 */
export async function openAccount(shell: Shell, name?: EnvironmentName, profile?: string): Promise<Account> {
  const table = readConfiguration(shell);
  const { accountId, region, registryId, accountConcurrency } = placeOf(table, name);
  const clientOptions = await clientOptionsOf(region, profile);
  const identity = await identify(clientOptions, shell, profile);
  if (identity.Account !== accountId) {
    const [of, way] =
      accountId === table.accountId ? ['', ', or set KAIROS_AWS_ACCOUNT_ID'] : [` of ${name ?? ''}`, ''];
    const whose = profile === undefined ? 'these credentials' : `the credentials of the profile "${profile}"`;
    throw new UserError(
      `${whose} belong to account ${identity.Account ?? 'unknown'}, the table says ${accountId}${of}; sign in to that one${way}`,
    );
  }
  return {
    configuration: { ...table, accountId, region, accountConcurrency },
    separate:
      name === undefined || accountId === table.accountId
        ? undefined
        : { name, registryId, pushedTo: table.accountId },
    clientOptions,
    caller: (identity.Arn ?? '').split(':').slice(5).join(':'),
  };
}

/**
 * @returns the environments in the account of the shell's credentials, and those in other accounts. If the account is
 * not in the table, the environments of the table's account are returned, and opening one of them reports the wrong
 * account.
 */
export async function environmentsHere(
  shell: Shell,
): Promise<{ readonly here: readonly EnvironmentName[]; readonly elsewhere: readonly EnvironmentName[] }> {
  const table = readConfiguration(shell);
  const separate = separateEnvironments(table);
  if (separate.length === 0) return { here: environmentNames, elsewhere: [] };
  const identity = await identify(await clientOptionsOf(table.region), shell);
  const here = neighboursOf(
    table,
    separate.find((name) => placeOf(table, name).accountId === identity.Account),
  );
  return { here, elsewhere: environmentNames.filter((name) => !here.includes(name)) };
}

/** @returns why an environment is not among those that are shown. */
export function elsewhereWords(name: EnvironmentName): string {
  return `${name} has a separate account; with its credentials: npx kairos status ${name}`;
}

async function clientOptionsOf(region: string, profile?: string): Promise<ClientOptions> {
  const options = { region, maxAttempts: 4 };
  if (profile === undefined) return options;
  // The option `profile` of a client would mean the same, with a warning if the shell has credentials too.
  const { fromIni } = await import('@aws-sdk/credential-provider-ini');
  return { ...options, credentials: fromIni({ profile }) };
}

/** @throws UserError if there are no credentials. */
function identify(options: ClientOptions, shell: Shell, profile?: string) {
  return whoseCredentials(options).catch((error: unknown) => {
    throw unknownCredentials(error, shell, profile);
  });
}

async function whoseCredentials(options: ClientOptions) {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const sts = new STSClient(options);
  sts.middlewareStack.add(rememberCalls, { step: 'initialize' });
  return sts.send(new GetCallerIdentityCommand({}));
}

function unknownCredentials(error: unknown, shell: Shell, named: string | undefined): UserError {
  // The instruction must not be printed twice.
  const [reason] = messageOf(userErrorOf(error) ?? error).split('; ');
  const profile = named ?? shell.AWS_PROFILE ?? '';
  if (profile !== '' && error instanceof Error && error.name === 'CredentialsProviderError') {
    return new UserError(
      `the profile "${profile}"${named === undefined ? ' of AWS_PROFILE' : ''} gives no credentials; see "aws configure list-profiles", and sign in: aws sso login --profile ${profile}`,
    );
  }
  const endpoint = localRegistry(shell.AWS_ENDPOINT_URL);
  if (endpoint !== undefined && !wasAsked(error)) {
    return new UserError(
      `this shell points at a local cloud at ${endpoint}, and other variables prevent calls to it (${reason}); point the shell at it again: eval "$(npx kairos local env)"`,
    );
  }
  if (endpoint !== undefined) {
    return new UserError(
      `this shell points at a local cloud at ${endpoint}, which gave no answer (${reason}); start it: npm run local, then eval "$(npx kairos local env)"; or point the shell back: eval "$(npx kairos local env --unset)"`,
    );
  }
  return new UserError(
    `AWS did not say whose credentials these are (${reason}); sign in ("aws sso login"), or point the shell at the local cloud: eval "$(npx kairos local env)"`,
  );
}
