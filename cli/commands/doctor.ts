import { Command } from 'commander';
import type { EnvironmentName } from '../../config/names';
import type { CheckResult, Finding } from '../doctor/check';
import { bold, command, green, print, printJson, red, wrapped, yellow } from '../terminal';
import { environmentArgument } from './arguments';

interface Options {
  readonly json?: true;
}

const marks: Readonly<Record<Finding['state'], string>> = {
  ok: green('ok     '),
  wrong: red('wrong  '),
  unknown: yellow('unknown'),
};

/** The length of the longest title. */
const titleWidth = 29;

export function doctorCommand(): Command {
  return new Command('doctor')
    .addArgument(environmentArgument('[environment]'))
    .option('--json', 'print all findings as JSON')
    .addHelpText(
      'after',
      `
Example: npx kairos doctor prod
It changes nothing. "unknown" is what could not be checked, or what not everybody needs, such as Docker.
Exit codes: 0 nothing is wrong; 1 something is.`,
    )
    .action(async (name: EnvironmentName | undefined, { json }: Options) => {
      const { examine } = await import('../doctor/examine');
      const all: (CheckResult & { readonly group: string })[] = [];
      for await (const { group, results } of examine(process.env, name)) {
        if (!json) print(bold(group));
        for (const running of results) {
          const found = await running;
          all.push({ group, ...found });
          if (!json) show(found);
        }
      }
      const isWrong = all.some(({ state }) => state === 'wrong');
      if (json) printJson({ healthy: !isWrong, checks: all });
      if (isWrong) process.exitCode = 1;
    });
}

function show({ state, title, found, advice }: CheckResult): void {
  const indent = ' '.repeat(4 + 'unknown'.length + titleWidth);
  const [first = '', ...rest] = wrapped(found, 80 - indent.length);
  print(`  ${marks[state]} ${title.padEnd(titleWidth)} ${first}`);
  for (const line of rest) print(`${indent}${line}`);
  if (advice === undefined) return;
  for (const line of wrapped(advice, 68)) print(`          ${command(line)}`);
}
