import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { print, table, tell } from '../../cli/terminal';
import { UserError } from '../../errors';
import { writeTable } from '../table-in-document';
import { findAct } from './act';
import { chapters, stories } from './stories';
import { World } from './world';

const head = ['workflow', 'event', 'result'];

/**
 * Runs the unchanged workflows, job by job, with a local cloud: `npm run test:workflows`. With the name of a chapter,
 * only its stories are run.
 */
async function main([only]: readonly string[]): Promise<void> {
  const told = only === undefined ? stories : chapters[only];
  if (told === undefined)
    throw new UserError(
      `there is no chapter ${only ?? ''}; the chapters are ${Object.keys(chapters).join(', ')}`,
    );
  const act = await findAct(join(homedir(), '.cache', 'kairos-infrastructure', 'act'));
  const folder = mkdtempSync(join(tmpdir(), 'kairos-workflows-'));
  tell('starts a local cloud with all environments');
  const world = await World.begin(folder, act);
  try {
    const rows: (readonly string[])[] = [];
    for (const { workflow, what, tell: story } of told) {
      tell(`${workflow}: ${what}`);
      const began = Date.now();
      const came = await story(world);
      tell(`  ${came} (${Math.round((Date.now() - began) / 1000)} s)`);
      rows.push([workflow, what, came]);
    }
    rows.push(['all', 'every secret is searched for in everything that the runs have written', world.hunted]);
    print(await table(head, rows));
    if (only === undefined) writeTable('pipelines.md', { mark: 'workflows', head, rows });
  } finally {
    await world.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});
