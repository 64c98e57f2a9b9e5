import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { UserError } from '../../errors';

export const root = resolve(__dirname, '..', '..');

/** The folder for all files of a run, which Git ignores. */
export const outputFolder = join(root, '.kairos', 'mutants');

export const startUpFolder = 'images/backend/start_up';

export interface SortedPaths {
  /** Globs for Stryker. */
  readonly typescript: readonly string[];
  /** Files of the start-up module, by their names. */
  readonly python: readonly string[];
}

/**
 * @param paths files and folders, relative to the project's root.
 * @throws UserError for a path that does not exist, or that no tool here mutates.
 */
export function sorted(paths: readonly string[]): SortedPaths {
  const typescript: string[] = [];
  const python: string[] = [];
  for (const given of paths) {
    const path = relative(root, resolve(root, given));
    if (!existsSync(join(root, path)))
      throw new UserError(`there is no ${given}; name a file or a folder of the project, from its root`);
    const isFolder = statSync(join(root, path)).isDirectory();
    if (path === startUpFolder) python.push('*.py');
    else if (path.startsWith(`${startUpFolder}/`) && path.endsWith('.py'))
      python.push(path.slice(startUpFolder.length + 1));
    else if (isFolder) typescript.push(`${path}/**/*.ts`);
    else if (path.endsWith('.ts')) typescript.push(path);
    else
      throw new UserError(
        `nothing here mutates ${given}; name files that end with .ts, or ${startUpFolder} and files in it`,
      );
  }
  return { typescript, python };
}
