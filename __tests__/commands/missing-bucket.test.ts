import { App, S3Backend, TerraformStack } from 'cdktf';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploy, runTerraform } from '../../cli/cdktf';
import { applyReviewed } from '../../cli/pipeline/apply';
import { failureWords, planStack } from '../../cli/pipeline/plan';
import type { Shell } from '../../cli/process';
import { stateBucketName } from '../../config/names';

const stack = 'kairos-dev';
const account = '992382417038';
const next =
  'does not exist; next: npx kairos bootstrap dev, then if it was deployed before: npx kairos recover dev';

const folder = mkdtempSync(join(tmpdir(), 'kairos-bucketless-'));
const logFile = join(folder, 'log');

/** An S3 without buckets. */
const s3: Server = createServer((request, response) => {
  request.resume();
  response.writeHead(404, { 'content-type': 'application/xml' });
  response.end('<Error><Code>NoSuchBucket</Code><Message>there is none</Message></Error>');
});

let shell: Shell;
beforeAll(async () => {
  await new Promise<void>((resolve) => s3.listen(0, '127.0.0.1', resolve));
  shell = {
    ...process.env,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(s3.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    CDKTF_OUTDIR: join(folder, 'out'),
    TF_CLI_CONFIG_FILE: undefined,
    CHECKPOINT_DISABLE: '1',
    FORCE_COLOR: undefined,
  };
  const app = new App({ outdir: shell.CDKTF_OUTDIR });
  new S3Backend(new TerraformStack(app, stack), {
    bucket: stateBucketName(account, 'dev'),
    key: `${stack}.tfstate`,
    region: 'eu-west-2',
    usePathStyle: true,
    skipCredentialsValidation: true,
    skipRequestingAccountId: true,
  });
  app.synth();
});

afterAll(() => {
  s3.close();
  rmSync(folder, { recursive: true });
});

describe('if the bucket of a state is missing', () => {
  it('the error of terraform init is one line, which names the bucket and says what to type', async () => {
    await expect(runTerraform(stack, ['init', '-input=false'], { shell })).rejects.toThrow(
      new RegExp(
        `^terraform init of ${stack} failed: the state bucket kairos-tfstate-${account}-dev ${next}$`,
      ),
    );
  });

  it('the error of cdktf deploy is the same', async () => {
    await expect(deploy([stack], { shell, logFile })).rejects.toThrow(
      new RegExp(`^cdktf deploy ${stack} failed: the state bucket kairos-tfstate-${account}-dev ${next}$`),
    );
  });

  it('pipeline plan stores this as the reason, without the account id', async () => {
    const { changes, reasons } = await planStack(stack, {
      shell,
      refresh: 'all',
      lockTimeout: false,
      logFile,
    });
    expect([changes, reasons]).toEqual([
      undefined,
      [`the state bucket kairos-tfstate-<account>-dev ${next}`],
    ]);
  });

  it('pipeline apply fails with the same reason, and no other command to type', async () => {
    const reason = `the state bucket kairos-tfstate-<account>-dev ${next}`;
    await expect(applyReviewed(stack, undefined, { shell, lockTimeout: 5, logFile })).rejects.toThrow(
      new RegExp(`^${stack} could not be planned:\n  ${reason}\ncomplete output, with values: \\S+$`),
    );
  });
});

it('a plan that failed for another reason is planned again', () => {
  expect(failureWords(stack, ['Invalid index'], logFile)).toMatch(/; next: npx cdktf plan kairos-dev$/);
});
