import { UserError } from '../errors';
import { configuration } from './environments';
import type { Fault } from './fault';
import { faultsIn } from './schema';
import type { Configuration } from './types';

/** The table is invalid. The message lists every fault. */
export class ConfigurationError extends UserError {
  override readonly name = 'ConfigurationError';

  constructor(readonly faults: readonly Fault[]) {
    super(
      [
        `${faults.length} ${faults.length === 1 ? 'value' : 'values'} in config/environments.ts cannot be right, so nothing was synthesized:`,
        ...faults.map(({ path, found, right }) => `  ${path}\n    found ${found}\n    expected ${right}`),
      ].join('\n'),
    );
  }
}

/**
 * The table, with the overrides `KAIROS_AWS_ACCOUNT_ID` and `KAIROS_AWS_REGION`.
 * @param shell the environment variables.
 * @param table the base. @default - config/environments.ts
 * @throws ConfigurationError if any value is invalid.
 */
export function readConfiguration(
  shell: Readonly<Record<string, string | undefined>>,
  table: Configuration = configuration,
): Configuration {
  const merged: Configuration = {
    ...table,
    accountId: given(shell.KAIROS_AWS_ACCOUNT_ID) ?? table.accountId,
    region: given(shell.KAIROS_AWS_REGION) ?? table.region,
  };
  const faults = faultsIn(merged);
  if (faults.length > 0) throw new ConfigurationError(faults);
  return merged;
}

/** CI systems set a missing variable to an empty value. */
function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
