import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findProviderMirrors, findTerraform, writeTerraformConfiguration } from '../../cli/tools/terraform';
import { configuration } from '../../config/environments';
import type { AccountConfiguration } from '../../config/types';
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

/** @returns the folder of the stacks of a table in which dev has this account. */
function synthesizeWith(account: AccountConfiguration): string {
  const { environments } = configuration;
  const dev = { ...environments.dev, account };
  const folder = mkdtempSync(join(room, 'cdktf.out-'));
  process.env = {
    ...before,
    CDKTF_OUTDIR: folder,
    KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
    // With a digest, the image is looked up in its registry.
    KAIROS_IMAGE_DIGEST: `sha256:${'a'.repeat(64)}`,
  };
  synthesize({ ...configuration, environments: { ...environments, dev } });
  return join(folder, 'stacks');
}

beforeAll(() => findTerraform(process.env));

afterAll(() => {
  process.env = before;
  rmSync(room, { recursive: true });
});

describe.each<[string, AccountConfiguration, readonly string[]]>([
  ['its own account', { id: '111122223333' }, ['kairos-foundation', 'kairos-foundation-dev', 'kairos-dev']],
  [
    'its own account in another region',
    { id: '111122223333', region: 'eu-central-1' },
    ['kairos-foundation', 'kairos-foundation-dev'],
  ],
])('if dev has %s', (_, account, stacks) => {
  const folder = synthesizeWith(account);

  it.each(stacks)('terraform validate accepts %s', async (stack) => {
    const said = await terraformValidate(join(folder, stack), shell);
    expect(said).toMatchObject({ valid: true, error_count: 0, warning_count: 0 });
  });
});
