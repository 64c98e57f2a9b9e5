import { Command } from 'commander';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentNames, namesOf } from '../../../config/names';
import { UserError } from '../../../errors';
import { synthesize } from '../../cdktf';
import { during } from '../../interruption';
import { openEnvironment } from '../../live/environment';
import { applyReviewed } from '../../pipeline/apply';
import { headlineOf } from '../../pipeline/comment';
import { storedPlan } from '../../pipeline/plan';
import { readStackPlan, type StackPlan } from '../../pipeline/stack-plan';
import { outputFolder } from '../../project';
import type { Shell } from '../../process';
import { whileSilent } from '../../release/mark';
import { print } from '../../terminal';
import { lockTimeoutOption } from '../release';
import { defaultPlans, requireStack, summarizeJob } from './plan';

interface Options {
  readonly reviewed: string;
  readonly lockTimeout: number;
}

export function applyCommand(): Command {
  return new Command('apply')
    .description('plan a stack again, and apply the plan if it matches the reviewed one')
    .argument('<stack>', 'such as kairos-prod')
    .option('--reviewed <folder>', 'the folder of the reviewed plans', defaultPlans)
    .addOption(lockTimeoutOption())
    .addHelpText(
      'after',
      '\nExample: npx kairos pipeline apply kairos-prod --reviewed .kairos/plans\nExit codes: 0 it was applied; 1 it was not, and the differences are printed.',
    )
    .action(async (stack: string, { reviewed, lockTimeout }: Options) => {
      requireStack(stack);
      const shell = process.env;
      const file = storedPlan(reviewed, stack);
      const plan = existsSync(file) ? readStackPlan(readFileSync(file, 'utf8'), file) : undefined;
      if (plan !== undefined && plan.stack !== stack)
        throw new UserError(`${file} contains the plan of ${plan.stack}, not of ${stack}`);
      await synthesize({ shell });
      const phase = {
        live: `${stack} is as in Terraform's state, including the operations that finished`,
        next: `npx cdktf plan ${stack}`,
      };
      const logFile = join(outputFolder(shell), `${stack}.apply.log`);
      const began = Date.now();
      const took = () => `${Math.round((Date.now() - began) / 1000)} s`;
      try {
        const outcome = await during(phase, () =>
          applyReviewed(stack, plan, { shell, lockTimeout, logFile, around: silenceOf(stack, shell) }),
        );
        print(`${stack}: ${outcome}`);
        summarizeJob(
          `**${stack}**: ${outcome}, in ${took()}. ${reviewWords(plan)} To undo it, revert the commit; the same pipeline applies that.`,
        );
      } catch (error) {
        // Terraform's messages contain values, and everybody with access to the repository can read a summary.
        summarizeJob(
          `**${stack}**: stopped after ${took()}. The job's log says why. Finished operations stay. ${reviewWords(plan)} To see the remaining changes: \`${phase.next}\``,
        );
        throw error;
      }
    });
}

/** @returns what suppresses an environment's composite alarms during the apply; other stacks have none. */
function silenceOf(stack: string, shell: Shell): ((work: () => Promise<void>) => Promise<void>) | undefined {
  const name = environmentNames.find((each) => namesOf(each).stack === stack);
  if (name === undefined) return undefined;
  return async (work) => whileSilent(await openEnvironment(name, shell), work, () => false);
}

/** @returns the planned changes, and where they were reviewed. */
function reviewWords(plan: StackPlan | undefined): string {
  if (plan === undefined) return 'The commit did not come from a pull request.';
  return `Reviewed with \`${plan.commit.slice(0, 12)}\`: ${headlineOf([plan]).replace(/\.$/, '')}.`;
}
