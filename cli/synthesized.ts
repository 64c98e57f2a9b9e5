import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from './cdktf';
import type { Shell } from './process';
import { stackFolder } from './project';

/**
 * Synthesizes into a folder of its own, so that what lies in cdktf.out stays what was planned or deployed.
 * @returns a stack as Terraform would read it.
 */
export async function synthesizedStack(stack: string, shell: Shell): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-synth-'));
  const apart = { ...shell, CDKTF_OUTDIR: folder };
  try {
    await synthesize({ shell: apart });
    const template: unknown = JSON.parse(
      readFileSync(join(stackFolder(stack, apart), 'cdk.tf.json'), 'utf8'),
    );
    return template;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
