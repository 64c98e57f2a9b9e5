import { deepStrictEqual, match } from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { environmentNames } from '../../config/names';
import { UserError } from '../../errors';
import type { Run } from './runner';
import { clients, type World } from './world';

/** One run of a workflow, and what has to be true after it. */
export interface Story {
  readonly workflow: string;
  readonly what: string;
  /** @returns what came of it, in words. @throws when it is not what has to be. */
  readonly tell: (world: World) => Promise<string>;
}

const pullRequest = (sha: string, fork = false) => ({
  pull_request: { number: 7, head: { sha, repo: { fork } } },
});
const push = { ref: 'refs/heads/main' };

/** The commit that waits for its merge, from one story to the next. */
let planned = '';

export const stories: readonly Story[] = [
  {
    workflow: 'plan.yml',
    what: 'a pull request that changes how long dev and staging keep their logs',
    tell: async (world) => {
      await world.change('logRetention: 14,', 'logRetention: 7,');
      planned = await world.change('logRetention: 30,', 'logRetention: 60,');
      const run = passed(await world.runner.run('plan.yml', 'pull_request', pullRequest(planned)));
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
    what: 'the pull request of a fork',
    tell: async (world) => {
      const run = passed(await world.runner.run('plan.yml', 'pull_request', pullRequest(planned, true)));
      deepStrictEqual(Object.values(run.jobs), ['success']);
      match(run.said, /GitHub gives no identity to the job of a fork/);
      return 'says why there is no plan; AWS is not asked';
    },
  },
  {
    workflow: 'deploy.yml',
    what: 'the merge, while somebody has changed staging by hand',
    tell: async (world) => {
      await world.merge(7, planned);
      await world.setRetention('staging', 3);
      const run = await world.runner.run('deploy.yml', 'push', push);
      deepStrictEqual(endings(run), [
        'kairos-foundation success',
        'kairos-dev success',
        'kairos-staging failure',
      ]);
      match(run.said, /kairos-staging was not applied: the plan is another one than was reviewed/);
      deepStrictEqual([await world.retention('dev'), await world.retention('staging')], [7, 3]);
      return 'foundation and dev applied; staging stops with what differs; prod does not begin';
    },
  },
  {
    workflow: 'deploy.yml',
    what: 'the same again, cancelled while Terraform holds the state of staging',
    tell: async (world) => {
      await world.setRetention('staging', 30);
      const run = await cancelOnce(world, 'kairos-staging', world.runner.run('deploy.yml', 'push', push));
      match(endings(run).at(-1) ?? '', /^kairos-staging failure$/);
      deepStrictEqual(await world.locks(), []);
      return 'the job fails, and no lock is left';
    },
  },
  {
    workflow: 'deploy.yml',
    what: 'the same again',
    tell: async (world) => {
      const run = passed(await world.runner.run('deploy.yml', 'push', push));
      deepStrictEqual(
        endings(run),
        ['foundation', ...environmentNames].map((name) => `kairos-${name} success`),
      );
      deepStrictEqual([await world.retention('dev'), await world.retention('staging')], [7, 60]);
      return 'foundation → dev → staging → prod, in this order, as reviewed';
    },
  },
  {
    workflow: 'deploy.yml',
    what: 'a push that nobody reviewed',
    tell: async (world) => {
      await world.change('logRetention: 7,', 'logRetention: 5,');
      const run = await world.runner.run('deploy.yml', 'push', push);
      deepStrictEqual(endings(run), ['kairos-foundation success', 'kairos-dev failure']);
      deepStrictEqual(await world.retention('dev'), 7);
      await world.change('logRetention: 5,', 'logRetention: 7,');
      return 'stops at dev, the first that it would change';
    },
  },
  {
    workflow: 'deploy.yml',
    what: 'an image by its digest, started by hand',
    tell: async (world) => {
      const digest = await world.image('Hello from Kairos', 'Hello, workflow');
      const run = passed(
        await world.runner.run('deploy.yml', 'workflow_dispatch', {}, { digest, to: 'prod' }),
      );
      for (const name of environmentNames) deepStrictEqual(await world.digest(name), digest);
      deepStrictEqual(
        world.github.dispatches.map(({ to, event_type }) => [to, event_type]),
        [[clients, 'update-client']],
      );
      match(run.said, /To go back: `npx kairos rollback prod`/);
      return 'dev → staging → prod run it, and the clients’ repository is told';
    },
  },
  {
    workflow: 'deploy.yml',
    what: 'an image whose routes answer 500',
    tell: async (world) => {
      const before = await world.digest('dev');
      const digest = await world.image(
        'return Message(message="Hello from Kairos")',
        'raise RuntimeError("broken")',
      );
      const run = await world.runner.run('deploy.yml', 'workflow_dispatch', {}, { digest, to: 'prod' });
      deepStrictEqual(Object.values(run.jobs), ['success', 'failure']);
      match(run.said, /answered 500/);
      for (const name of environmentNames) deepStrictEqual(await world.digest(name), before);
      return 'dev goes back by itself, the job fails, staging and prod do not begin';
    },
  },
  {
    workflow: 'drift.yml',
    what: 'a night after somebody has changed dev by hand, and the night after that was mended',
    tell: async (world) => {
      await world.setRetention('dev', 3);
      passed(await world.runner.run('drift.yml', 'schedule', {}));
      await world.setRetention('dev', 7);
      passed(await world.runner.run('drift.yml', 'schedule', {}));
      deepStrictEqual(
        world.github.issues.map(({ title, state }) => `${state}: ${title}`),
        ['closed: The account differs from main'],
      );
      return 'one issue, opened and closed';
    },
  },
  {
    workflow: 'unlock.yml',
    what: 'a state that nobody holds',
    tell: async (world) => {
      const run = passed(
        await world.runner.run('unlock.yml', 'workflow_dispatch', {}, { environment: 'dev' }),
      );
      match(run.said, /nobody holds|is not held|no lock/i);
      return 'says so';
    },
  },
];

/** Cancels a job as GitHub does: the signal goes to the first process of the step alone, once the state is held. */
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

/** @throws with all that was said when a job failed. */
function passed(run: Run): Run {
  if (run.code !== 0) throw new UserError(`exit code ${run.code}\n${run.said}`);
  return run;
}

/** @returns the applies that ended, in their order. */
function endings({ order, jobs }: Run): readonly string[] {
  return order.map((name) => `${name.split('/').at(-1)?.trim() ?? ''} ${jobs[name] ?? ''}`);
}
