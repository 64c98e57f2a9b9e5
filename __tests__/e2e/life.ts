import { GetAliasCommand, GetFunctionCommand, ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { BatchDeleteImageCommand } from '@aws-sdk/client-ecr';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { HeadObjectCommand, ListObjectsV2Command, NotFound } from '@aws-sdk/client-s3';
import { DescribeParametersCommand } from '@aws-sdk/client-ssm';
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exampleBackend } from '../../scripts/backend-image';
import { assume, createRole, credentialVariables, putImage } from '../support/aws';
import { expectSuccess, type Project } from '../support/project';

/** The life of one environment. Each test begins in the state in which the previous test ended. */
export function describeLife(project: Project): void {
  const aws = project.clients();
  const stack = 'kairos-dev';
  const stateBucket = 'kairos-tfstate-992382417038-dev';
  const newVersion = ['update aws_lambda_alias.Backend_Alias_F9D4E837', 'update aws_lambda_function.Backend'];

  /** The changes so far; every later deploy keeps them. */
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
    await project.applyPlanned(stack);
    const { logGroups } = await aws.logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/lambda/kairos-dev' }),
    );
    expect(logGroups?.map(({ retentionInDays }) => retentionInDays)).toEqual([7]);
  });

  it('a changed setting is a variable of a new version, and the previous version keeps its own value', async () => {
    const before = await liveVersion();
    changes = { ...changes, 'environments.dev.mail.port': 2525 };
    expect(await project.planned(stack, options())).toEqual(newVersion);
    await project.applyPlanned(stack);
    expect(await settingOf(await liveVersion(), 'MAIL_PORT')).toBe('2525');
    expect(await settingOf(before, 'MAIL_PORT')).toBe('587');
  });

  it('a new value of a secret changes no plan until its revision is raised, which publishes a version', async () => {
    const set = await project.kairos(['secrets', 'set', 'dev', 'RESEND_API_KEY'], {
      input: 're_set_again\n',
    });
    expect(expectSuccess(set).output).toMatch(/^RESEND_API_KEY set, version \d+$/m);
    expect(set.output).not.toContain('re_set_again');
    expect(await project.planned(stack, options())).toEqual([]);
    changes = { ...changes, 'environments.dev.secretsRevision': 2 };
    expect(await project.planned(stack, options())).toEqual(newVersion);
    await project.applyPlanned(stack);
  });

  it('a new digest publishes a version and moves the alias; the old version keeps its image', async () => {
    const before = await liveVersion();
    const oldImage = await imageOf(before);
    digest = await putImage(aws.ecr, 'src-another');
    expect(await project.planned(stack, options())).toEqual(newVersion);
    await project.applyPlanned(stack);
    const after = await liveVersion();
    expect(Number(after)).toBe(Number(before) + 1);
    expect(await imageOf(after)).toBe(`992382417038.dkr.ecr.eu-west-2.amazonaws.com/kairos@${digest}`);
    expect(await imageOf(before)).toBe(oldImage);
  });

  it('another checkout of the backend next to the project changes no plan', async () => {
    const shell = { KAIROS_BACKEND_PATH: changedBackend() };
    expect(await project.planned(stack, { changes, shell })).toEqual([]);
  });

  it('a rollback to a digest survives the next deploy', async () => {
    const released = digest;
    digest = await imageOf('1').then((uri) => uri.split('@')[1]);
    await project.apply(stack, options());
    expect(await imageOf(await liveVersion())).toContain(digest);
    digest = undefined;
    changes = { ...changes, 'environments.dev.logRetention': 14 };
    expect(await project.planned(stack, options())).toEqual([
      'update aws_cloudwatch_log_group.Api_AccessLog_CB65B6C9',
      'update aws_cloudwatch_log_group.FunctionLog',
    ]);
    expect(await imageOf(await liveVersion())).not.toContain(released);
  });

  it('the deploy after one that failed halfway uses the same digest', async () => {
    const begun = await putImage(aws.ecr, 'src-begun');
    // The log group of the API cannot be changed any more. The function can.
    const name = '/aws/vendedlogs/apigateway/kairos-dev';
    const denied = await assume(
      aws.sts,
      await createRole(aws.iam, 'fails-midway', project.record.accountId, [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 'logs:PutRetentionPolicy', Resource: `*log-group:${name}*` },
      ]),
    );
    const shell = { ...credentialVariables(denied), KAIROS_IMAGE_DIGEST: begun };
    changes = { ...changes, 'environments.dev.logRetention': 30 };
    await expect(project.apply(stack, { changes, shell })).rejects.toThrow('logs:PutRetentionPolicy');
    await project.apply(stack, { changes });
    expect(await imageOf(await liveVersion())).toContain(begun);
    expect(await project.planned(stack, { changes })).toEqual([]);
  });

  it('a second deploy at the same time is refused by the lock, and nothing is lost', async () => {
    changes = { ...changes, 'environments.dev.function.memory': 512 };
    const first = project.deploy(stack, options()); // With cdktf, like the daily deploys.
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

  it('all published versions are kept, so that each can be rolled back to', async () => {
    const { Versions } = await aws.lambda.send(new ListVersionsByFunctionCommand({ FunctionName: stack }));
    const numbers = Versions?.map(({ Version }) => Version).filter((version) => version !== '$LATEST');
    expect(numbers?.length).toBe(Number(await liveVersion()));
  });

  it('destroy needs no image in ECR, and leaves only the state bucket', async () => {
    const imageIds = [{ imageTag: 'src-begun' }];
    await aws.ecr.send(new BatchDeleteImageCommand({ repositoryName: 'kairos', imageIds }));
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
    // The commands store records of an environment in the state bucket. They are kept, like the history of
    // the state.
    const remembered = ['kairos-dev.client.json', 'kairos-dev.smoke.json'];
    const keys = Contents?.map(({ Key = '' }) => Key).filter((key) => !remembered.includes(key));
    expect(keys).toEqual(['kairos-dev.tfstate']);
  });

  async function settingOf(version: string, name: string): Promise<string | undefined> {
    const { Configuration } = await aws.lambda.send(
      new GetFunctionCommand({ FunctionName: stack, Qualifier: version }),
    );
    return Configuration?.Environment?.Variables?.[name];
  }

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

/** @returns a copy of the example backend with other content. */
function changedBackend(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-backend-'));
  cpSync(exampleBackend, folder, { recursive: true });
  writeFileSync(join(folder, 'kairos', 'changed.py'), '# another content\n');
  return folder;
}
