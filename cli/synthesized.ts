import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from './cdktf';
import type { Shell } from './process';
import { stackFolder } from './project';

/**
 * Synthesizes into a temporary folder, so that cdktf.out still contains what was planned or deployed.
 * @returns a stack as Terraform would read it.
 */
export async function synthesizedStack(stack: string, shell: Shell): Promise<unknown> {
  const [template] = await synthesizedStacks([stack], shell);
  return template;
}

/**
 * @param context besides that of cdktf.json.
 * @returns several stacks of one synth, in the given order.
 */
export async function synthesizedStacks(
  stacks: readonly string[],
  shell: Shell,
  context?: Readonly<Record<string, unknown>>,
): Promise<readonly unknown[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-synth-'));
  const apart = { ...shell, CDKTF_OUTDIR: folder };
  try {
    await synthesize({ shell: apart, context });
    return stacks.map((stack): unknown =>
      JSON.parse(readFileSync(join(stackFolder(stack, apart), 'cdk.tf.json'), 'utf8')),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
