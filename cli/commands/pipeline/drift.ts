import { Command } from 'commander';
import { driftOf, tellDrift } from '../../pipeline/drift';
import { openGitHub } from '../../pipeline/github';
import { print } from '../../terminal';
import { storedOrFailed } from './comment';
import { defaultPlans, plannedStacks, summarizeJob } from './plan';

interface Options {
  readonly folder: string;
}

export function driftCommand(): Command {
  return new Command('drift')
    .description('open, update or close the issue about differences between the account and main')
    .option('--folder <folder>', 'the folder of "pipeline plan --drift"', defaultPlans)
    .addHelpText(
      'after',
      '\nExample: npx kairos pipeline drift\nExit codes: 0 no drift, or it is reported; 1 a plan failed.',
    )
    .action(async ({ folder }: Options) => {
      const plans = plannedStacks.map((stack) => storedOrFailed(folder, stack));
      const words = await tellDrift(openGitHub(process.env), plans);
      print(words);
      summarizeJob(words);
      if (driftOf(plans) === 'error') process.exitCode = 1;
    });
}
