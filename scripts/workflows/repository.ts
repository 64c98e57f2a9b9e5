import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configuration } from '../../config/environments';
import { UserError } from '../../errors';
import { copyProject } from '../project-copy';
import { commitAll, git, headOf } from './git';

const [host, ...path] = configuration.repository.split('/');

/** `owner/name`. */
export const repository = path.join('/');

/** The project in a Git repository, whose workflows run and whose table changes. */
export class Repository {
  private constructor(readonly folder: string) {}

  /** @param folder to create. */
  static async copy(folder: string): Promise<Repository> {
    await copyProject(folder);
    rmSync(join(folder, 'node_modules'));
    forgetQueues(join(folder, '.github', 'workflows'));
    await git(folder, 'init', '-q', '-b', 'main');
    await git(folder, 'remote', 'add', 'origin', `https://${host ?? ''}/${repository}.git`);
    await commitAll(folder, 'what is deployed');
    return new Repository(folder);
  }

  /** Changes the table. @returns the commit. */
  async change(from: string, to: string): Promise<string> {
    const file = join(this.folder, 'config', 'environments.ts');
    const before = readFileSync(file, 'utf8');
    const after = before.replace(from, to);
    if (after === before) throw new UserError(`${file} has no ${from}`);
    writeFileSync(file, after);
    return commitAll(this.folder, to);
  }

  /** A squash merge: the same files, another commit. @returns it. */
  async merge(number: number): Promise<string> {
    await git(this.folder, 'commit', '-q', '--amend', '-m', `merged (#${number})`);
    return this.head();
  }

  /** Makes a commit the last one of main. */
  async goTo(commit: string): Promise<void> {
    await git(this.folder, 'checkout', '-q', '-B', 'main', commit);
  }

  /** A merge onto another commit than the base of the branch. @returns the merged commit. */
  async mergeOnto(number: number, head: string, onto: string): Promise<string> {
    await this.goTo(onto);
    await git(this.folder, 'cherry-pick', head);
    return this.merge(number);
  }

  head(): Promise<string> {
    return headOf(this.folder);
  }
}

/** act has no queues, and refuses a workflow with a queue. */
function forgetQueues(folder: string): void {
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    writeFileSync(join(folder, file), text.replaceAll(/^ +queue: max\n/gm, ''));
  }
}
