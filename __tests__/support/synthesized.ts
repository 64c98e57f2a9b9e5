import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Template } from './template';

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

/**
 * The same as templates, without the stack of the image.
 * @param changes of the table, by path.
 * @returns the template of a stack by its name. It throws if there is no such stack.
 */
export function synthesizedTemplates(
  root: string,
  digest: string,
  changes: Readonly<Record<string, unknown>>,
) {
  const shell = { KAIROS_BACKEND_PATH: '/nothing', KAIROS_IMAGE_DIGEST: digest };
  const stacks = synthesizedStacks(root, shell, changes);
  const names = Object.keys(stacks).sort();
  const templates = new Map(names.map((name) => [name, Template.parse(JSON.stringify(stacks[name]))]));
  const template = (name: string): Template => {
    const found = templates.get(name);
    if (found === undefined) throw new Error(`there is no stack ${name}, but ${names.join(', ')}`);
    return found;
  };
  return { names, template };
}
