import {
  GetAliasCommand,
  GetFunctionCommand,
  GetProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import { putImage } from '../support/aws';
import type { Project } from '../support/project';

const stack = 'kairos-dev';
const changes = {
  'environments.dev.function.reservedConcurrency': 4,
  'environments.dev.function.provisionedConcurrency': 2,
};

/** Environments that are kept started. Each test begins in the state in which the previous test ended. */
export function describeKeptStarted(project: Project): void {
  const aws = project.clients();

  async function liveVersion(): Promise<string> {
    const { FunctionVersion } = await aws.lambda.send(
      new GetAliasCommand({ FunctionName: stack, Name: 'live' }),
    );
    return FunctionVersion ?? '';
  }

  async function statusOf(version: string): Promise<string | undefined> {
    const { Status } = await aws.lambda.send(
      new GetProvisionedConcurrencyConfigCommand({ FunctionName: stack, Qualifier: version }),
    );
    return Status;
  }

  it('those of a new version are started when the alias moves to it, and those of the previous version are removed', async () => {
    const before = await liveVersion();
    await project.apply(stack, { changes });
    await project.apply(stack, { changes: { ...changes, 'environments.dev.function.memory': 1030 } });
    const after = await liveVersion();
    expect(after).not.toBe(before);
    expect(await statusOf(after)).toBe('READY');
    await expect(statusOf(before)).rejects.toThrow('No Provisioned Concurrency Config found');
  });

  it('a version that cannot start fails the deploy, and gets no requests', async () => {
    const before = await liveVersion();
    const digest = await putImage(aws.ecr, 'cannot-start');
    const shell = { KAIROS_IMAGE_DIGEST: digest };
    await expect(project.apply(stack, { changes, shell })).rejects.toThrow('FUNCTION_ERROR_INIT_FAILURE');
    expect(await liveVersion()).toBe(before);
    expect(await statusOf(before)).toBe('READY');
  });

  it('a deploy of the live image succeeds after that', async () => {
    const { Code } = await aws.lambda.send(
      new GetFunctionCommand({ FunctionName: stack, Qualifier: 'live' }),
    );
    await project.apply(stack, { shell: { KAIROS_IMAGE_DIGEST: Code?.ImageUri?.split('@')[1] } });
    expect(await project.planned(stack)).toEqual([]);
  });
}
