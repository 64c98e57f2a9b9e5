import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { deploy, synthesize } from '../../cli/cdktf';

/** The function that deploys for every command of `kairos`: the real cdktf, with a fake Terraform. */
const root = resolve(__dirname, '..', '..');
const room = mkdtempSync(join(tmpdir(), 'kairos-killed-'));
const shell = {
  ...process.env,
  CDKTF_OUTDIR: join(room, 'cdktf.out'),
  KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
  KAIROS_IMAGE_DIGEST: `sha256:${'0'.repeat(64)}`,
  TERRAFORM_BINARY_NAME: join(root, '__tests__', 'support', 'ending', 'terraform.js'),
  TF_CLI_CONFIG_FILE: undefined,
  CHECKPOINT_DISABLE: '1',
};
const options = { shell, logFile: join(room, 'deploy.log') };

beforeAll(() => synthesize({ shell }));

describe('a deploy', () => {
  it.each(['init', 'apply'])('fails if terraform %s is killed', async (command) => {
    const killed = { ...options, shell: { ...shell, FAKE_TERRAFORM_KILLED: command } };
    await expect(deploy(['kairos-dev'], killed)).rejects.toThrow(/^cdktf deploy kairos-dev failed:/);
  });

  it('fails if Terraform reports success and has created nothing', async () => {
    await expect(deploy(['kairos-dev'], options)).rejects.toThrow(
      /^cdktf reported that it deployed kairos-dev, but its state does not contain aws_apigatewayv2_api\.Api, .* and \d+ more; next/,
    );
  });

  it('fails if Terraform is killed while it lists what it has created', async () => {
    const killed = { ...options, shell: { ...shell, FAKE_TERRAFORM_KILLED: 'state' } };
    await expect(deploy(['kairos-dev'], killed)).rejects.toThrow(/^terraform state list failed/);
  });
});
