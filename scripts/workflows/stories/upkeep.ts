import { deepStrictEqual, match } from 'node:assert/strict';
import { passed, type Story } from './story';

const id = '5f2a6c1e-0d6c-4f0a-9d39-5d1d2f0a7c11';

/** The nightly runs, and locks that were left. */
export const upkeepStories: readonly Story[] = [
  {
    workflow: 'drift.yml',
    what: 'three nights: somebody has changed dev by hand, then staging too, then both are corrected',
    tell: async (world) => {
      const [dev, staging] = [await world.retention('dev'), await world.retention('staging')];
      const nights: string[] = [];
      const night = async () => {
        passed(await world.runner.run('drift.yml', 'schedule', {}));
        nights.push(...world.github.issues.map(({ state, body }) => `${state}: ${headline(body)}`));
      };
      await world.setRetention('dev', 3);
      await night();
      await world.setRetention('staging', 3);
      await night();
      await world.setRetention('dev', dev);
      await world.setRetention('staging', staging);
      await night();
      deepStrictEqual(nights, [
        'open: dev: 1 to change',
        'open: dev: 1 to change · staging: 1 to change',
        'closed: dev: 1 to change · staging: 1 to change',
      ]);
      deepStrictEqual(world.github.issues[0]?.title, 'The account differs from main');
      return 'one issue: opened, updated, closed';
    },
  },
  {
    workflow: 'unlock.yml',
    what: 'a state without a lock, one with the lock of a dead runner, one with the lock of a person',
    tell: async (world) => {
      const unlock = (inputs: Readonly<Record<string, string>> = {}) =>
        world.runner.run('unlock.yml', 'workflow_dispatch', {}, { environment: 'dev', ...inputs });
      match(passed(await unlock()).said, /nobody holds the state of kairos-dev/);
      await world.hold('dev', id, 'runner@fv-az1');
      match((await unlock()).said, /is held by runner@fv-az1 since 2026-11-28 12:00:00 UTC \(apply\)/);
      deepStrictEqual((await world.locks()).length, 1);
      passed(await unlock({ lock: id }));
      deepStrictEqual(await world.locks(), []);
      await world.hold('dev', id, 'ann@laptop');
      const refused = await unlock({ lock: id });
      deepStrictEqual(Object.values(refused.jobs), ['failure']);
      match(refused.said, /the lock stays: that run was on laptop/);
      deepStrictEqual((await world.locks()).length, 1);
      passed(await unlock({ lock: id, looked: 'true' }));
      deepStrictEqual(await world.locks(), []);
      return "says who holds the lock, and since when; removes the runner's by its id, and the person's after somebody has checked";
    },
  },
];

/** @returns the stacks in an issue, without those that have no changes. */
function headline(body: string): string {
  const line = body.split('\n').find((each) => each.includes('to change')) ?? '';
  return line
    .split(' · ')
    .filter((each) => each.includes('to change'))
    .join(' · ');
}
