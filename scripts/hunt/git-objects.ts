import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Artefact } from './secret-hunt';

const newline = 0x0a;

/**
 * @param folder of the repository, `.git` itself. @returns every object in it, with or without a commit that contains
 * it. An object with the same name has the same content in every repository.
 */
export async function* gitObjects(folder: string): AsyncGenerator<Artefact> {
  const args = ['--git-dir', folder, 'cat-file', '--batch-all-objects', '--unordered', '--batch'];
  const { stdout } = await promisify(execFile)('git', args, { encoding: 'buffer', maxBuffer: Infinity });
  // Each has a line `<name> <type> <size>`, its content, and the end of a line:
  // https://git-scm.com/docs/git-cat-file#_batch_output
  for (let at = 0; at < stdout.length;) {
    const begin = stdout.indexOf(newline, at) + 1;
    const [name = '', type = '', size] = stdout.toString('latin1', at, begin - 1).split(' ');
    const end = begin + Number(size);
    yield { name: `${type} ${name} of a Git repository`, read: () => [stdout.subarray(begin, end)] };
    at = end + 1;
  }
}
