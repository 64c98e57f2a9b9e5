import {
  DeleteRegistryPolicyCommand,
  ECRClient,
  GetRegistryPolicyCommand,
  GetRepositoryPolicyCommand,
  PutRegistryPolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { paginateDescribeParameters, SSMClient } from '@aws-sdk/client-ssm';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { GitHubIdentity } from '../../__tests__/support/github-identity';
import type { RunResult, Shell } from '../../cli/process';
import { namesOf } from '../../config/names';
import { UserError } from '../../errors';
import { putChangedExample } from '../backend-image';
import { requireNone } from '../hunt/cloud-hunt';
import { clientOptions, ownAccount, type TwoAccounts, type Who } from './two-accounts';

/** What is done, with which credentials, and the result. */
export type Row = readonly [step: string, as: string, result: string];

/** @throws UserError if the result is wrong. */
export type Step = (cloud: TwoAccounts) => Promise<Row>;

const names = namesOf('staging');
const foundation = 'kairos-foundation-staging';

/** @param region of the separate account. @default - that of the table */
export function stepsIn(region: string | undefined): readonly Step[] {
  return region === undefined
    ? [...steps, refusesImageThatIsNotShared, ...ends]
    : [...steps, refusesImageThatIsNotCopied, ...ends];
}

const steps: readonly Step[] = [
  answersFirstRequest,
  liesInItsAccount,
  plan(names.stack, 'own'),
  plan(foundation, 'own'),
  plan('kairos-foundation', 'shared'),
  passes(['smoke', 'staging'], 'own', 'passes'),
  releases,
  passes(['rollback', 'staging'], 'own', 'goes back'),
  promotesFromOtherAccount,
  hasNotDrifted,
  recovers(foundation, /^aws_(kms_alias|iam_policy)\./),
  recovers(names.stack, /^aws_(lambda_alias|apigatewayv2_stage)\./),
];

const ends: readonly Step[] = [
  refuses(['secrets', 'check', 'staging'], 'shared', `the table says ${ownAccount} of staging`),
  refuses(['status', 'dev'], 'own', `these credentials belong to account ${ownAccount}`),
  refuses(['promote', 'staging', 'prod'], 'shared', `staging is in account ${ownAccount}`),
  leavesNoSecret,
];

const upSchema = z.array(
  z.object({ stack: z.string(), request: z.object({ address: z.string(), status: z.number().optional() }) }),
);

async function answersFirstRequest({ up }: TwoAccounts): Promise<Row> {
  const stacks = upSchema.parse(JSON.parse(required(up).stdout));
  const answers = stacks.map(({ stack, request }) => `${stack}: ${request.status ?? 'no answer'}`);
  if (stacks.length !== 2 || stacks.some(({ request }) => request.status !== 200)) {
    throw new UserError(`the first requests were answered: ${answers.join(', ')}`);
  }
  return Promise.resolve([
    '`kairos local up dev staging`, and a request to each',
    'both',
    answers.join(', '),
  ]);
}

async function liesInItsAccount(cloud: TwoAccounts): Promise<Row> {
  const count = async (accountId: string) => {
    const options = clientOptions(cloud, accountId);
    const { Functions } = await new LambdaClient(options).send(new ListFunctionsCommand({}));
    const { Buckets } = await new S3Client(options).send(new ListBucketsCommand({}));
    const secrets: string[] = [];
    for await (const page of paginateDescribeParameters({ client: new SSMClient(options) }, {})) {
      secrets.push(...(page.Parameters ?? []).map(({ Name = '' }) => Name));
    }
    return {
      functions: (Functions ?? []).map(({ FunctionName = '' }) => FunctionName),
      buckets: (Buckets ?? []).map(({ Name = '' }) => Name),
      secrets,
    };
  };
  const [own, shared] = [await count(ownAccount), await count(cloud.record.accountId)];
  const strangers = [
    ...own.secrets.filter((name) => !name.startsWith(names.secretsPath)),
    ...shared.secrets.filter((name) => name.startsWith(names.secretsPath)),
    ...own.functions.filter((name) => !name.startsWith(names.function)),
    ...shared.functions.filter((name) => name.startsWith(names.function)),
    ...shared.buckets.filter((name) => name.endsWith('-staging')),
  ];
  if (strangers.length > 0 || !own.functions.includes(names.function) || own.secrets.length === 0) {
    throw new UserError(`in the wrong account: ${strangers.join(', ') || names.function}`);
  }
  return [
    'where functions, secrets and states are',
    'both',
    `${own.functions.length} functions, ${own.secrets.length} secrets and ${own.buckets.length} buckets in its own account${cloud.ownRegion === cloud.record.region ? '' : `, in ${cloud.ownRegion}`}, none of staging in the other`,
  ];
}

function plan(stack: string, as: Who): Step {
  return async ({ terraform, shells }) => {
    const args = ['plan', '-detailed-exitcode', '-input=false', '-no-color'];
    const { code, output } = await terraform(stack, args, shells[as]);
    if (code !== 0) throw new UserError(`${stack}: ${output}`);
    return [`\`terraform plan\` of ${stack}`, as, 'no changes'];
  };
}

/** Removes resources from a state, as a killed apply leaves it, and lets the command find them again. */
function recovers(stack: string, lost: RegExp): Step {
  return async ({ terraform, kairos, shells }) => {
    const state = async (...args: readonly string[]) =>
      required(await terraform(stack, ['state', ...args], shells.own)).stdout;
    const addresses = (await state('list')).split('\n').filter((address) => lost.test(address));
    await state('rm', '-lock-timeout=60s', ...addresses);
    const name = stack.replace('kairos-', '');
    required(await kairos(['recover', name, '--yes'], shells.own));
    const found = (await state('list')).split('\n').filter((address) => lost.test(address));
    if (addresses.length === 0 || found.length !== addresses.length) {
      throw new UserError(`${stack} had ${addresses.join(', ')}, and has ${found.join(', ')}`);
    }
    return [`\`kairos recover ${name}\` after ${addresses.length} were lost`, 'own', 'imported'];
  };
}

const driftSchema = z.object({ planned: z.array(z.string()) });

/** Synthesized again, because the folder still names the image that `local up` has released. */
async function hasNotDrifted({ kairos, shells }: TwoAccounts): Promise<Row> {
  const { stdout } = required(await kairos(['status', 'staging', '--drift', '--json'], shells.own));
  const { planned } = driftSchema.parse(JSON.parse(stdout));
  if (planned.length > 0) throw new UserError(planned.join('\n'));
  return ['`kairos status staging --drift`', 'own', 'no changes'];
}

function passes(args: readonly string[], as: Who, result: string): Step {
  return async ({ kairos, shells }) => {
    required(await kairos(args, shells[as]));
    return [`\`kairos ${args.join(' ')}\``, as, result];
  };
}

function refuses(args: readonly string[], as: Who, words: string): Step {
  return async ({ kairos, shells }) => {
    const { code, output } = await kairos(args, shells[as]);
    if (code === 0 || !output.includes(words)) throw new UserError(`kairos ${args.join(' ')}: ${output}`);
    return [`\`kairos ${args.join(' ')}\``, as, `refused: ${words}`];
  };
}

/**
 * Another image of the shared account, released like a job of the GitHub environment: with the deploy role of that
 * account.
 */
async function releases(cloud: TwoAccounts): Promise<Row> {
  const digest = await putAnother(cloud, 'again');
  const github = new GitHubIdentity(cloud.home);
  const { endpoint, region } = clientOptions(cloud, ownAccount);
  const job = await github.signIn({ endpoint, region }, names.deployRole, 'environment:staging', ownAccount);
  const { AWS_SECRET_ACCESS_KEY: key = '', AWS_SESSION_TOKEN: token = '' } = job;
  // The local cloud makes them of digits that occur in checksums, so the pieces are longer.
  cloud.know(
    new Map([
      ['the secret access key of the deploy role', key],
      ['the session token of the deploy role', token],
    ]),
    16,
  );
  required(await cloud.kairos(['release', 'staging', '--digest', digest], { ...cloud.shells.own, ...job }));
  return [
    '`kairos release staging --digest …` of an image that was put since',
    'its deploy role',
    'released, smoke passed',
  ];
}

/** The shell has the credentials of staging, and a profile those of dev. */
async function promotesFromOtherAccount(cloud: TwoAccounts): Promise<Row> {
  const { kairos, shells } = cloud;
  const digest = await putAnother(cloud, 'first to dev');
  required(await kairos(['release', 'dev', '--digest', digest], shells.shared));
  const { AWS_ACCESS_KEY_ID: id = '', AWS_SECRET_ACCESS_KEY: key = '' } = shells.shared;
  const file = join(cloud.home.folder, 'credentials');
  writeFileSync(file, `[kairos-dev]\naws_access_key_id = ${id}\naws_secret_access_key = ${key}\n`);
  const shell = { ...shells.own, AWS_SHARED_CREDENTIALS_FILE: file };
  const args = ['promote', 'dev', 'staging', '--from-profile', 'kairos-dev'];
  const { stdout } = required(await kairos([...args, '--json'], shell));
  rmSync(file);
  const result = z.object({ outcome: z.string(), digest: z.string() }).parse(JSON.parse(stdout));
  if (result.outcome !== 'released' || result.digest !== digest) throw new UserError(stdout);
  return [`\`kairos ${args.join(' ')}\``, 'own, and dev by its profile', 'released, smoke passed'];
}

/** Without the statements for its account in the repository's policy, which are restored afterwards. */
async function refusesImageThatIsNotShared(cloud: TwoAccounts): Promise<Row> {
  const ecr = new ECRClient(clientOptions(cloud, cloud.record.accountId));
  const repositoryName = 'kairos';
  const { policyText = '' } = await ecr.send(new GetRepositoryPolicyCommand({ repositoryName }));
  const policy = z
    .looseObject({ Statement: z.array(z.looseObject({ Sid: z.string() })) })
    .parse(JSON.parse(policyText));
  const Statement = policy.Statement.filter(({ Sid }) => !Sid.includes(ownAccount));
  await ecr.send(
    new SetRepositoryPolicyCommand({ repositoryName, policyText: JSON.stringify({ ...policy, Statement }) }),
  );
  const digest = await putAnother(cloud, 'not for staging');
  const { code, output } = await cloud.kairos(['release', 'staging', '--digest', digest], cloud.shells.own);
  await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
  if (code === 0 || !output.includes('no resource-based policy allows')) throw new UserError(output);
  return [
    '`kairos release` of one more while the repository shares none with its account',
    'own',
    'refused by ECR; nothing was changed',
  ];
}

/** The registry policy of its account is missing during a push, so ECR makes no copy. */
async function refusesImageThatIsNotCopied(cloud: TwoAccounts): Promise<Row> {
  const ecr = new ECRClient(clientOptions(cloud, ownAccount));
  const { policyText } = await ecr.send(new GetRegistryPolicyCommand({}));
  await ecr.send(new DeleteRegistryPolicyCommand({}));
  const digest = await putAnother(cloud, 'not for staging');
  await ecr.send(new PutRegistryPolicyCommand({ policyText }));
  const { code, output } = await cloud.kairos(['release', 'staging', '--digest', digest], cloud.shells.own);
  if (code === 0 || !output.includes('ECR has no copy of')) throw new UserError(output);
  return [
    '`kairos release` of an image that was pushed while its registry accepted no copies',
    'own',
    'refused: there is no copy; nothing was changed',
  ];
}

function putAnother(cloud: TwoAccounts, greeting: string): Promise<string> {
  const { home, shells, record } = cloud;
  const shell: Shell = shells.shared;
  const target = { home, shell, clientOptions: clientOptions(cloud, record.accountId) };
  return putChangedExample(target, join('kairos', 'routes', 'root.py'), (text) =>
    text.replace('Hello from Kairos', `Hello ${greeting} from Kairos`),
  );
}

async function leavesNoSecret({ hunt }: TwoAccounts): Promise<Row> {
  return ['secrets in everything that was left', 'both', requireNone(await hunt())];
}

function required(result: RunResult): RunResult {
  if (result.code !== 0) throw new UserError(result.output);
  return result;
}
