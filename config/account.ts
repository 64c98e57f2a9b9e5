import { type EnvironmentName, environmentNames } from './names';
import type { Configuration } from './types';

/** Where an environment lives, and where its image comes from. */
export interface Place {
  /** The account, 12 digits. */
  readonly accountId: string;
  /** The account of the image repository, 12 digits: the table's, wherever the environment lives. */
  readonly registryId: string;
  /** How many requests all functions of the account serve at once. @default 1000 */
  readonly accountConcurrency?: number;
}

type Accounts = Pick<Configuration, 'accountId' | 'accountConcurrency' | 'environments'>;

/** @param name of an environment. @default - what the environments without an account of their own share */
export function placeOf(
  { accountId, accountConcurrency, environments }: Accounts,
  name?: EnvironmentName,
): Place {
  const own = name === undefined ? undefined : environments[name].account;
  return own === undefined
    ? { accountId, registryId: accountId, accountConcurrency }
    : { accountId: own.id, registryId: accountId, accountConcurrency: own.concurrency };
}

/** @returns the environments that live in the account of the table, in their order. */
export function sharingEnvironments(table: Accounts): readonly EnvironmentName[] {
  return environmentNames.filter((name) => table.environments[name].account === undefined);
}

/** @returns the environments that have an account of their own, in their order. */
export function separateEnvironments(table: Accounts): readonly EnvironmentName[] {
  return environmentNames.filter((name) => table.environments[name].account !== undefined);
}

/** @returns the environments of the same account as one of them; of nothing those that share the table's. */
export function neighboursOf(table: Accounts, name?: EnvironmentName): readonly EnvironmentName[] {
  return name === undefined || table.environments[name].account === undefined
    ? sharingEnvironments(table)
    : [name];
}
