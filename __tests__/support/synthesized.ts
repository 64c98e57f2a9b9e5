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
 * @param changes of the table, by the path of each. @default - it stays as it is
 * @returns what each stack was synthesized to, by its name.
 */
export function synthesizedStacks(
  root: string,
  shell: Readonly<Record<string, string>> = {},
  changes?: Readonly<Record<string, unknown>>,
): Readonly<Record<string, z.infer<typeof templateSchema>>> {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-synth-'));
  const app = changes === undefined ? 'main.ts' : join('__tests__', 'support', 'changed-app.ts');
  const { status, stderr } = spawnSync(process.execPath, ['-r', './bin/typescript', app], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
      KAIROS_IMAGE_DIGEST: '',
      CDKTF_OUTDIR: folder,
      KAIROS_TEST_CHANGES: JSON.stringify(changes ?? {}),
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
