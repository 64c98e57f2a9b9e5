import { Command, InvalidArgumentError } from 'commander';
import { existsSync, readFileSync } from 'node:fs';
import { commentMarker, commentOn } from '../../pipeline/comment';
import { openGitHub } from '../../pipeline/github';
import { storedPlan } from '../../pipeline/plan';
import { readStackPlan, type StackPlan } from '../../pipeline/stack-plan';
import { writeComment } from '../../pipeline/sticky';
import { printWhole, tell } from '../../terminal';
import { defaultPlans, plannedStacks, summarizeJob } from './plan';

interface Options {
  readonly folder: string;
  readonly commit?: string;
  readonly pullRequest?: number;
  readonly print?: true;
}

/** In bytes: the limit of a step's summary, with a reserve. */
const longestSummary = 1_000_000;

export function commentCommand(): Command {
  return new Command('comment')
    .description('write the comment of a pull request with the plans of all stacks')
    .option('--folder <folder>', 'the folder of "pipeline plan"', defaultPlans)
    .option('--commit <sha>', 'the commit that was planned (default: GITHUB_SHA)')
    .option('--pull-request <number>', 'the pull request', parseNumber)
    .option('--print', 'print it, and write nothing to GitHub')
    .addHelpText('after', '\nExample: npx kairos pipeline comment --print')
    .action(async ({ folder, commit, pullRequest, print: isPrinted }: Options) => {
      const plans = plannedStacks.map((stack) => storedOrFailed(folder, stack));
      const planned = commit ?? process.env.GITHUB_SHA;
      if (isPrinted === true || pullRequest === undefined) {
        printWhole(commentOn(plans, { commit: planned }));
        return;
      }
      const github = openGitHub(process.env);
      const options = { commit: planned, jobUrl: github.runUrl };
      summarizeJob(commentOn(plans, { ...options, limit: longestSummary }));
      const what = await writeComment(github, pullRequest, commentMarker, commentOn(plans, options));
      tell(`the comment of pull request ${pullRequest} is ${what}`);
    });
}

/** A job that failed before its plan has stored none, which must not look like "no changes". */
export function storedOrFailed(folder: string, stack: string): StackPlan {
  const file = storedPlan(folder, stack);
  return existsSync(file)
    ? readStackPlan(readFileSync(file, 'utf8'), file)
    : { format: 1, stack, commit: 'unknown' };
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError(`"${text}" is not a number of a pull request.`);
}
