import { Argument, Command } from 'commander';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { environmentNames, foundationStackName, namesOf } from '../../../config/names';
import { UserError } from '../../../errors';
import { synthesize } from '../../cdktf';
import { headlineOf } from '../../pipeline/comment';
import { failureWords, planStack, refreshOf, storedPlan } from '../../pipeline/plan';
import { type StackPlan, writtenPlan } from '../../pipeline/stack-plan';
import { outputFolder } from '../../project';
import { print, tell } from '../../terminal';

interface Options {
  readonly folder: string;
  readonly commit?: string;
  readonly drift?: true;
}

/** Every stack that a pull request plans: all except the image, which only depends on the backend's source. */
export const plannedStacks: readonly string[] = [
  foundationStackName,
  ...environmentNames.map((name) => namesOf(name).stack),
];

export const defaultPlans = join('.kairos', 'plans');

export function planCommand(): Command {
  return new Command('plan')
    .description(
      'plan stacks with cdktf plan, and store their changes without secrets and without the plan file',
    )
    .addArgument(new Argument('[stacks...]', `of ${plannedStacks.join(', ')}`).default(plannedStacks, 'all'))
    .option('--folder <folder>', 'the folder for the plans', defaultPlans)
    .option('--commit <sha>', 'the commit that is planned (default: GITHUB_SHA)')
    .option('--drift', 'also refresh the foundation, without reading the values of its secrets')
    .addHelpText(
      'after',
      '\nExample: npx kairos pipeline plan kairos-prod\nExit codes: 0 planned, with or without changes; 1 a plan failed. It writes nothing to AWS and locks no state.',
    )
    .action(async (stacks: string[], { folder, commit, drift }: Options) => {
      for (const stack of stacks) requireStack(stack);
      const shell = process.env;
      mkdirSync(folder, { recursive: true });
      await synthesize({ shell });
      const plans = await Promise.all(
        stacks.map(async (stack): Promise<StackPlan> => {
          const logFile = join(outputFolder(shell), `${stack}.plan.log`);
          const refresh = refreshOf(stack, drift === true);
          if (refresh === 'all-but-values')
            tell(`${stack}: only the names, types and keys of its secrets are read, not their values`);
          const options = { shell, refresh, lockTimeout: false as const, logFile };
          const { changes, reasons } = await planStack(stack, options);
          if (changes === undefined) tell(failureWords(stack, reasons, logFile));
          const plan = {
            stack,
            commit: commit ?? shell.GITHUB_SHA ?? 'unknown',
            ...(changes === undefined ? { reasons } : { changes }),
          };
          writeFileSync(storedPlan(folder, stack), writtenPlan(plan));
          return { format: 1, ...plan };
        }),
      );
      print(headlineOf(plans));
      summarizeJob(headlineOf(plans));
      tell(`stored in ${resolve(folder)}; next: npx kairos pipeline comment --folder ${folder} --print`);
      if (plans.some(({ changes }) => changes === undefined)) process.exitCode = 1;
    });
}

/** @throws UserError if there is no such stack. */
export function requireStack(stack: string): void {
  if (!plannedStacks.includes(stack))
    throw new UserError(`there is no stack "${stack}"; the stacks are ${plannedStacks.join(', ')}`);
}

/** Adds text to the job's summary on GitHub, if there is one. */
export function summarizeJob(markdown: string): void {
  const file = process.env.GITHUB_STEP_SUMMARY ?? '';
  if (file !== '') appendFileSync(file, `${markdown}\n`);
}
