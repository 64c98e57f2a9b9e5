import { ECRClient, CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  type LambdaClientConfig,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCloud, stopCloud } from '../../../cli/local/cloud';
import { endpointOf } from '../../../cli/local/server';
import { LocalHome } from '../../../cli/local/home';
import { localVariables } from '../../../cli/local/shell';
import { ensurePythonEnvironment } from '../../../cli/tools/python';
import type { Shell } from '../../../cli/process';
import { putImage } from '../../support/aws';
import { root } from './built-image';

export interface FunctionCloudOptions {
  /** The home folder of the local cloud. */
  readonly folder: string;
  /** The environment variables with which a Docker client finds its daemon. */
  readonly shell: Shell;
  /** The parameters of its functions, by their full names. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface DeployedFunctionOptions extends FunctionCloudOptions {
  /** The image's name in that daemon. */
  readonly image: string;
  /** The function's environment variables. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Invokes a function. @returns its response, as JSON. */
type Invoke = (event: object) => Promise<string>;

/** A function that a local cloud runs in a container. */
export interface DeployedFunction {
  readonly invoke: Invoke;
  /** Stops the local cloud. */
  stop(): Promise<void>;
}

/** A local cloud with the image repository, whose functions are created by digest. */
export interface FunctionCloud {
  readonly home: LocalHome;
  readonly ecr: ECRClient;
  /** The environment variables that point to it, including those for Docker. */
  readonly shell: Shell;
  readonly deploy: (digest: string, variables: Readonly<Record<string, string>>) => Promise<Invoke>;
  /** Stops it. */
  readonly stop: () => Promise<void>;
}

const accountId = '992382417038';
const region = 'eu-west-2';

export async function openFunctionCloud(options: FunctionCloudOptions): Promise<FunctionCloud> {
  const outer = { ...process.env, ...options.shell, KAIROS_LOCAL_HOME: options.folder };
  const home = new LocalHome(outer);
  const requirements = [join(root, 'emulator', 'requirements.txt')];
  const python = await ensurePythonEnvironment({ shell: process.env, requirements, minimum: [3, 10] });
  const record = await startCloud({ home, shell: outer, python, accountId, region });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = { region, endpoint: endpointOf(record), credentials };
  const ecr = new ECRClient(client);
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'kairos', imageTagMutability: 'IMMUTABLE' }));
  const ssm = new SSMClient(client);
  for (const [Name, Value] of Object.entries(options.parameters)) {
    await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString' }));
  }
  return {
    home,
    ecr,
    shell: { ...outer, ...localVariables(record, home, outer) },
    deploy: (digest, variables) => createFunction(client, digest, variables),
    stop: async () => {
      await stopCloud(home);
    },
  };
}

/** Creates a function with an image that the daemon has already. */
export async function deployFunction(options: DeployedFunctionOptions): Promise<DeployedFunction> {
  const cloud = await openFunctionCloud(options);
  const digest = await putImage(cloud.ecr, 'src-container');
  const folder = cloud.home.path('images', digest.replace('sha256:', ''));
  mkdirSync(folder, { recursive: true });
  const described = { digest, tag: 'src-container', command: ['start_up.handler'], image: options.image };
  writeFileSync(join(folder, 'image.json'), JSON.stringify(described));
  return { invoke: await cloud.deploy(digest, options.variables), stop: cloud.stop };
}

async function createFunction(
  client: LambdaClientConfig,
  digest: string,
  variables: Readonly<Record<string, string>>,
): Promise<Invoke> {
  const lambda = new LambdaClient(client);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'contained',
      PackageType: 'Image',
      Code: { ImageUri: `${accountId}.dkr.ecr.${region}.amazonaws.com/kairos@${digest}` },
      Role: await createRole(new IAMClient(client)),
      MemorySize: 512,
      Timeout: 20,
      Environment: { Variables: { ...variables } },
    }),
  );
  const waiting = { client: lambda, maxWaitTime: 60, minDelay: 1 };
  await waitUntilFunctionActiveV2(waiting, { FunctionName: 'contained' });
  return async (event) => {
    const { Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: 'contained', Payload: JSON.stringify(event) }),
    );
    return Buffer.from(Payload ?? []).toString('utf8');
  };
}

async function createRole(iam: IAMClient): Promise<string> {
  const RoleName = 'contained';
  const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document(trust) }),
  );
  const rights = { Effect: 'Allow', Action: ['ssm:GetParametersByPath', 'logs:*'], Resource: '*' };
  await iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName: 'contained', PolicyDocument: document(rights) }),
  );
  return Role?.Arn ?? '';
}
