import { GetAliasCommand, GetFunctionCommand, ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { HeadObjectCommand, ListObjectsV2Command, NotFound } from '@aws-sdk/client-s3';
import { DescribeParametersCommand } from '@aws-sdk/client-ssm';
import { setTimeout as pause } from 'node:timers/promises';
import { assume, createRole, putImage } from '../support/aws';
import { expectSuccess, Project } from '../support/project';

/** One environment through its life: each test begins where the one before it ended. */
export function describeLife(project: Project): void {
  const aws = project.clients();
  const stack = 'kairos-dev';
  const stateBucket = 'kairos-tfstate-992382417038-dev';
  const newVersion = ['update aws_lambda_alias.Backend_Alias_F9D4E837', 'update aws_lambda_function.Backend'];

  /** What has been changed so far; every later deploy keeps it. */
  let changes: Record<string, unknown> = {};
  let digest: string | undefined;

  const options = () => ({ changes, shell: { KAIROS_IMAGE_DIGEST: digest } });

  async function liveVersion(): Promise<string> {
    const { FunctionVersion } = await aws.lambda.send(
      new GetAliasCommand({ FunctionName: stack, Name: 'live' }),
    );
    return FunctionVersion ?? '';
  }

  async function imageOf(version: string): Promise<string> {
    const { Code } = await aws.lambda.send(
      new GetFunctionCommand({ FunctionName: stack, Qualifier: version }),
    );
    return Code?.ImageUri ?? '';
  }

  it('a changed retention changes the log groups and nothing else', async () => {
    changes = { 'environments.dev.logRetention': 7 };
    expect(await project.planned(stack, options())).toEqual([
      'update aws_cloudwatch_log_group.Api_AccessLog_CB65B6C9',
      'update aws_cloudwatch_log_group.FunctionLog',
    ]);
    expectSuccess(await project.deploy(stack, options()));
    const { logGroups } = await aws.logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/lambda/kairos-dev' }),
    );
    expect(logGroups?.map(({ retentionInDays }) => retentionInDays)).toEqual([7]);
  });

  it('a changed setting changes its parameter and publishes a version that reads it', async () => {
    const before = await liveVersion();
    changes = { ...changes, 'environments.dev.mail.port': 2525 };
    expect(await project.planned(stack, options())).toEqual([
      ...newVersion,
      expect.stringMatching(/^update aws_ssm_parameter\.Settings_MAIL_PORT_/),
    ]);
    expectSuccess(await project.deploy(stack, options()));
    expect(Number(await liveVersion())).toBe(Number(before) + 1);
  });

  it('a secret set anew changes no plan until its revision is raised, which publishes a version', async () => {
    const set = await project.kairos(['secrets', 'set', 'dev', 'RESEND_API_KEY'], { input: 're_set_anew\n' });
    expect(expectSuccess(set).output).toContain('RESEND_API_KEY set, version 3');
    expect(set.output).not.toContain('re_set_anew');
    expect(await project.planned(stack, options())).toEqual([]);
    changes = { ...changes, 'environments.dev.secretsRevision': 2 };
    expect(await project.planned(stack, options())).toEqual(newVersion);
    expectSuccess(await project.deploy(stack, options()));
  });

  it('a new digest publishes a version and moves the alias; the old version keeps its image', async () => {
    const before = await liveVersion();
    const oldImage = await imageOf(before);
    digest = await putImage(aws.ecr, 'src-another');
    expect(await project.planned(stack, options())).toEqual(newVersion);
    expectSuccess(await project.deploy(stack, options()));
    const after = await liveVersion();
    expect(Number(after)).toBe(Number(before) + 1);
    expect(await imageOf(after)).toBe(`992382417038.dkr.ecr.eu-west-2.amazonaws.com/kairos@${digest}`);
    expect(await imageOf(before)).toBe(oldImage);
  });

  it('the same digest is promoted to prod, where the tag of its content plays no part', async () => {
    expect(await project.planned('kairos-prod', { shell: { KAIROS_IMAGE_DIGEST: digest } })).toEqual(
      newVersion,
    );
    expectSuccess(await project.deploy('kairos-prod', { shell: { KAIROS_IMAGE_DIGEST: digest } }));
    const { Code } = await aws.lambda.send(
      new GetFunctionCommand({ FunctionName: 'kairos-prod', Qualifier: 'live' }),
    );
    expect(Code?.ImageUri).toBe(`992382417038.dkr.ecr.eu-west-2.amazonaws.com/kairos@${digest}`);
  });

  it('a second deploy at the same time is refused by the lock, and nothing is lost', async () => {
    changes = { ...changes, 'environments.dev.function.memory': 512 };
    const first = project.deploy(stack, options());
    await untilLocked();
    const second = await project.terraform(stack, ['plan', '-input=false', '-lock-timeout=0s']);
    expect(second.code).not.toBe(0);
    expect(second.output).toContain('Error acquiring the state lock');
    expectSuccess(await first);
    expect(await project.planned(stack, options())).toEqual([]);
    const { Configuration } = await aws.lambda.send(
      new GetFunctionCommand({ FunctionName: stack, Qualifier: 'live' }),
    );
    expect(Configuration?.MemorySize).toBe(512);
  });

  it('a role without any right to the secrets or to the use of the key plans and deploys', async () => {
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
    const role = await assume(aws.sts, arn);
    const shell = {
      KAIROS_IMAGE_DIGEST: digest,
      AWS_ACCESS_KEY_ID: role.accessKeyId,
      AWS_SECRET_ACCESS_KEY: role.secretAccessKey,
      AWS_SESSION_TOKEN: role.sessionToken,
    };
    changes = { ...changes, 'environments.dev.function.memory': 256 };
    expect(await project.planned(stack, { changes, shell })).toEqual(newVersion);
    expectSuccess(await project.deploy(stack, { changes, shell }));
  });

  it('versions that were published stay: each is a way back', async () => {
    const { Versions } = await aws.lambda.send(new ListVersionsByFunctionCommand({ FunctionName: stack }));
    const numbers = Versions?.map(({ Version }) => Version).filter((version) => version !== '$LATEST');
    expect(numbers?.length).toBe(Number(await liveVersion()));
  });

  it('destroy leaves nothing but the state bucket', async () => {
    expectSuccess(
      await project.cdktf(['destroy', stack, '--auto-approve', '--skip-provider-lock'], options()),
    );
    expect(expectSuccess(await project.terraform(stack, ['state', 'list'])).output.trim()).toBe('');
    const { Parameters } = await aws.ssm.send(
      new DescribeParametersCommand({
        ParameterFilters: [{ Key: 'Path', Option: 'Recursive', Values: ['/kairos/dev'] }],
      }),
    );
    expect(Parameters?.filter(({ Name }) => !Name?.startsWith('/kairos/dev/secrets/'))).toEqual([]);
    const { logGroups } = await aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/' }));
    expect(logGroups?.filter(({ logGroupName }) => logGroupName?.endsWith('kairos-dev'))).toEqual([]);
    await expect(imageOf('$LATEST')).rejects.toThrow(/not found/i);
    const { Contents } = await aws.s3.send(new ListObjectsV2Command({ Bucket: stateBucket }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['kairos-dev.tfstate']);
  });

  async function untilLocked(): Promise<void> {
    for (;;) {
      try {
        await aws.s3.send(new HeadObjectCommand({ Bucket: stateBucket, Key: 'kairos-dev.tfstate.tflock' }));
        return;
      } catch (error) {
        if (!(error instanceof NotFound)) throw error;
        await pause(20);
      }
    }
  }
}
