import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { HuntedCloud, own, secret, shared } from '../../support/hunted-cloud';

let cloud: HuntedCloud;
beforeAll(async () => {
  cloud = await HuntedCloud.up();
});
beforeEach(async () => {
  await cloud.bare.reset();
});
afterAll(async () => {
  await cloud.bare.down();
});

const FunctionName = 'notifier';
const variables = (value: string) => ({ Variables: { PASSWORD: value } });

/** Creates a function. @returns the client. */
async function create(account: string, text: string, value: string): Promise<LambdaClient> {
  const lambda = new LambdaClient(cloud.options(account));
  const Statement = [
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ];
  const { Role } = await new IAMClient(cloud.options(account)).send(
    new CreateRoleCommand({
      RoleName: FunctionName,
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    }),
  );
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: Role?.Arn,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipSync({ 'index.js': strToU8(`// ${text}`) }, { level: 9 }) },
      Environment: variables(value),
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20 }, { FunctionName });
  return lambda;
}

describe.each([shared, own])('the search in the functions of account %s', (account) => {
  it('finds nothing if no secret was written', async () => {
    await create(account, 'none', 'none');
    expect(await cloud.search()).toEqual({ artefacts: 2, found: [], unopened: [] });
  });

  it('searches the package', async () => {
    await create(account, secret, 'none');
    expect((await cloud.search()).found).toEqual([
      expect.stringMatching(/^PASSWORD is in package of arn:aws:lambda:/) as unknown,
    ]);
  });

  it('searches the variables', async () => {
    await create(account, 'none', secret);
    expect((await cloud.search()).found).toEqual([
      expect.stringMatching(/^PASSWORD is in configuration of arn:aws:lambda:/) as unknown,
    ]);
  });

  it('searches the variables of an earlier version', async () => {
    const lambda = await create(account, 'none', secret);
    await lambda.send(new PublishVersionCommand({ FunctionName }));
    await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Environment: variables('none') }),
    );
    expect((await cloud.search()).found).toEqual([
      expect.stringContaining('function:notifier:1, version 1') as unknown,
    ]);
  });
});
