import { localRegistry } from '../../aws/ecr';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { Command, Option } from 'commander';
import { type EnvironmentName, namesOf, secretNames } from '../../config/names';

import type { ClientOptions } from '../aws';
import type { SecretStatus } from '../secrets/store';
import { environmentArgument } from './arguments';
import { command, isInteractive, print, printJson, table, tell } from '../terminal';

export function secretsCommand(): Command {
  return new Command('secrets').addCommand(setCommand()).addCommand(checkCommand());
}

interface SetOptions {
  readonly from?: string;
  readonly raw?: true;
  readonly encoded?: true;
}

function setCommand(): Command {
  return new Command('set')
    .description('write secrets straight to SSM, from a hidden prompt, standard input or a dotenv file')
    .addArgument(environmentArgument('<environment>'))
    .argument('[names...]', `which, also API_KEY_… (default: ${secretNames.join(', ')})`)
    .option('--from <file>', 'a dotenv file to take them from; names that are no secret are left out')
    .addOption(
      new Option('--raw', 'the MongoDB user and password are given as they are').conflicts('encoded'),
    )
    .option('--encoded', 'the MongoDB user and password are given percent-encoded')
    .addHelpText(
      'after',
      `
A value is never an argument: other processes can read those. One name with standard input that is no
terminal takes its value from there; several names take NAME=value lines.
The MongoDB user and password are stored percent-encoded. One that can be read both ways, such as 100%25, needs
--raw or --encoded.`,
    )
    .action(async (environment: EnvironmentName, names: string[], { from, raw, encoded }: SetOptions) => {
      const { parseSecretName, storedValues } = await import('../secrets/rules');
      const { setSecrets } = await import('../secrets/store');
      const { readValues } = await import('../secrets/values');
      const wanted = names.length === 0 ? secretNames : names.map(parseSecretName);
      const encoding = raw ? 'raw' : encoded ? 'encoded' : undefined;
      const read = async () =>
        storedValues(await readValues(environment, wanted, { from, all: names.length === 0 }), encoding);
      // A person is asked once it is known where to; what can be read is read first, for it needs no network.
      const asks = from === undefined && isInteractive(process.env);
      const early = asks ? undefined : await read();
      const { openAccount } = await import('../aws');
      const { clientOptions } = await openAccount(process.env);
      const values = early ?? (await read());
      const versions = await setSecrets(await ssmClient(clientOptions), environment, values);
      for (const [name, version] of versions) print(`${name} set, version ${version}`);
      tell(`next: ${whatNext(environment)}`);
    });
}

async function ssmClient(options: ClientOptions): Promise<SSMClient> {
  const { SSMClient } = await import('@aws-sdk/client-ssm');
  const { rememberCalls } = await import('../aws-calls');
  const client = new SSMClient(options);
  client.middlewareStack.add(rememberCalls, { step: 'initialize' });
  return client;
}

/**
 * A version of the function reads its secrets when it starts, so a new value needs a new version; the local cloud can
 * start the same version again.
 */
function whatNext(environment: EnvironmentName): string {
  if (localRegistry(process.env.AWS_ENDPOINT_URL) !== undefined) {
    return command(`npx kairos local up ${environment}`);
  }
  const deploy = command(`npx cdktf deploy ${namesOf(environment).stack}`);
  const revision = `environments.${environment}.secretsRevision in config/environments.ts`;
  return `${deploy}; where it is deployed already, raise ${revision} by one before`;
}

function checkCommand(): Command {
  return new Command('check')
    .description('list the secrets and what is still unset; reads no value')
    .addArgument(environmentArgument('<environment>'))
    .option('--json', 'print the list as JSON')
    .action(async (environment: EnvironmentName, { json }: { readonly json?: true }) => {
      const { openAccount } = await import('../aws');
      const { clientOptions } = await openAccount(process.env);
      const { describeSecrets } = await import('../secrets/store');
      const secrets = await describeSecrets(await ssmClient(clientOptions), environment);
      const unset = secrets.filter(({ isSet }) => !isSet).map(({ name }) => name);
      if (json) printJson(secrets);
      else print(await table(['secret', 'version', 'set', 'age'], secrets.map(row)));
      if (unset.length === 0) return;
      process.exitCode = 1;
      tell(
        `unset: ${unset.join(', ')}; next: ${command(`npx kairos secrets set ${environment} ${unset.join(' ')}`)}`,
      );
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
