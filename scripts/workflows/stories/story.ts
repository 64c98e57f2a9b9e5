import { environmentNames } from '../../../config/names';
import { UserError } from '../../../errors';
import type { Run } from '../runner';
import type { World } from '../world';

/** One run of a workflow, and what has to be true after it. */
export interface Story {
  readonly workflow: string;
  readonly what: string;
  /** @returns what came of it, in words. @throws when it is not what has to be. */
  readonly tell: (world: World) => Promise<string>;
}

/** What GitHub sends with the push of a pull request. */
export const pullRequest = (number: number, sha: string, fork = false) => ({
  pull_request: { number, head: { sha, repo: { fork } } },
});

/** What it sends with a push to main. */
export const push = { ref: 'refs/heads/main' };

/** How the applies of a push end that nothing has stopped. */
export const everything = ['foundation', ...environmentNames].map((name) => `kairos-${name} success`);

/** @returns the run. @throws with all that was said when a job failed. */
export function passed(run: Run): Run {
  if (run.code !== 0) throw new UserError(`exit code ${run.code}\n${run.said}`);
  return run;
}

/** @returns the applies that ended, in their order. */
export function endings({ order, jobs }: Run): readonly string[] {
  return order.map((name) => `${name.split('/').at(-1)?.trim() ?? ''} ${jobs[name] ?? ''}`);
}
