// A command like those of `kairos`, which only runs the child next to it: `command.ts <folder> <patience>`.
import { join } from 'node:path';
import { during, endInOrder, ifStopped } from '../../../cli/interruption';
import { run } from '../../../cli/process';
import { print, tell } from '../../../cli/terminal';

async function main(): Promise<void> {
  const [folder = '', patience = '1'] = process.argv.slice(2);
  const child = [join(__dirname, 'child.js'), folder, patience];
  const phase = { live: () => Promise.resolve('half of it is live'), next: 'kairos again' };
  await during(phase, () => run(process.execPath, child, { shell: process.env, onLine: print }));
  await run(process.execPath, ['-e', `require('fs').writeFileSync('${folder}/next', '')`], {
    shell: process.env,
  });
}

endInOrder();
main().catch(async (error: unknown) => {
  await ifStopped();
  tell(`failed: ${String(error)}`);
  process.exitCode = 1;
});
