import { type Place, placeOf, separateEnvironments, sharingEnvironments } from '../../config/account';
import {
  type EnvironmentName,
  foundationOf,
  namesOf,
  type StateOwner,
  stateOwnersOf,
} from '../../config/names';
import type { Configuration } from '../../config/types';
import type { Shell } from '../process';

/** One account of the local cloud, and what is deployed into it. */
export interface LocalAccount {
  readonly accountId: string;
  readonly region: string;
  /** The stack of its foundation. */
  readonly foundation: string;
  /** The owners of its states. */
  readonly owners: readonly StateOwner[];
  /** The requested environments in it; the account of the images may have none. */
  readonly environments: readonly EnvironmentName[];
}

/**
 * @returns the accounts that environments need: that of the table, which has the images, and their separate accounts.
 */
export function accountsFor(
  table: Configuration,
  environments: readonly EnvironmentName[],
): readonly LocalAccount[] {
  const sharing = sharingEnvironments(table);
  return [
    {
      accountId: table.accountId,
      region: table.region,
      foundation: foundationOf(),
      owners: stateOwnersOf(sharing),
      environments: environments.filter((name) => sharing.includes(name)),
    },
    ...separateEnvironments(table)
      .filter((name) => environments.includes(name))
      .map((name) => ({ name, ...placeOf(table, name) }))
      .map(({ name, accountId, region }) => ({
        accountId,
        region,
        foundation: foundationOf(name),
        owners: stateOwnersOf([name]),
        environments: [name],
      })),
  ];
}

/** @returns every stack of an account. */
export function stacksOf({ foundation, environments }: LocalAccount): readonly string[] {
  return [foundation, ...environments.map((name) => namesOf(name).stack)];
}

/**
 * @param shell the environment variables, pointing to the local cloud.
 * @returns the same variables with the credentials and the region of an account.
 */
export function shellIn(shell: Shell, { accountId, region }: Pick<Place, 'accountId' | 'region'>): Shell {
  return {
    ...shell,
    AWS_ACCESS_KEY_ID: accessKeyOf(shell.KAIROS_AWS_ACCOUNT_ID, accountId),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
}

/**
 * For the emulator, an access key of 12 digits is the root user of that account, and any other key is the root user of
 * its own account.
 * @param own the local cloud's own account.
 */
export function accessKeyOf(own: string | undefined, accountId: string): string {
  return accountId === own ? 'test' : accountId;
}
