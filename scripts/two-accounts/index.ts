import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { print, table, tell } from '../../cli/terminal';
import { UserError } from '../../errors';
import { copyProject } from '../project-copy';
import { writeTable } from '../table-in-document';
import { type Step, steps } from './steps';
import { ownAccount, withTwoAccounts } from './two-accounts';

const head = ['step', 'as', 'result'];

/** Gives staging a separate account in a copy of the project, and tests it in one local cloud. */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-two-accounts-'));
  try {
    const project = join(folder, 'project');
    await copyProject(project);
    giveAccount(join(project, 'config', 'environments.ts'));
    const rows = await withTwoAccounts(folder, project, async (cloud) => {
      const taken: Awaited<ReturnType<Step>>[] = [];
      for (const step of steps) {
        const row = await step(cloud);
        tell(row.join(': '));
        taken.push(row);
      }
      return taken;
    });
    print(await table(head, rows));
    writeTable('scale.md', { mark: 'two-accounts', head, rows });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The change of the table. */
function giveAccount(file: string): void {
  const before = readFileSync(file, 'utf8');
  const row = 'const staging: Environment = {\n';
  const after = before.replace(row, `${row}  account: { id: '${ownAccount}' },\n`);
  if (after === before) throw new UserError(`${file} has no row of staging`);
  writeFileSync(file, after);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
