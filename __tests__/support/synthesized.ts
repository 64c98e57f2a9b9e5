import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const templateSchema = z.record(z.string(), z.unknown());

/**
 * Synthesizes the real application, as `cdktf` does.
 * @param root the project's root.
 * @param shell variables that differ. @default - none
 * @returns what each stack was synthesized to, by its name.
 */
export function synthesizedStacks(
  root: string,
  shell: Readonly<Record<string, string>> = {},
): Readonly<Record<string, z.infer<typeof templateSchema>>> {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-synth-'));
  const { status, stderr } = spawnSync(process.execPath, ['-r', './bin/typescript', 'main.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
      KAIROS_IMAGE_DIGEST: '',
      CDKTF_OUTDIR: folder,
      ...shell,
    },
  });
  if (status !== 0) throw new Error(`the stacks could not be synthesized: ${stderr}`);
  const stacks = Object.fromEntries(
    readdirSync(join(folder, 'stacks')).map((stack) => [
      stack,
      templateSchema.parse(JSON.parse(readFileSync(join(folder, 'stacks', stack, 'cdk.tf.json'), 'utf8'))),
    ]),
  );
  rmSync(folder, { recursive: true });
  return stacks;
}
