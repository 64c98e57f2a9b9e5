import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assume, createRole, credentialVariables } from '../support/aws';
import type { Project } from '../support/project';
import { operationsCloud } from '../support/shared-cloud';

const stack = 'kairos-dev';

/** Plans and deploys of an environment in other ways than every day. */
export function describeOtherDeploys(project: Project): void {
  // One way to leave cdktf: the state stays, and Terraform plans the files that were written as HCL.
  it('a plan of the same stack as HCL has no changes', async () => {
    const hcl = operationsCloud.project('hcl');
    const shell = { SYNTH_HCL_OUTPUT: 'true' };
    expect(await hcl.planned(stack, { shell })).toEqual([]);
    expect(existsSync(join(hcl.stackFolder(stack), 'cdk.tf'))).toBe(true);
  });

  it('a role without permission to read secrets or to use the key can plan and deploy', async () => {
    const aws = project.clients();
    const account = project.record.accountId;
    const arn = await createRole(aws.iam, 'deploys-without-secrets', account, [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      {
        Effect: 'Deny',
        Action: 'ssm:*',
        Resource: [
          `arn:aws:ssm:*:${account}:parameter/kairos/dev/secrets`,
          `arn:aws:ssm:*:${account}:parameter/kairos/dev/secrets/*`,
        ],
      },
      {
        Effect: 'Deny',
        Action: ['kms:Decrypt', 'kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'],
        Resource: '*',
      },
    ]);
    const shell = credentialVariables(await assume(aws.sts, arn));
    const changes = { 'environments.dev.function.memory': 512 };
    expect(await project.planned(stack, { changes, shell })).toEqual([
      'update aws_lambda_alias.Backend_Alias_F9D4E837',
      'update aws_lambda_function.Backend',
    ]);
    await project.applyPlanned(stack, { shell });
  });
}
