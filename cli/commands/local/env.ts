import { Command } from 'commander';
import { servedVariables } from '../../local/shell';
import { print } from '../../terminal';
import { requireCloud } from './require-cloud';

export function envCommand(): Command {
  return new Command('env').description('print the exports that point a shell at it').action(async () => {
    const { home, record } = await requireCloud();
    for (const [name, value] of Object.entries(await servedVariables(record, home, process.env))) {
      print(value === undefined ? `unset ${name}` : `export ${name}=${quoted(value)}`);
    }
  });
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
