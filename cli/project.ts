import { dirname, join, resolve } from 'node:path';
import type { Shell } from './process';
import { given } from './variables';

/** The project's root: relative paths of the command are below it, wherever it is called from. */
export const projectRoot = resolve(__dirname, '..');

/** The file of the `cdktf` command, wherever npm has put it: called by path, it needs no npx. */
export const cdktfCommand = join(
  dirname(require.resolve('cdktf-cli/package.json')),
  'bundle',
  'bin',
  'cdktf',
);

/** @returns the folder that the stacks are synthesized to: `CDKTF_OUTDIR`, or cdktf's own default. */
export function outputFolder(shell: Shell): string {
  return resolve(projectRoot, given(shell.CDKTF_OUTDIR) ?? 'cdktf.out');
}

/** @returns the folder in which Terraform works on a stack. */
export function stackFolder(stack: string, shell: Shell): string {
  return join(outputFolder(shell), 'stacks', stack);
}
