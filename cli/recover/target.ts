import type { S3Client } from '@aws-sdk/client-s3';
import { type EnvironmentName, environmentNames, foundationStackName, namesOf } from '../../config/names';
import { UserError } from '../../errors';
import { type Account, openAccount } from '../aws';
import { rememberCalls } from '../aws-calls';
import { stateAddress } from '../live/state';
import type { Shell } from '../process';

/** What can be recovered, as it is typed. */
export const recoverable = [...environmentNames, 'foundation'] as const;

export type Recoverable = (typeof recoverable)[number];

/** @throws UserError when there is no such thing to recover. */
export function parseRecoverable(text: string): Recoverable {
  const found = recoverable.find((name) => name === text);
  if (found !== undefined) return found;
  throw new UserError(`there is no "${text}" to recover; there are ${recoverable.join(', ')}`);
}

/** One stack whose state is to agree with AWS again. */
export interface Target {
  readonly name: Recoverable;
  /** @default - it is the foundation */
  readonly environment?: EnvironmentName;
  readonly stack: string;
  readonly account: Account;
  readonly s3: S3Client;
  /** Where its state lies. */
  readonly state: { readonly Bucket: string; readonly Key: string };
  readonly shell: Shell;
}

/** @throws UserError when the shell's credentials are not those of its account. */
export async function openTarget(name: Recoverable, shell: Shell): Promise<Target> {
  const environment = name === 'foundation' ? undefined : name;
  const account = await openAccount(shell, environment);
  const { S3Client } = await import('@aws-sdk/client-s3');
  const s3 = new S3Client(account.clientOptions);
  s3.middlewareStack.add(rememberCalls, { step: 'initialize' });
  const stack = environment === undefined ? foundationStackName : namesOf(environment).stack;
  const state = stateAddress(account.configuration.accountId, stack);
  return { name, environment, stack, account, s3, state, shell };
}
