import { type EnvironmentName, environmentNames } from './names';
import type { Configuration } from './types';

/** The account and region of an environment, and the account of its image. */
export interface Place {
  /** The account, 12 digits. */
  readonly accountId: string;
  /** The region of everything except CloudFront. */
  readonly region: string;
  /**
   * The account of the image repository, 12 digits: that of the table, except in another region, where ECR copies the
   * images into the environment's own account.
   */
  readonly registryId: string;
  /** The account's concurrency quota. @default 1000 */
  readonly accountConcurrency?: number;
}

type Accounts = Pick<Configuration, 'accountId' | 'region' | 'accountConcurrency' | 'environments'>;

/** @param name of an environment. @default - the account that environments without a separate account share */
export function placeOf(
  { accountId, region, accountConcurrency, environments }: Accounts,
  name?: EnvironmentName,
): Place {
  const own = name === undefined ? undefined : environments[name].account;
  if (own === undefined) return { accountId, region, registryId: accountId, accountConcurrency };
  const isFar = own.region !== undefined && own.region !== region;
  return {
    accountId: own.id,
    region: own.region ?? region,
    registryId: isFar ? own.id : accountId,
    accountConcurrency: own.concurrency,
  };
}

/** @returns the environments in the account of the table, in their order. */
export function sharingEnvironments(table: Accounts): readonly EnvironmentName[] {
  return environmentNames.filter((name) => table.environments[name].account === undefined);
}

/** @returns the environments with a separate account, in their order. */
export function separateEnvironments(table: Accounts): readonly EnvironmentName[] {
  return environmentNames.filter((name) => table.environments[name].account !== undefined);
}

/**
 * @returns the environments in the same account as the given one; without a name, those in the account of the table.
 */
export function neighboursOf(table: Accounts, name?: EnvironmentName): readonly EnvironmentName[] {
  return name === undefined || table.environments[name].account === undefined
    ? sharingEnvironments(table)
    : [name];
}
