import { Command } from 'commander';
import { linesThatPoint, linesThatPointBack } from '../../local/shell-lines';
import { print } from '../../terminal';

interface Options {
  readonly unset?: true;
}

export function envCommand(): Command {
  return new Command('env')
    .option('--unset', 'print what points the shell back to where it was')
    .action(async ({ unset }: Options) => {
      const lines = unset ? linesThatPointBack(process.env) : linesThatPoint(await pointing(), process.env);
      for (const line of lines) print(line);
    });
}

/** Loaded here, for the way back needs no cloud. */
async function pointing() {
  const { requireCloud } = await import('./require-cloud');
  const { servedVariables } = await import('../../local/shell');
  const { home, record } = await requireCloud();
  return servedVariables(record, home, process.env);
}
