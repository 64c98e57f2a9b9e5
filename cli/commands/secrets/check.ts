import { Command } from 'commander';
import { type EnvironmentName, foundationOf } from '../../../config/names';
import type { SecretStatus } from '../../secrets/store';
import { command, print, printJson, table, tell } from '../../terminal';
import { environmentArgument } from '../arguments';

export function checkCommand(): Command {
  return new Command('check')
    .addArgument(environmentArgument('<environment>'))
    .option('--json', 'print the list as JSON')
    .addHelpText(
      'after',
      '\nExample: npx kairos secrets check prod\nExit codes: 0 all are set; 1 some are not.',
    )
    .action(async (environment: EnvironmentName, { json }: { readonly json?: true }) => {
      const { openAccount } = await import('../../aws');
      const { clientOptions, separate } = await openAccount(process.env, environment);
      const { ssmClient } = await import('../../secrets/client');
      const { secretsLeft } = await import('../../secrets/left');
      const { describeSecrets } = await import('../../secrets/store');
      const secrets = await describeSecrets(ssmClient(clientOptions), environment);
      const left = secretsLeft(environment, secrets, foundationOf(separate?.name));
      if (json) printJson(secrets);
      else print(await table(['secret', 'version', 'set', 'age'], secrets.map(row)));
      if (left === undefined) return;
      process.exitCode = 1;
      tell(`${left.found}; next: ${command(left.next)}`);
    });
}

function row({ name, version, changed, isSet }: SecretStatus): string[] {
  return [
    name,
    version?.toString() ?? 'no parameter',
    isSet ? 'yes' : 'no',
    isSet && changed ? age(changed) : '-',
  ];
}

function age(since: Date): string {
  const days = Math.floor((Date.now() - since.getTime()) / 86_400_000);
  return days === 0 ? 'today' : `${days} ${days === 1 ? 'day' : 'days'}`;
}
