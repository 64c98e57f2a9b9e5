import { Command, Option } from 'commander';
import { importsFolder } from '../../../config/imports';
import { type EnvironmentName, environmentNames, parseEnvironmentName } from '../../../config/names';
import { readConfiguration } from '../../../config/read';
import { openMigration } from '../../migrate/live';
import { type MigrationPlan, planOf, stepsOf } from '../../migrate/plan';
import { migrationPolicy } from '../../migrate/rights';
import { writeImports } from '../../migrate/write';
import { bold, command, print, printJson, red, table, tell, yellow } from '../../terminal';
import { policyOption } from '../policy-option';

interface Options {
  readonly env: EnvironmentName;
  readonly function?: string;
  readonly output: string;
  readonly policy?: true;
  readonly json?: true;
}

export function planCommand(): Command {
  return new Command('plan')
    .argument('<cloudformation-stack>', 'the name of the live stack')
    .addOption(
      new Option('--env <environment>', 'the environment that replaces it')
        .choices(environmentNames)
        .argParser(parseEnvironmentName)
        .default('prod'),
    )
    .option('--function <name>', "the backend's name in the template, if there are several functions")
    .option('--output <folder>', 'the folder for the files to review', importsFolder)
    .option(...policyOption)
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
Example: npx kairos migrate plan kairos-backend
It changes nothing in AWS. It writes one file per Terraform state, and none while something contradicts the table.
Exit codes: 0 the files are written; 1 something must be resolved first, or could not be read.`,
    )
    .action(async (stack: string, options: Options) => {
      const { env, output } = options;
      if (options.policy) {
        printJson(migrationPolicy(stack, env, readConfiguration(process.env)).plan);
        return;
      }
      tell(`reads the stack ${stack} and its resources`);
      const migration = await openMigration({
        stack,
        environment: env,
        function: options.function,
        shell: process.env,
      });
      const plan = planOf(migration);
      const stops = plan.contradictions.length > 0;
      const files = stops ? [] : writeImports(output, plan.adopted);
      const steps = stops ? [] : stepsOf(plan);
      if (options.json) printJson({ ...plan, files, steps });
      else await show(plan, files, steps);
      if (!stops) return;
      process.exitCode = 1;
      tell(
        `no file was written; next, when that is resolved: ${command(`npx kairos migrate plan ${stack} --env ${env}`)}`,
      );
    });
}

async function show(plan: MigrationPlan, files: readonly string[], steps: readonly string[]): Promise<void> {
  const { adopted, contradictions, changes, made, secrets, stays } = plan;
  print(
    await table(
      ['is taken over', 'by', 'as'],
      adopted.map(({ what, stack, to }) => [what, stack, to]),
    ),
  );
  print(`created beside it, by kairos-${plan.environment}: ${made.join(', ')}`);
  print(`stays as it is in ${plan.from}: ${stays.map(({ name }) => name).join(', ')}`);
  print(`its database: ${plan.database ?? 'unknown'}; its secrets: ${secrets.join(', ') || 'none'}`);
  for (const change of changes) print(yellow(`then: ${change}`));
  for (const { what, remedy } of contradictions) print(`${red('against:')} ${what}; ${remedy}`);
  if (files.length > 0) print(`written, to be reviewed: ${files.join(', ')}`);
  for (const [index, step] of steps.entries()) print(`${bold(`${index + 1}.`)} ${step}`);
  if (steps.length > 0) print('How to undo each step: docs/migration.md');
}
