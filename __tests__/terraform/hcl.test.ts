import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '../../cli/process';
import { findProviderMirrors, findTerraform, writeTerraformConfiguration } from '../../cli/tools/terraform';
import { terraformValidate } from '../support/terraform-validate';

const root = resolve(__dirname, '..', '..');
const room = mkdtempSync(join(tmpdir(), 'kairos-hcl-'));
const shell = {
  ...process.env,
  CDKTF_OUTDIR: join(room, 'hcl.out'),
  SYNTH_HCL_OUTPUT: 'true',
  KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
  KAIROS_IMAGE_DIGEST: undefined,
  TF_CLI_CONFIG_FILE: writeTerraformConfiguration(room, findProviderMirrors(process.env)),
  TF_IN_AUTOMATION: '1',
};

// cdktf is archived. The output of `npm run synth:hcl` is one way to leave it (docs/leaving.md).
beforeAll(async () => {
  await findTerraform(process.env);
  const synth = await run(process.execPath, ['-r', './bin/typescript', 'main.ts'], { cwd: root, shell });
  if (synth.code !== 0) throw new Error(synth.output);
});

it.each(['kairos-foundation', 'kairos-dev', 'kairos-staging', 'kairos-prod'])(
  'terraform validate accepts %s as HCL',
  async (stack) => {
    const said = await terraformValidate(join(room, 'hcl.out', 'stacks', stack), shell);
    expect(said).toMatchObject({ valid: true, error_count: 0 });
  },
);

it('terraform fmt parses kairos-image as HCL', async () => {
  const folder = join(room, 'hcl.out', 'stacks', 'kairos-image');
  expect(await run('terraform', ['fmt', folder], { shell })).toMatchObject({ code: 0 });
});
