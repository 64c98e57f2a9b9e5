import { spawnSync } from 'node:child_process';
import { root } from './paths';

/** @param globs what Stryker mutates; if empty, the files in stryker.config.mjs. @returns the exit code. */
export function mutateTypeScript(globs: readonly string[]): number {
  const mutate = globs.length === 0 ? [] : ['--mutate', globs.join(',')];
  const { status } = spawnSync('npx', ['stryker', 'run', ...mutate], { cwd: root, stdio: 'inherit' });
  return status ?? 1;
}
