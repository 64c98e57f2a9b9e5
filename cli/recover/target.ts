import type { S3Client } from '@aws-sdk/client-s3';
import { type EnvironmentName, environmentNames, foundationOf, namesOf } from '../../config/names';
import { UserError } from '../../errors';
import { type Account, openAccount } from '../aws';
import { rememberCalls } from '../aws-calls';
import { stateAddress } from '../live/state';
import type { Shell } from '../process';

/** What can be recovered, as it is typed. The last ones are for environments with a separate account. */
export const recoverable = [
  ...environmentNames,
  'foundation',
  ...environmentNames.map((name) => `foundation-${name}` as const),
] as const;

export type Recoverable = (typeof recoverable)[number];

/** @throws UserError if there is nothing with this name to recover. */
export function parseRecoverable(text: string): Recoverable {
  const found = recoverable.find((name) => name === text);
  if (found !== undefined) return found;
  throw new UserError(`there is no "${text}" to recover; there are ${recoverable.join(', ')}`);
}

/** One stack whose state will be made to match AWS. */
export interface Target {
  readonly name: Recoverable;
  /** @default - it is the foundation */
  readonly environment?: EnvironmentName;
  readonly stack: string;
  readonly account: Account;
  readonly s3: S3Client;
  /** The location of its state. */
  readonly state: { readonly Bucket: string; readonly Key: string };
  readonly shell: Shell;
}

/** @throws UserError if there is no such stack, or the shell's credentials do not belong to its account. */
export async function openTarget(name: Recoverable, shell: Shell): Promise<Target> {
  const environment = environmentNames.find((each) => each === name);
  const separate = environmentNames.find((each) => name === `foundation-${each}`);
  const account = await openAccount(shell, environment ?? separate);
  if (separate !== undefined && account.separate === undefined) {
    throw new UserError(
      `${separate} has no separate account, so it has no separate foundation; next: npx kairos recover foundation`,
    );
  }
  const { S3Client } = await import('@aws-sdk/client-s3');
  const s3 = new S3Client(account.clientOptions);
  s3.middlewareStack.add(rememberCalls, { step: 'initialize' });
  const stack = environment === undefined ? foundationOf(separate) : namesOf(environment).stack;
  const state = stateAddress(account.configuration.accountId, stack);
  return { name, environment, stack, account, s3, state, shell };
}
