import { deepStrictEqual } from 'node:assert/strict';
import type { World } from '../world';
import { endings, everything, passed, pullRequest, push, type Story } from './story';

/** Events that arrive while another run is in progress. */
export const queueStories: readonly Story[] = [
  {
    workflow: 'plan.yml, deploy.yml',
    what: 'two pull requests at the same time; the second is merged before the first is applied',
    tell: async (world) => {
      const base = await world.commit();
      const [dev, staging] = [await world.retention('dev'), await world.retention('staging')];
      const one = await planOf(world, 8, base, [`logRetention: ${dev},`, 'logRetention: 5,']);
      const other = await planOf(world, 9, base, [`logRetention: ${staging},`, 'logRetention: 90,']);
      const first = await world.mergeOnto(8, one, base);
      const second = await world.mergeOnto(9, other, first);
      const found: (readonly [dev: number | undefined, staging: number | undefined])[] = [];
      for (const commit of [first, second]) {
        await world.goTo(commit);
        const run = passed(await world.runner.run('deploy.yml', 'push', push));
        deepStrictEqual(endings(run), everything);
        found.push([await world.retention('dev'), await world.retention('staging')]);
      }
      deepStrictEqual(found, [
        [5, staging],
        [5, 90],
      ]);
      return 'both are applied, one after the other; the second as it was reviewed, although the review was before the first apply';
    },
  },
];

/** Plans a pull request with a base commit and a change of the table. @returns its last commit. */
async function planOf(
  world: World,
  number: number,
  base: string,
  [from, to]: readonly [string, string],
): Promise<string> {
  await world.goTo(base);
  const head = await world.change(from, to);
  passed(await world.runner.run('plan.yml', 'pull_request', pullRequest(number, head)));
  world.store(head);
  return head;
}
