import { Command } from 'commander';
import type { EnvironmentName } from '../../../config/names';
import { linesThatPoint, linesThatPointBack, wayBack } from '../../local/shell-lines';
import type { Shell } from '../../process';
import { environmentArgument } from '../arguments';
import { printJson, printWhole } from '../../terminal';

interface Options {
  readonly json?: true;
  readonly unset?: true;
}

export function envCommand(): Command {
  return new Command('env')
    .addArgument(environmentArgument('[environment]'))
    .option('--unset', 'print the lines that restore the shell')
    .option('--json', 'print the variables as JSON, for other programs than a POSIX shell')
    .addHelpText(
      'after',
      `
Example: eval "$(npx kairos local env)"
Name an environment to get the credentials of its separate account.
Exit codes: 0 success; 1 no local cloud runs here.`,
    )
    .action(async (name: EnvironmentName | undefined, { json, unset }: Options) => {
      if (unset) {
        if (json) printJson({ set: {}, ...wayBack(process.env) });
        else for (const line of linesThatPointBack(process.env)) printWhole(line);
        return;
      }
      const variables = await pointing(name);
      if (json) printJson(described(variables));
      else for (const line of linesThatPoint(variables, process.env)) printWhole(line);
    });
}

/** Only the shell knows its previous values, so they are saved and restored there. */
function described(variables: Shell) {
  const entries = Object.entries(variables);
  return {
    set: Object.fromEntries(entries.filter(([, value]) => value !== undefined)),
    unset: entries.flatMap(([name, value]) => (value === undefined ? [name] : [])),
    restored: [],
  };
}

/** Loaded here, because `--unset` needs no cloud. */
async function pointing(name?: EnvironmentName) {
  const { requireCloud } = await import('./require-cloud');
  const { servedVariables } = await import('../../local/shell');
  const { home, record } = await requireCloud();
  const { placeOf } = await import('../../../config/account');
  const { readConfiguration } = await import('../../../config/read');
  // This cloud was started for one account and region, whatever the shell names.
  const table = readConfiguration({
    ...process.env,
    KAIROS_AWS_ACCOUNT_ID: record.accountId,
    KAIROS_AWS_REGION: record.region,
  });
  return servedVariables(record, home, process.env, placeOf(table, name));
}
