import { Command, InvalidArgumentError } from 'commander';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { quotas } from '../../aws/quotas';
import { synthesizedStack } from '../../cli/synthesized';
import { print, printJson, table, tell } from '../../cli/terminal';
import { configuration } from '../../config/environments';
import { namesOf } from '../../config/names';
import { UserError } from '../../errors';
import { changeGrid, type Grid, limitGrid, rateGrid, withTables } from './document';
import { defaults, priced } from './priced';

const file = join(resolve(__dirname, '..', '..'), 'docs', 'scale.md');

interface Options {
  readonly duration: number;
  readonly coldStart: number;
  readonly addresses?: number;
  readonly json?: true;
  readonly write?: true;
}

async function main(): Promise<void> {
  const { write, json, ...load } = new Command('simulate')
    .description('What breaks first in production at 1 to 10,000 requests a second, and what to change then.')
    .option('--duration <ms>', 'the duration of an invocation', count, defaults.duration)
    .option('--cold-start <ms>', 'how long an environment takes until it works', count, defaults.coldStart)
    .option('--addresses <number>', 'how many addresses the requests come from', count)
    .option('--json', 'print it as JSON, with the source of each quota')
    .option('--write', 'write the tables of docs/scale.md, with the defaults')
    .addHelpText(
      'after',
      '\nExample: npm run simulate -- --duration 80 --json\nExit codes: 0 success; 1 it could not be calculated.',
    )
    .parse()
    .opts<Options>();
  const isDefault = load.duration === defaults.duration && load.coldStart === defaults.coldStart;
  if (write === true && (!isDefault || load.addresses !== undefined))
    throw new UserError('docs/scale.md holds the defaults; expected --write alone');
  tell('synthesizing, to know what a month costs before the first request');
  const template = await synthesizedStack(namesOf('prod').stack, process.env);
  const simulation = priced(configuration, template, load);
  if (write === true) writeFileSync(file, withTables(readFileSync(file, 'utf8'), simulation));
  else if (json === true) printJson({ environment: 'prod', ...load, ...simulation, quotas });
  else {
    const { outcomes, limits } = simulation;
    print(await drawn(rateGrid(outcomes)));
    print(await drawn(limitGrid(limits)));
    print(await drawn(changeGrid(outcomes)));
  }
}

function drawn({ head, rows }: Grid): Promise<string> {
  return table(head, rows);
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number <= 0)
    throw new InvalidArgumentError(`"${text}" is not a whole number above 0; expected a number such as 120.`);
  return number;
}

main().catch((error: unknown) => {
  if (!(error instanceof UserError)) throw error;
  tell(error.message);
  process.exitCode = 1;
});
