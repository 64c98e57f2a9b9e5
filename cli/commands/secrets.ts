import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import {
  type EnvironmentName,
  parseEnvironmentName,
  secretNames,
  type StoredSecretName,
} from '../../config/names';

import { openAccount } from '../aws';
import { UserError } from '../../errors';
import { parseSecretName } from '../secrets/rules';
import { describeSecrets, setSecrets } from '../secrets/store';
import { command, isInteractive, print, printJson, table, tell } from '../terminal';

export function secretsCommand(): Command {
  return new Command('secrets')
    .description("the application's secrets, which live in SSM and nowhere else")
    .addCommand(setCommand())
    .addCommand(checkCommand());
}

function setCommand(): Command {
  return new Command('set')
    .description('write secrets straight to SSM, from a hidden prompt, standard input or a dotenv file')
    .argument('<environment>', 'dev, staging or prod', parseEnvironmentName)
    .argument('[names...]', `which, also API_KEY_… (default: ${secretNames.join(', ')})`)
    .option('--from <file>', 'a dotenv file to take them from; names that are no secret are left out')
    .addHelpText(
      'after',
      `
A value is never an argument: other processes can read those. One name with standard input that is no
terminal takes its value from there; several names take NAME=value lines.
The MongoDB user and password are stored percent-encoded; give them as they are, or encoded already.`,
    )
    .action(async (environment: EnvironmentName, names: string[], { from }: { readonly from?: string }) => {
      const wanted = names.length === 0 ? secretNames : names.map(parseSecretName);
      const { clientOptions } = await openAccount(process.env);
      const given = await readValues(environment, wanted, { from, all: names.length === 0 });
      const { SSMClient } = await import('@aws-sdk/client-ssm');
      const versions = await setSecrets(new SSMClient(clientOptions), environment, given);
      for (const [name, version] of versions) print(`${name} set, version ${version}`);
      tell(
        `next: raise environments.${environment}.secretsRevision in config/environments.ts by one and ${command(`npx cdktf deploy kairos-${environment}`)}, unless it was never deployed`,
      );
    });
}

function checkCommand(): Command {
  return new Command('check')
    .description('list the secrets and what is still unset; reads no value')
    .argument('<environment>', 'dev, staging or prod', parseEnvironmentName)
    .option('--json', 'print the list as JSON')
    .action(async (environment: EnvironmentName, { json }: { readonly json?: true }) => {
      const { clientOptions } = await openAccount(process.env);
      const { SSMClient } = await import('@aws-sdk/client-ssm');
      const secrets = await describeSecrets(new SSMClient(clientOptions), environment);
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

function row({
  name,
  version,
  changed,
  isSet,
}: Awaited<ReturnType<typeof describeSecrets>>[number]): string[] {
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

interface Source {
  readonly from?: string;
  /** Whether no name was given, so that whatever the source has will do. */
  readonly all: boolean;
}

async function readValues(
  environment: EnvironmentName,
  wanted: readonly StoredSecretName[],
  { from, all }: Source,
): Promise<ReadonlyMap<StoredSecretName, string>> {
  if (from !== undefined) return pick(await parseLines(readFileSync(from, 'utf8')), wanted, all, from);
  if (isInteractive(process.env)) return prompt(environment, wanted);
  if (process.stdin.isTTY) {
    throw new UserError('there is nobody to ask here; give --from <file>, or the value on standard input');
  }
  const text = readFileSync(0, 'utf8');
  const [only] = wanted;
  if (wanted.length === 1 && only !== undefined) return new Map([[only, text.replace(/\r?\n$/, '')]]);
  return pick(await parseLines(text), wanted, all, 'standard input');
}

async function parseLines(text: string): Promise<Readonly<Record<string, string>>> {
  const { parse } = await import('dotenv');
  return parse(text);
}

function pick(
  values: Readonly<Record<string, string>>,
  wanted: readonly StoredSecretName[],
  all: boolean,
  source: string,
): ReadonlyMap<StoredSecretName, string> {
  const found = new Map<StoredSecretName, string>();
  for (const name of wanted) {
    const value = values[name];
    if (value !== undefined) found.set(name, value);
  }
  const missing = wanted.filter((name) => !found.has(name));
  if (found.size === 0 || (!all && missing.length > 0)) {
    throw new UserError(`${source} has no line for ${missing.join(', ')}; give NAME=value lines`);
  }
  if (missing.length > 0) tell(`left as they are, for ${source} does not name them: ${missing.join(', ')}`);
  return found;
}

async function prompt(
  environment: EnvironmentName,
  wanted: readonly StoredSecretName[],
): Promise<ReadonlyMap<StoredSecretName, string>> {
  const { isCancel, password } = await import('@clack/prompts');
  const values = new Map<StoredSecretName, string>();
  for (const name of wanted) {
    const value = await password({ message: `${name} of ${environment} (empty leaves it as it is)` });
    if (isCancel(value)) throw new UserError('stopped; nothing was written');
    if (value !== '') values.set(name, value);
  }
  if (values.size === 0) throw new UserError('no value was given; nothing was written');
  return values;
}
