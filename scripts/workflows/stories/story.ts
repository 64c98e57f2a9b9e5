import { environmentNames } from '../../../config/names';
import { UserError } from '../../../errors';
import type { Run } from '../runner';
import type { World } from '../world';

/** One run of a workflow, and what must be true after it. */
export interface Story {
  readonly workflow: string;
  readonly what: string;
  /** @returns the result as text. @throws if it is wrong. */
  readonly tell: (world: World) => Promise<string>;
}

/** The payload of GitHub for the push of a pull request. */
export const pullRequest = (number: number, sha: string, fork = false) => ({
  pull_request: { number, head: { sha, repo: { fork } } },
});

/** The payload for a push to main. */
export const push = { ref: 'refs/heads/main' };

/** The results of the applies of a push that nothing has stopped. */
export const everything = ['foundation', ...environmentNames].map((name) => `kairos-${name} success`);

/** @returns the run. @throws with the whole output if a job failed. */
export function passed(run: Run): Run {
  if (run.code !== 0) throw new UserError(`exit code ${run.code}\n${run.said}`);
  return run;
}

/** @returns the applies that ended, in order. */
export function endings({ order, jobs }: Run): readonly string[] {
  return order.map((name) => `${name.split('/').at(-1)?.trim() ?? ''} ${jobs[name] ?? ''}`);
}
