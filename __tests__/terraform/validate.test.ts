import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '../../cli/process';
import { findProviderMirrors, findTerraform, writeTerraformConfiguration } from '../../cli/tools/terraform';
import { terraformValidate } from '../support/terraform-validate';

const root = resolve(__dirname, '..', '..');
const room = mkdtempSync(join(tmpdir(), 'kairos-validate-'));
const shell = {
  ...process.env,
  CDKTF_OUTDIR: join(room, 'cdktf.out'),
  KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
  KAIROS_IMAGE_DIGEST: undefined,
  TF_CLI_CONFIG_FILE: writeTerraformConfiguration(room, findProviderMirrors(process.env)),
  TF_IN_AUTOMATION: '1',
};
const stacks = ['kairos-foundation', 'kairos-dev', 'kairos-staging', 'kairos-prod'];

beforeAll(async () => {
  await findTerraform(process.env);
  const { code, output } = await run(process.execPath, ['-r', './bin/typescript', 'main.ts'], {
    cwd: root,
    shell,
  });
  if (code !== 0) throw new Error(output);
});

/**
 * This stack needs the docker provider. The docker tier plans and applies it if a mirror has that provider.
 */
const needsDockerProvider = 'kairos-image';

it('every synthesized stack is validated here, or planned by the docker tier', () => {
  const synthesized = readdirSync(join(room, 'cdktf.out', 'stacks')).sort();
  expect(synthesized).toEqual([...stacks, needsDockerProvider].sort());
});

it.each(stacks)('terraform validate accepts %s', async (stack) => {
  const said = await terraformValidate(join(room, 'cdktf.out', 'stacks', stack), shell);
  expect(said).toMatchObject({ valid: true, error_count: 0, warning_count: 0 });
});
