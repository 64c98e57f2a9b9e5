import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors';
import { exampleBackend } from '../backend-image';
import { commitAll, git } from './git';

/** `owner/name` of the backend's repository, which the jobs of a dispatch check out. */
export const backendRepository = 'findkairos/kairos-backend';

/** The example backend in a Git repository, instead of GitHub's. */
export class Backend {
  private constructor(readonly folder: string) {}

  /** @param folder to create. */
  static async copy(folder: string): Promise<Backend> {
    cpSync(exampleBackend, folder, { recursive: true });
    await git(folder, 'init', '-q', '-b', 'main');
    await commitAll(folder, 'what was there');
    return new Backend(folder);
  }

  /** Changes the API's text, and pushes. @returns the commit. */
  push(from: string, to: string): Promise<string> {
    const file = join(this.folder, 'kairos', 'routes', 'root.py');
    const before = readFileSync(file, 'utf8');
    const after = before.replace(from, to);
    if (after === before) throw new UserError(`${file} has no ${from}`);
    writeFileSync(file, after);
    return commitAll(this.folder, to);
  }
}
