import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findProviderMirrors, findTerraform, writeTerraformConfiguration } from '../../cli/tools/terraform';
import { configuration } from '../../config/environments';
import { synthesize } from '../../main';
import { terraformValidate } from '../support/terraform-validate';

const root = resolve(__dirname, '..', '..');
const room = mkdtempSync(join(tmpdir(), 'kairos-separate-'));
const before = { ...process.env };
const shell = {
  ...process.env,
  TF_CLI_CONFIG_FILE: writeTerraformConfiguration(room, findProviderMirrors(process.env)),
  TF_IN_AUTOMATION: '1',
};

beforeAll(async () => {
  await findTerraform(process.env);
  const { environments } = configuration;
  const dev = { ...environments.dev, account: { id: '111122223333' } };
  process.env = {
    ...before,
    CDKTF_OUTDIR: join(room, 'cdktf.out'),
    KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
    // With a digest, the image is looked up in the registry of the other account.
    KAIROS_IMAGE_DIGEST: `sha256:${'a'.repeat(64)}`,
  };
  synthesize({ ...configuration, environments: { ...environments, dev } });
});

afterAll(() => {
  process.env = before;
  rmSync(room, { recursive: true });
});

it.each(['kairos-foundation', 'kairos-foundation-dev', 'kairos-dev'])(
  'terraform validate accepts %s if dev has its own account',
  async (stack) => {
    const said = await terraformValidate(join(room, 'cdktf.out', 'stacks', stack), shell);
    expect(said).toMatchObject({ valid: true, error_count: 0, warning_count: 0 });
  },
);
