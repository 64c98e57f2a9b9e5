import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../cli/process';
import { configuration } from '../../config/environments';
import { UserError } from '../../errors';
import { copyProject } from '../project-copy';

const [host, ...path] = configuration.repository.split('/');

/** `owner/name`. */
export const repository = path.join('/');

/** The project in a git repository of its own, whose workflows run and whose table changes. */
export class Repository {
  private constructor(readonly folder: string) {}

  /** @param folder which is made. */
  static async copy(folder: string): Promise<Repository> {
    await copyProject(folder);
    rmSync(join(folder, 'node_modules'));
    forgetQueues(join(folder, '.github', 'workflows'));
    const copied = new Repository(folder);
    await copied.git('init', '-q', '-b', 'main');
    await copied.git('remote', 'add', 'origin', `https://${host ?? ''}/${repository}.git`);
    await copied.commit('what is deployed');
    return copied;
  }

  /** Changes the table. @returns the commit. */
  async change(from: string, to: string): Promise<string> {
    const file = join(this.folder, 'config', 'environments.ts');
    const before = readFileSync(file, 'utf8');
    const after = before.replace(from, to);
    if (after === before) throw new UserError(`${file} has no ${from}`);
    writeFileSync(file, after);
    return this.commit(to);
  }

  /** A merge by squash: the same files, another commit. @returns it. */
  async merge(number: number): Promise<string> {
    await this.git(...author, 'commit', '-q', '--amend', '-m', `merged (#${number})`);
    return this.head();
  }

  private async commit(subject: string): Promise<string> {
    await this.git('add', '-A');
    await this.git(...author, 'commit', '-q', '-m', subject);
    return this.head();
  }

  private async head(): Promise<string> {
    return (await this.git('rev-parse', 'HEAD')).trim();
  }

  private async git(...args: readonly string[]): Promise<string> {
    const { code, output, stdout } = await run('git', ['-C', this.folder, ...args], { shell: process.env });
    if (code !== 0) throw new UserError(output);
    return stdout;
  }
}

const author = ['-c', 'user.name=a person', '-c', 'user.email=person@example.com'] as const;

/** act keeps no queue, and refuses a workflow that names one. */
function forgetQueues(folder: string): void {
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    writeFileSync(join(folder, file), text.replaceAll(/^ +queue: max\n/gm, ''));
  }
}
