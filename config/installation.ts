import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { codeOf, UserError } from '../errors';

/**
 * The dependency path from this project to the library with which cdktf runs Terraform. Each package depends on the
 * next.
 */
const way = ['cdktf-cli', '@cdktf/cli-core', '@cdktf/node-pty-prebuilt-multiarch'];

/** The package that our replacement wraps. The original library does not have this dependency. */
const wrapped = '@lydell/node-pty';

/**
 * Refuses an installation in which cdktf loads the original library instead of `packages/node-pty`, because that
 * library reports success for a killed Terraform (docs/decisions/0010). npm installs the replacement. pnpm and Yarn
 * give each package its own dependency.
 * @param root the folder of the project.
 * @throws UserError that says how to install the replacement.
 */
export function refuseForeignTerminal(root: string): void {
  const found = packageAt(root);
  if (found === undefined || readFileSync(found, 'utf8').includes(`"${wrapped}"`)) return;
  const name = way.at(-1) ?? '';
  throw new UserError(
    `cdktf would run Terraform with ${relative(root, found)}, which reports success for a killed Terraform; ` +
      `install with npm (npm ci), or override it at the root of the workspace: "${name}": "file:${join(root, 'packages', 'node-pty')}" ` +
      'below pnpm.overrides, or resolutions for Yarn',
  );
}

/** @returns the package.json of the library; undefined if cdktf has none, as in its fork. */
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
