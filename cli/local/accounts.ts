import { placeOf, separateEnvironments, sharingEnvironments } from '../../config/account';
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
  /** The stack of its foundation. */
  readonly foundation: string;
  /** Whose state it keeps. */
  readonly owners: readonly StateOwner[];
  /** The environments in it that were asked for; there may be none in the account of the images. */
  readonly environments: readonly EnvironmentName[];
}

/** @returns the accounts that environments need: the table's, which has the images, and those that are their own. */
export function accountsFor(
  table: Configuration,
  environments: readonly EnvironmentName[],
): readonly LocalAccount[] {
  const sharing = sharingEnvironments(table);
  return [
    {
      accountId: table.accountId,
      foundation: foundationOf(),
      owners: stateOwnersOf(sharing),
      environments: environments.filter((name) => sharing.includes(name)),
    },
    ...separateEnvironments(table)
      .filter((name) => environments.includes(name))
      .map((name) => ({
        accountId: placeOf(table, name).accountId,
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
 * @param shell the environment variables, pointing at the local cloud.
 * @param accountId of the environment. @returns the same shell with the credentials of its account.
 */
export function shellIn(shell: Shell, accountId: string): Shell {
  return { ...shell, AWS_ACCESS_KEY_ID: accessKeyOf(shell.KAIROS_AWS_ACCOUNT_ID, accountId) };
}

/**
 * The emulator takes 12 digits for the root of the account of that number, and any other key for that of its own.
 * @param own the account that the local cloud plays itself.
 */
export function accessKeyOf(own: string | undefined, accountId: string): string {
  return accountId === own ? 'test' : accountId;
}
