import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../cli/process';
import { tell } from '../../cli/terminal';
import { UserError } from '../../errors';

const version = 'v0.2.89';

/**
 * @param folder where it is installed if the machine has none. @returns the program that runs workflows:
 * https://nektosact.com
 */
export async function findAct(folder: string): Promise<string> {
  const { code } = await run('act', ['--version'], { shell: process.env }).catch(() => ({ code: 1 }));
  if (code === 0) return 'act';
  const program = join(folder, 'act');
  if (existsSync(program)) return program;
  tell(`builds act ${version}, which takes some minutes`);
  const built = await run('go', ['install', `github.com/nektos/act@${version}`], {
    shell: { ...process.env, GOBIN: folder },
  });
  if (built.code !== 0) throw new UserError(`act could not be built: ${built.output}`);
  return program;
}
