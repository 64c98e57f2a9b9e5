import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gitObjects } from './git-objects';
import type { Artefact } from './secret-hunt';

/**
 * @returns the files in a folder, without the targets of links, and every object of the Git repositories in it, which
 * Git packs as differences to other objects.
 */
export async function* filesBelow(folder: string): AsyncGenerator<Artefact> {
  if (isGitFolder(folder)) yield* gitObjects(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    if (entry.isFile())
      yield { name: `${path} of ${statSync(path).mtime.toISOString()}`, read: () => createReadStream(path) };
  }
}

function isGitFolder(folder: string): boolean {
  return ['HEAD', 'objects', 'refs'].every((name) => existsSync(join(folder, name)));
}
