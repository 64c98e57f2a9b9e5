import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { run } from '../../cli/process';

const root = resolve(__dirname, '..', '..');
const room = mkdtempSync(join(tmpdir(), 'kairos-workspace-'));
const shell = {
  ...process.env,
  CDKTF_OUTDIR: join(room, 'cdktf.out'),
  KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
  KAIROS_IMAGE_DIGEST: undefined,
  TF_CLI_CONFIG_FILE: undefined,
  TF_IN_AUTOMATION: '1',
};
const stackSchema = z.object({ output: z.record(z.string(), z.unknown()) });

beforeAll(async () => {
  const { code, output } = await run(process.execPath, ['-r', './bin/typescript', 'main.ts'], {
    cwd: root,
    shell,
  });
  if (code !== 0) throw new Error(output);
});

/** Only an output of the stack, which needs neither a provider nor the state on AWS. */
function outputAlone(stack: string): string {
  const file = join(room, 'cdktf.out', 'stacks', stack, 'cdk.tf.json');
  const { output } = stackSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const folder = join(room, stack);
  mkdirSync(folder);
  writeFileSync(join(folder, 'main.tf.json'), JSON.stringify({ output: { workspace: output.workspace } }));
  return folder;
}

it.each(['kairos-foundation', 'kairos-image', 'kairos-dev', 'kairos-staging', 'kairos-prod'])(
  'terraform plans %s in the default workspace, and the stack refuses another',
  async (stack) => {
    const chdir = `-chdir=${outputAlone(stack)}`;
    const terraform = (...args: readonly string[]) => run('terraform', [chdir, ...args], { shell });
    const plan = () => terraform('plan', '-input=false', '-no-color');
    expect(await terraform('init', '-input=false')).toMatchObject({ code: 0 });
    const own = await plan();
    expect({ code: own.code, output: own.output }).toMatchObject({ code: 0 });
    await terraform('workspace', 'new', 'second');
    const other = await plan();
    expect({ code: other.code, output: other.output.replace(/\s*\n[│\s]*/g, ' ') }).toEqual({
      code: 1,
      output: expect.stringContaining(`${stack} has only one state`) as unknown,
    });
  },
);
