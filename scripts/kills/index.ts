import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { print, table, tell } from '../../cli/terminal';
import { withLocalCloud } from '../local-cloud';
import { huntWords } from '../hunt/secret-hunt';
import { concludeRun } from '../table-in-document';
import { putImages } from './images';
import { Look } from './look';
import { type Point, points } from './points';
import { type Ending, type Trial, tryEnding } from './trial';

/**
 * Kills `kairos release` at different points, and runs the commands that it names until there is nothing left to do.
 */
async function main(chosen: readonly Point[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-kills-'));
  try {
    tell('starts a local cloud');
    const trials = await withLocalCloud(folder, async (cloud) => {
      const look = new Look(cloud);
      const scene = { cloud, look, images: await putImages(cloud, look) };
      const done: Trial[] = [];
      for (const point of chosen) {
        for (const ending of endingsOf(point)) {
          tell(`${ending} when ${point.name}`);
          const trial = await tryEnding(scene, point, ending);
          if (trial === undefined) throw new Error(`the release ended before ${point.name}`);
          for (const fault of trial.faults) tell(`  ${fault}`);
          done.push(trial);
        }
      }
      return done;
    });
    const rows = trials.map(rowOf);
    print(await table(head, rows));
    const run = {
      isWhole: chosen.length === points.length,
      isRight: trials.every(({ faults }) => faults.length === 0),
    };
    process.exitCode = concludeRun('reliability.md', { mark: 'kills', head, rows }, run);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function endingsOf({ signals }: Point): readonly Ending[] {
  return signals ? ['SIGKILL', 'SIGINT', 'SIGTERM'] : ['SIGKILL'];
}

const head = ['stopped when', 'by', 'live then', 'commands that were named', 'secrets found', 'result'];

function rowOf({ point, ending, live, typed, faults, secrets }: Trial): readonly string[] {
  const commands = typed.length === 0 ? 'nothing' : typed.map((line) => `\`${line}\``).join(', ');
  const end = faults.length === 0 ? 'correct, no changes' : faults.join('; ');
  return [point, ending, live, commands, huntWords(secrets), end];
}

const asked = process.argv.slice(2);
main(
  asked.length === 0 ? points : points.filter(({ name }) => asked.some((word) => name.includes(word))),
).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
