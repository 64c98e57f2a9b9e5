import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { codeOf, UserError } from '../errors';

/** The way from this project to the library by which cdktf runs Terraform; each is a dependency of the one before. */
const way = ['cdktf-cli', '@cdktf/cli-core', '@cdktf/node-pty-prebuilt-multiarch'];

/** Which package ours wraps, and the one that it takes the place of does not. */
const wrapped = '@lydell/node-pty';

/**
 * Refuses an installation in which cdktf loads the library itself in place of `packages/node-pty`, by which a Terraform
 * that is killed counts as done (docs/decisions/0010). npm puts ours there; pnpm and Yarn give each package its own.
 * @param root the folder of the project.
 * @throws UserError that says how to have ours loaded.
 */
export function refuseForeignTerminal(root: string): void {
  const found = packageAt(root);
  if (found === undefined || readFileSync(found, 'utf8').includes(`"${wrapped}"`)) return;
  const name = way.at(-1) ?? '';
  throw new UserError(
    `cdktf would run Terraform by ${relative(root, found)}, by which one that is killed counts as done; ` +
      `install with npm (npm ci), or override it at the root of the workspace: "${name}": "file:${join(root, 'packages', 'node-pty')}" ` +
      'below pnpm.overrides, or resolutions for Yarn',
  );
}

/** @returns the description of the library; nothing where cdktf has none, as its fork. */
function packageAt(root: string): string | undefined {
  let place = join(root, 'package.json');
  try {
    for (const name of way) place = createRequire(place).resolve(`${name}/package.json`);
  } catch (error) {
    if (codeOf(error) !== 'MODULE_NOT_FOUND') throw error;
    return undefined;
  }
  return place;
}
