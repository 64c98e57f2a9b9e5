import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { print, table, tell } from '../../cli/terminal';
import { differing } from '../killed-deploys/census';
import { recover } from '../killed-deploys/recover';
import { Scene } from '../killed-deploys/scene';
import { putImages } from '../kills/images';
import { Look } from '../kills/look';
import { withLocalCloud } from '../local-cloud';
import { copyProject } from '../project-copy';
import { huntWords } from '../secret-hunt';
import { writeTable } from '../table-in-document';
import { type Harm, harm, harms } from './harm';

/** Harms the state of kairos-dev in one way after the other, and recovers. */
async function main(chosen: readonly Harm[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-lost-'));
  try {
    tell('starts a local cloud');
    const rows = await withLocalCloud(folder, async (cloud) => {
      const project = join(folder, 'project');
      await copyProject(project);
      const look = new Look(cloud);
      const scene = new Scene({ cloud, look, project, images: await putImages(cloud, look) });
      // An update leaves a history in which the versions differ in what they hold.
      for (const shape of ['changed', 'first'] as const) await deploy(scene, shape);
      const right = await scene.inventory();
      const tried: (readonly string[])[] = [];
      for (const what of chosen) {
        tell(what);
        const more = await harm(what, cloud.record.accountId, look);
        tried.push(await tryRecovery(scene, more === '' ? what : `${what} (${more})`, right));
      }
      return tried;
    });
    print(await table(head, rows));
    if (chosen.length === harms.length) writeTable('reliability.md', { mark: 'lost', head, rows });
    if (rows.some((row) => row.at(-1) !== 'no changes')) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function deploy(scene: Scene, shape: 'first' | 'changed'): Promise<void> {
  await scene.synthesize(shape);
  const { applies, output } = await scene.apply(1);
  if (applies === undefined) throw new Error(output);
}

const head = ['the state was', '`recover`', 'applies', 'lost or twice', 'secrets found', 'next plan'];

async function tryRecovery(scene: Scene, what: string, right: readonly string[]): Promise<readonly string[]> {
  const { recovered, failure } = await recover(scene);
  await scene.synthesize();
  const before = await scene.planned();
  // A state that was restored needs no deploy; one that was made again has outputs to write.
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

const asked = process.argv.slice(2);
main(asked.length === 0 ? harms : harms.filter((what) => asked.some((word) => what.includes(word)))).catch(
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
