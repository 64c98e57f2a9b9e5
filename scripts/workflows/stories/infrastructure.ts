import { deepStrictEqual, match } from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../../../errors';
import type { Run } from '../runner';
import type { World } from '../world';
import { endings, everything, passed, pullRequest, push, type Story } from './story';

/** The commit to be merged, from one story to the next. */
let planned = '';

/** The workflows for this repository: from a pull request to prod. Each story continues the previous one. */
export const infrastructureStories: readonly Story[] = [
  {
    workflow: 'plan.yml',
    what: 'a pull request that changes the log retention of dev and staging',
    tell: async (world) => {
      await world.change('logRetention: 14,', 'logRetention: 7,');
      planned = await world.change('logRetention: 30,', 'logRetention: 60,');
      const run = passed(await world.runner.run('plan.yml', 'pull_request', pullRequest(7, planned)));
      deepStrictEqual(Object.values(run.jobs), Array(5).fill('success'));
      world.store(planned);
      const [comment] = world.github.comments;
      const line = comment?.body.split('\n')[0] ?? '';
      match(line, /^foundation: no changes · dev: 2 to change · staging: \d to change · prod: no changes$/);
      return `one comment: "${line}"`;
    },
  },
  {
    workflow: 'plan.yml',
    what: 'a pull request from a fork',
    tell: async (world) => {
      const run = passed(await world.runner.run('plan.yml', 'pull_request', pullRequest(7, planned, true)));
      deepStrictEqual(Object.values(run.jobs), ['success']);
      match(run.said, /GitHub gives no identity to the job of a fork/);
      return 'says why there is no plan; AWS is not called';
    },
  },
  {
    workflow: 'deploy.yml',
    what: 'the merge, after somebody has changed staging by hand',
    tell: async (world) => {
      await world.merge(7, planned);
      await world.setRetention('staging', 3);
      const run = await world.runner.run('deploy.yml', 'push', push);
      deepStrictEqual(endings(run), [
        'kairos-foundation success',
        'kairos-dev success',
        'kairos-staging failure',
      ]);
      match(run.said, /kairos-staging was not applied: the plan differs from the one that was reviewed/);
      deepStrictEqual([await world.retention('dev'), await world.retention('staging')], [7, 3]);
      return 'foundation and dev are applied; staging stops and says what differs; prod does not start';
    },
  },
  {
    workflow: 'deploy.yml',
    what: 'the same run again, cancelled while Terraform holds the lock of staging',
    tell: async (world) => {
      await world.setRetention('staging', 30);
      const run = await cancelOnce(world, 'kairos-staging', world.runner.run('deploy.yml', 'push', push));
      match(endings(run).at(-1) ?? '', /^kairos-staging failure$/);
      deepStrictEqual(await world.locks(), []);
      return 'the job fails, and no lock remains';
    },
  },
  {
    workflow: 'deploy.yml',
    what: 'the same run again',
    tell: async (world) => {
      const run = passed(await world.runner.run('deploy.yml', 'push', push));
      deepStrictEqual(endings(run), everything);
      deepStrictEqual([await world.retention('dev'), await world.retention('staging')], [7, 60]);
      return 'foundation → dev → staging → prod are applied in this order, as reviewed';
    },
  },
  {
    workflow: 'deploy.yml',
    what: 'a push without a review',
    tell: async (world) => {
      await world.change('logRetention: 7,', 'logRetention: 5,');
      const run = await world.runner.run('deploy.yml', 'push', push);
      deepStrictEqual(endings(run), ['kairos-foundation success', 'kairos-dev failure']);
      deepStrictEqual(await world.retention('dev'), 7);
      await world.change('logRetention: 5,', 'logRetention: 7,');
      return 'stops at dev, the first environment that it would change';
    },
  },
];

/** Cancels a job like GitHub: the signal goes only to the first process of the step, when the state is locked. */
async function cancelOnce(world: World, stack: string, running: Promise<Run>): Promise<Run> {
  const state = { goesOn: true };
  const ended = running.finally(() => {
    state.goesOn = false;
  });
  while (state.goesOn && !(await world.locks()).includes(`${stack}.tfstate.tflock`)) await pause(100);
  const entry = world.processes(`pipeline apply ${stack}`);
  if (entry.length !== 1) throw new UserError(`${entry.length} processes apply ${stack}`);
  for (const pid of entry) process.kill(pid, 'SIGINT');
  return ended;
}
