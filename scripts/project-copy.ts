import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { run } from '../cli/process';
import { UserError } from '../errors';

const root = resolve(__dirname, '..');

/** Copies the project's files in Git; the packages are linked. @param folder to create. */
export async function copyProject(folder: string): Promise<void> {
  const { code, output, stdout } = await run('git', ['ls-files', '-z'], { cwd: root, shell: process.env });
  if (code !== 0) throw new UserError(output);
  for (const path of stdout.split('\0').filter((name) => name !== '' && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(root, path), join(folder, path));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
}
