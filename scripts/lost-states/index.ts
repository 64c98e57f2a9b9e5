import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { print, table, tell } from '../../cli/terminal';
import { type Asked, markOf, readAsked } from '../killed-deploys/asked';
import { differing } from '../killed-deploys/census';
import { recover } from '../killed-deploys/recover';
import { Scene } from '../killed-deploys/scene';
import { putImages } from '../kills/images';
import { Look } from '../kills/look';
import { type LocalCloud, withLocalCloud } from '../local-cloud';
import { copyProject } from '../project-copy';
import { huntWords } from '../hunt/secret-hunt';
import { concludeRun } from '../table-in-document';
import { harm, harms } from './harm';

/** Damages the state of an environment in several ways, and recovers after each. */
async function main({ environment, words }: Asked): Promise<void> {
  const chosen = harms.filter((what) => words.length === 0 || words.some((word) => what.includes(word)));
  const folder = mkdtempSync(join(tmpdir(), 'kairos-lost-'));
  try {
    tell('starts a local cloud');
    const work = async (cloud: LocalCloud) => {
      const project = join(folder, 'project');
      await copyProject(project);
      const look = new Look(cloud);
      const images = await putImages(cloud, look);
      const scene = new Scene({ environment, cloud, look, project, images });
      // An update creates a history of versions with different resources.
      for (const shape of ['changed', 'first'] as const) await deploy(scene, shape);
      const right = await scene.inventory();
      const tried: (readonly string[])[] = [];
      for (const what of chosen) {
        tell(what);
        const more = await harm(what, { accountId: cloud.record.accountId, environment }, look);
        tried.push(await tryRecovery(scene, more === '' ? what : `${what} (${more})`, right));
      }
      return tried;
    };
    const rows = await withLocalCloud(folder, work, environment);
    print(await table(head, rows));
    const measured = { mark: markOf('lost', environment), head, rows };
    const isRight = rows.every((row) => row.at(-1) === 'no changes');
    process.exitCode = concludeRun('reliability.md', measured, { isWhole: words.length === 0, isRight });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function deploy(scene: Scene, shape: 'first' | 'changed'): Promise<void> {
  await scene.synthesize(shape);
  const { applies, output } = await scene.apply(1);
  if (applies === undefined) throw new Error(output);
}

const head = ['the state was', '`recover`', 'applies', 'lost or duplicated', 'secrets found', 'next plan'];

async function tryRecovery(scene: Scene, what: string, right: readonly string[]): Promise<readonly string[]> {
  const { recovered, failure } = await recover(scene);
  await scene.synthesize();
  const before = await scene.planned();
  // A restored state needs no deploy. After an import the outputs have to be written.
  const { applies = 0, output } = before === '' ? { output: '' } : await scene.apply(1);
  const differences = differing(right, await scene.inventory());
  const planned = await scene.planned();
  const secrets = await scene.cloud.hunt();
  for (const line of [failure, before, output, planned, ...differences, ...secrets.found]) {
    if (line !== '') tell(line);
  }
  const isRight = planned === '' && differences.length === 0 && secrets.found.length === 0;
  return [
    what,
    recovered,
    String(applies),
    differences.join(', ') || 'nothing',
    huntWords(secrets),
    isRight ? 'no changes' : 'CHANGES',
  ];
}

main(readAsked(process.argv.slice(2))).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
