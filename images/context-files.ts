import { readdirSync, readFileSync, realpathSync, statSync, type Stats } from 'node:fs';
import { join, sep } from 'node:path';
import { UserError } from '../errors';
import type { AdmissionRules } from './admission-rules';
import { attempt } from './reading';

/** A file of a build context. */
export interface ContextFile {
  /** Relative to the context, with slashes on every system. */
  readonly path: string;
  readonly executable: boolean;
  readonly content: Buffer;
}

/**
 * Reads all files of a folder that the rules include. A symbolic link within the folder is replaced by its target, so
 * that a staged context contains only files.
 *
 * @throws if a file cannot be read, is neither file nor folder, or is outside of the folder.
 */
export function readTree(root: string, rules: AdmissionRules): ContextFile[] {
  const realRoot = real(root, root);
  const files: ContextFile[] = [];

  const visit = (folder: string, realFolder: string, above: readonly string[]): void => {
    for (const entry of attempt(join(root, folder), () => readdirSync(realFolder, { withFileTypes: true }))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (!rules.admitsFile(path) && !rules.mayAdmitBelow(path)) {
        continue;
      }
      const shown = join(root, path);
      refuseUnreadableName(shown, entry.name);
      const plain = join(realFolder, entry.name);
      const target = entry.isSymbolicLink() ? real(shown, plain) : plain;
      refuseOutside(shown, target, realRoot);
      const stats = attempt(shown, () => statSync(target));
      if (stats.isDirectory()) {
        refuseLoop(shown, target, above);
        visit(path, target, [...above, target]);
      } else if (rules.admitsFile(path)) {
        files.push(readFile(path, shown, target, stats));
      }
    }
  };

  visit('', realRoot, [realRoot]);
  return files;
}

function readFile(path: string, shown: string, target: string, stats: Stats): ContextFile {
  if (!stats.isFile()) {
    throw new UserError(
      `${shown} is neither a file nor a folder and cannot go into an image; remove it, or name it in .dockerignore`,
    );
  }
  return {
    path,
    executable: (stats.mode & 0o100) !== 0,
    content: attempt(shown, () => readFileSync(target)),
  };
}

function real(shown: string, path: string): string {
  return attempt(shown, () => realpathSync(path));
}

/**
 * Node decodes names as UTF-8 and replaces invalid bytes with U+FFFD. A file whose real name has that character is
 * refused too.
 */
function refuseUnreadableName(shown: string, name: string): void {
  if (name.includes('\ufffd')) throw new UserError(`${shown} has a name that is not UTF-8; rename it`);
}

function refuseOutside(shown: string, target: string, realRoot: string): void {
  if (!`${target}${sep}`.startsWith(`${realRoot}${sep}`)) {
    throw new UserError(
      `${shown} is a symbolic link to ${target}, outside the folder; the same source would give different images: ` +
        'put the file into the folder, or name the link in .dockerignore',
    );
  }
}

function refuseLoop(shown: string, target: string, above: readonly string[]): void {
  if (above.includes(target)) {
    throw new UserError(
      `${shown} is a symbolic link to ${target}, a folder that holds it; remove it, or name it in .dockerignore`,
    );
  }
}
