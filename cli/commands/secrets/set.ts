import { Command, Option } from 'commander';
import { localRegistry } from '../../../aws/ecr';
import { type EnvironmentName, foundationOf, namesOf, secretNames } from '../../../config/names';
import { command, isInteractive, print, printJson, tell } from '../../terminal';
import { environmentArgument } from '../arguments';

interface SetOptions {
  readonly from?: string;
  readonly raw?: true;
  readonly encoded?: true;
  readonly json?: true;
}

export function setCommand(): Command {
  return new Command('set')
    .addArgument(environmentArgument('<environment>'))
    .argument('[names...]', `which, also API_KEY_… (default: ${secretNames.join(', ')})`)
    .option(
      '--from <file>',
      'a dotenv file, or - for standard input; names that are not secrets are left out',
    )
    .addOption(
      new Option('--raw', 'the MongoDB user and password are not percent-encoded').conflicts('encoded'),
    )
    .option('--encoded', 'the MongoDB user and password are percent-encoded')
    .option('--json', 'print the names and their versions as JSON')
    .addHelpText(
      'after',
      `
Example: npx kairos secrets set prod SECRET_KEY
A value is never an argument, because other processes can read arguments. Without a terminal, one name takes its value
from standard input, and several names take NAME=value lines.
The MongoDB user and password are stored percent-encoded. An ambiguous one, such as 100%25, needs --raw or --encoded.
Exit codes: 0 all are set; 1 none is set, or the last line says which.`,
    )
    .action(
      async (environment: EnvironmentName, names: string[], { from, raw, encoded, json }: SetOptions) => {
        const { parseSecretName, storedValues } = await import('../../secrets/rules');
        const { setSecrets } = await import('../../secrets/store');
        const { readValues } = await import('../../secrets/values');
        const wanted = names.length === 0 ? secretNames : [...new Set(names.map(parseSecretName))];
        const encoding = raw ? 'raw' : encoded ? 'encoded' : undefined;
        const read = async () =>
          storedValues(await readValues(environment, wanted, { from, all: names.length === 0 }), encoding);
        // A file or standard input is read first, because that needs no network. Prompts come after the check of the
        // account.
        const asks = from === undefined && isInteractive(process.env);
        const early = asks ? undefined : await read();
        const { openAccount } = await import('../../aws');
        const { clientOptions, separate } = await openAccount(process.env, environment);
        const { ssmClient } = await import('../../secrets/client');
        const values = early ?? (await read());
        const versions = await setSecrets(ssmClient(clientOptions), environment, values, {
          foundation: foundationOf(separate?.name),
        });
        if (json) printJson([...versions].map(([name, version]) => ({ name, version })));
        else for (const [name, version] of versions) print(`${name} set, version ${version}`);
        tell(`next: ${whatNext(environment)}`);
      },
    );
}

/**
 * A version of the function reads its secrets when it starts, so a new value needs a new version. The local cloud can
 * restart the same version.
 */
function whatNext(environment: EnvironmentName): string {
  if (localRegistry(process.env.AWS_ENDPOINT_URL) !== undefined) {
    return command(`npx kairos local up ${environment}`);
  }
  const deploy = command(`npx cdktf deploy ${namesOf(environment).stack}`);
  const revision = `environments.${environment}.secretsRevision in config/environments.ts`;
  return `${deploy}; where it is deployed already, raise ${revision} by one before`;
}
