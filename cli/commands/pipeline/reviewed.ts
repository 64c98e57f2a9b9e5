import { Command } from 'commander';
import { mkdirSync, writeFileSync } from 'node:fs';
import { findReviewedPlan } from '../../pipeline/artifacts';
import { openGitHub } from '../../pipeline/github';
import { storedPlan } from '../../pipeline/plan';
import { writtenPlan } from '../../pipeline/stack-plan';
import { print } from '../../terminal';
import { defaultPlans, requireStack } from './plan';

interface Options {
  readonly commit: string;
  readonly folder: string;
}

export function reviewedCommand(): Command {
  return new Command('reviewed')
    .description('download the plan that was reviewed in the pull request of a commit')
    .argument('<stack>', 'such as kairos-prod')
    .requiredOption('--commit <sha>', 'the commit to deploy')
    .option('--folder <folder>', 'the folder for the plan', defaultPlans)
    .addHelpText('after', '\nExample: npx kairos pipeline reviewed kairos-prod --commit "$GITHUB_SHA"')
    .action(async (stack: string, { commit, folder }: Options) => {
      requireStack(stack);
      const plan = await findReviewedPlan(openGitHub(process.env), commit, stack);
      if (plan === undefined) {
        print(
          `${commit.slice(0, 12)} did not come from a pull request: only a plan without changes will be applied`,
        );
        return;
      }
      mkdirSync(folder, { recursive: true });
      writeFileSync(storedPlan(folder, stack), writtenPlan(plan));
      print(`${stack}: reviewed at ${plan.commit.slice(0, 12)}`);
    });
}
