import { Command } from 'commander';
import type { EnvironmentName } from '../../../config/names';
import { linesThatPoint, linesThatPointBack } from '../../local/shell-lines';
import { environmentArgument } from '../arguments';
import { printWhole } from '../../terminal';

interface Options {
  readonly unset?: true;
}

export function envCommand(): Command {
  return new Command('env')
    .addArgument(environmentArgument('[environment]'))
    .option('--unset', 'print what points the shell back to where it was')
    .addHelpText(
      'after',
      `
Example: eval "$(npx kairos local env)"
An environment is named to get the credentials of its own account.
Exit codes: 0 it was printed; 1 no local cloud runs here.`,
    )
    .action(async (name: EnvironmentName | undefined, { unset }: Options) => {
      const lines = unset
        ? linesThatPointBack(process.env)
        : linesThatPoint(await pointing(name), process.env);
      for (const line of lines) printWhole(line);
    });
}

/** Loaded here, for the way back needs no cloud. */
async function pointing(name?: EnvironmentName) {
  const { requireCloud } = await import('./require-cloud');
  const { servedVariables } = await import('../../local/shell');
  const { home, record } = await requireCloud();
  const { placeOf } = await import('../../../config/account');
  const { readConfiguration } = await import('../../../config/read');
  // Whatever the shell says of the account, this cloud was started for one.
  const table = readConfiguration({ ...process.env, KAIROS_AWS_ACCOUNT_ID: record.accountId });
  return servedVariables(record, home, process.env, placeOf(table, name).accountId);
}
