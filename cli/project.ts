import { dirname, join, resolve } from 'node:path';
import type { Shell } from './process';
import { given } from './variables';

/** The project's root. Relative paths are relative to it, whatever the current folder is. */
export const projectRoot = resolve(__dirname, '..');

/** The file of the `cdktf` command, wherever npm has installed it. Calling it by path does not need npx. */
export const cdktfCommand = join(
  dirname(require.resolve('cdktf-cli/package.json')),
  'bundle',
  'bin',
  'cdktf',
);

/** @returns the output folder of the synth: `CDKTF_OUTDIR`, or cdktf's default. */
export function outputFolder(shell: Shell): string {
  return resolve(projectRoot, given(shell.CDKTF_OUTDIR) ?? 'cdktf.out');
}

/** @returns Terraform's working folder for a stack. */
export function stackFolder(stack: string, shell: Shell): string {
  return join(outputFolder(shell), 'stacks', stack);
}
