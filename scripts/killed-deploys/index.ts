import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { print, table, tell } from '../../cli/terminal';
import { putImages } from '../kills/images';
import { Look } from '../kills/look';
import { type LocalCloud, withLocalCloud } from '../local-cloud';
import { copyProject } from '../project-copy';
import { huntWords } from '../hunt/secret-hunt';
import { concludeRun } from '../table-in-document';
import { type Asked, markOf, readAsked } from './asked';
import { Scene, type TriedEnvironment } from './scene';
import { spread } from './spread';
import { type Course, type Trial, tryKill, undisturbed } from './trial';

/** Kills Terraform at points that are distributed over a deploy, and recovers after each. */
const first: Course = { name: 'first deploy', to: 'first' };
const update: Course = { name: 'update', from: 'first', to: 'changed' };
const back: Course = { name: 'update back', from: 'changed', to: 'first' };

/** The number of points of each kind of deploy. */
const points: Readonly<Record<TriedEnvironment, ReadonlyMap<Course, number>>> = {
  dev: new Map([
    [first, 10],
    [update, 5],
    [back, 5],
  ]),
  prod: new Map([[first, 6]]),
};

/** The order in which they are tested: each begins where the previous one ends. */
const turns: readonly Course[] = [
  ...Array.from({ length: 10 }, () => first),
  ...Array.from({ length: 5 }, () => [update, back]).flat(),
];

async function main({ environment, words }: Asked): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-killed-'));
  try {
    tell('starts a local cloud');
    const work = async (cloud: LocalCloud) => {
      const project = join(folder, 'project');
      await copyProject(project);
      const look = new Look(cloud);
      const images = await putImages(cloud, look);
      return tryAll(new Scene({ environment, cloud, look, project, images }), points[environment], words);
    };
    const trials = await withLocalCloud(folder, work, environment);
    const rows = trials.map(rowOf);
    print(await table(head, rows));
    const measured = { mark: markOf('killed', environment), head, rows };
    const run = { isWhole: words.length === 0, isRight: trials.every(isRight) };
    process.exitCode = concludeRun('reliability.md', measured, run);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tryAll(
  scene: Scene,
  points: ReadonlyMap<Course, number>,
  asked: readonly string[],
): Promise<readonly Trial[]> {
  tell(`once without a kill: ${[...points.keys()].map(({ name }) => name).join(', ')}`);
  const left = new Map<Course, { readonly numbers: number[]; readonly inventory: readonly string[] }>();
  for (const [course, count] of points) {
    const { calls, inventory } = await undisturbed(scene, course);
    tell(`${course.name}: ${calls} calls, ${inventory.length} objects`);
    left.set(course, { numbers: [...spread(calls, count)], inventory });
  }
  const trials: Trial[] = [];
  for (const course of turns.filter(({ name }) => isAsked(name, asked))) {
    const { numbers = [], inventory = [] } = left.get(course) ?? {};
    const last = numbers.shift();
    // A deploy may have fewer points than are requested.
    if (last === undefined) continue;
    tell(`${course.name}, killed at call ${last}`);
    const trial = await tryKill(scene, course, last, inventory);
    for (const line of [trial.words, trial.planned, ...trial.differences, ...trial.secrets.found]) {
      if (line !== '') tell(line);
    }
    trials.push(trial);
  }
  return trials;
}

function isAsked(name: string, asked: readonly string[]): boolean {
  return asked.length === 0 || asked.some((word) => name.includes(word));
}

function isRight({ applies, differences, secrets, planned }: Trial): boolean {
  return applies !== undefined && differences.length === 0 && secrets.found.length === 0 && planned === '';
}

const head = [
  'run',
  'calls answered',
  'in progress',
  '`recover`',
  'applies',
  'lost or duplicated',
  'secrets found',
  'next plan',
];

function rowOf(trial: Trial): readonly string[] {
  const { run, answered, at, recovered, applies, differences, secrets, planned } = trial;
  return [
    run,
    String(answered),
    at,
    recovered,
    applies === undefined ? 'NO' : String(applies),
    differences.length === 0 ? 'nothing' : differences.join(', '),
    huntWords(secrets),
    planned === '' ? 'no changes' : 'CHANGES',
  ];
}

main(readAsked(process.argv.slice(2))).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
