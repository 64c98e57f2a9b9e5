import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { print, table, tell } from '../../cli/terminal';
import { UserError } from '../../errors';
import { copyProject } from '../project-copy';
import { writeTable } from '../table-in-document';
import { type Step, stepsIn } from './steps';
import { ownAccount, withTwoAccounts } from './two-accounts';

const head = ['step', 'as', 'result'];

/**
 * Gives staging a separate account in a copy of the project, and tests it in one local cloud.
 * @param region of that account, such as eu-central-1. @default - the region of the table
 */
async function main(region: string | undefined): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-two-accounts-'));
  try {
    const project = join(folder, 'project');
    await copyProject(project);
    giveAccount(join(project, 'config', 'environments.ts'), region);
    const rows = await withTwoAccounts({ folder, project, region }, async (cloud) => {
      const taken: Awaited<ReturnType<Step>>[] = [];
      for (const step of stepsIn(region)) {
        const row = await step(cloud);
        tell(row.join(': '));
        taken.push(row);
      }
      return taken;
    });
    print(await table(head, rows));
    writeTable('scale.md', { mark: region === undefined ? 'two-accounts' : 'two-regions', head, rows });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The change of the table. */
function giveAccount(file: string, region: string | undefined): void {
  const before = readFileSync(file, 'utf8');
  const row = 'const staging: Environment = {\n';
  const where = region === undefined ? '' : `, region: '${region}'`;
  const after = before.replace(row, `${row}  account: { id: '${ownAccount}'${where} },\n`);
  if (after === before) throw new UserError(`${file} has no row of staging`);
  writeFileSync(file, after);
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
