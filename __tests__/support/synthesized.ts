import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const templateSchema = z.record(z.string(), z.unknown());

/**
 * Synthesizes the real application, like `cdktf`.
 * @param root the project's root.
 * @param shell different environment variables. @default - none
 * @param changes of the table, by path. @default - none
 * @returns the synthesized JSON of each stack, by its name.
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
