import { localRegistry } from '../aws/ecr';
import { readConfiguration } from '../config/read';
import type { Configuration } from '../config/types';
import { messageOf, UserError } from '../errors';
import { rememberCalls } from './aws-calls';
import { userErrorOf } from './faults';
import type { Shell } from './process';

/** The configuration, and what an AWS client needs to work in its account. */
export interface Account {
  readonly configuration: Configuration;
  readonly clientOptions: ClientOptions;
  /** Whose the credentials are, as AWS names them: `user/ann`, `assumed-role/deploy/run-7`. */
  readonly caller: string;
}

export interface ClientOptions {
  readonly region: string;
  /** How often a call is tried. */
  readonly maxAttempts: number;
}

/**
 * The account of the table, after asking AWS whether the shell's credentials belong to it: a secret must not
 * be written into the wrong account.
 * @throws UserError when there are no credentials, or they are another account's.
 */
export async function openAccount(shell: Shell): Promise<Account> {
  const configuration = readConfiguration(shell);
  const clientOptions = { region: configuration.region, maxAttempts: 4 };
  const identity = await whoseCredentials(clientOptions).catch((error: unknown) => {
    throw unknownCredentials(error, shell);
  });
  if (identity.Account !== configuration.accountId) {
    throw new UserError(
      `these credentials belong to account ${identity.Account ?? 'unknown'}, the table says ${configuration.accountId}; sign in to that one, or set KAIROS_AWS_ACCOUNT_ID`,
    );
  }
  return { configuration, clientOptions, caller: (identity.Arn ?? '').split(':').slice(5).join(':') };
}

async function whoseCredentials(options: ClientOptions) {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const sts = new STSClient(options);
  sts.middlewareStack.add(rememberCalls, { step: 'initialize' });
  return sts.send(new GetCallerIdentityCommand({}));
}

function unknownCredentials(error: unknown, shell: Shell): UserError {
  const profile = shell.AWS_PROFILE ?? '';
  if (profile !== '' && error instanceof Error && error.name === 'CredentialsProviderError') {
    return new UserError(
      `the profile "${profile}" of AWS_PROFILE gives no credentials; see "aws configure list-profiles", and sign in: aws sso login --profile ${profile}`,
    );
  }
  const endpoint = localRegistry(shell.AWS_ENDPOINT_URL);
  if (endpoint !== undefined) {
    return new UserError(
      `this shell points at a local cloud at ${endpoint}, which gave no answer (${messageOf(userErrorOf(error) ?? error)}); start it: npm run local, then eval "$(npx kairos local env)"; or point the shell back: eval "$(npx kairos local env --unset)"`,
    );
  }
  return new UserError(
    `AWS did not say whose credentials these are (${messageOf(userErrorOf(error) ?? error)}); sign in ("aws sso login"), or point the shell at the local cloud: eval "$(npx kairos local env)"`,
  );
}
