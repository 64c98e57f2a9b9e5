import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '../../cli/process';
import { findProviderMirrors, findTerraform, writeTerraformConfiguration } from '../../cli/tools/terraform';

const root = resolve(__dirname, '..', '..');
const room = mkdtempSync(join(tmpdir(), 'kairos-hcl-'));
const shell = {
  ...process.env,
  CDKTF_OUTDIR: join(room, 'cdktf.out'),
  SYNTH_HCL_OUTPUT: 'true',
  KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
  KAIROS_IMAGE_DIGEST: undefined,
  TF_CLI_CONFIG_FILE: writeTerraformConfiguration(room, findProviderMirrors(process.env)),
  TF_IN_AUTOMATION: '1',
};

// cdktf is archived: what `synth --hcl` writes is the way out of it.
it('terraform validate takes the edge as HCL', async () => {
  await findTerraform(process.env);
  const synth = await run(process.execPath, ['-r', 'sucrase/register/ts', 'main.ts'], { cwd: root, shell });
  expect(synth).toMatchObject({ code: 0 });
  const chdir = `-chdir=${join(room, 'cdktf.out', 'stacks', 'kairos-prod')}`;
  const init = await run('terraform', [chdir, 'init', '-backend=false', '-input=false'], { shell });
  expect(init).toMatchObject({ code: 0 });
  const validate = await run('terraform', [chdir, 'validate', '-json'], { shell });
  expect(JSON.parse(validate.output)).toMatchObject({ valid: true, error_count: 0 });
});
