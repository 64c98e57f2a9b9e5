import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetAliasCommand, LambdaClient, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import { z } from 'zod';
import { configuration } from '../../config/environments';
import { namesOf } from '../../config/names';
import { assume, createRole } from '../support/aws';
import { BareCloud } from '../support/bare-cloud';
import { publishTwoVersions, putTwoImages } from '../support/two-versions';

/** An environment with alarms, and what a rollback reads: two versions, their images and a state. */
const { function: FunctionName, alias: Name } = namesOf('prod');
const { accountId } = configuration;

const policySchema = z.object({
  Version: z.string(),
  Statement: z.array(z.looseObject({ Action: z.array(z.string()) })),
});
type Policy = z.infer<typeof policySchema>;

let cloud: BareCloud;
let lambda: LambdaClient;
let iam: IAMClient;
let policy: Policy;
let role: Readonly<Record<string, string>>;
let older = '';

beforeAll(async () => {
  cloud = await BareCloud.up();
  lambda = new LambdaClient(cloud.clientOptions);
  iam = new IAMClient(cloud.clientOptions);
  expect(await cloud.kairos(['bootstrap'])).toMatchObject({ code: 0 });
  const images = await putTwoImages(cloud);
  older = images.older;
  await publishTwoVersions(cloud, images, 'prod');
  policy = policySchema.parse(JSON.parse((await cloud.kairos(['rollback', 'prod', '--policy'])).stdout));
  const sts = new STSClient(cloud.clientOptions);
  const given = await assume(sts, await createRole(iam, 'may-rollback', accountId, policy.Statement));
  role = {
    AWS_ACCESS_KEY_ID: given.accessKeyId,
    AWS_SECRET_ACCESS_KEY: given.secretAccessKey,
    AWS_SESSION_TOKEN: given.sessionToken,
  };
});
afterAll(async () => {
  await cloud.down();
});

/** Rolls back with the role, from version 2. @returns the result, and the version that is live then. */
async function rollBack() {
  await lambda.send(new UpdateAliasCommand({ FunctionName, Name, FunctionVersion: '2' }));
  const result = await cloud.kairos(['rollback', 'prod', '--alias-only', '--json'], role);
  const { FunctionVersion } = await lambda.send(new GetAliasCommand({ FunctionName, Name }));
  return { ...result, live: FunctionVersion };
}

async function give(statements: Policy['Statement']): Promise<void> {
  const PolicyDocument = JSON.stringify({ ...policy, Statement: statements });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'may-rollback', PolicyName: 'test', PolicyDocument }));
}

describe('a role with the policy of kairos rollback', () => {
  it('lists the versions', async () => {
    const { code, stdout } = await cloud.kairos(['rollback', 'prod', '--list', '--json'], role);
    expect(code).toBe(0);
    const versions = z.array(z.object({ version: z.string(), share: z.number() })).parse(JSON.parse(stdout));
    expect(versions.map(({ version, share }) => [version, share])).toEqual([
      ['2', 1],
      ['1', 0],
    ]);
  });

  it('can roll back, and suppresses the alarms', async () => {
    const { code, output, stdout, live } = await rollBack();
    expect({ code, live }).toEqual({ code: 0, live: '1' });
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'rolled back', version: '1', digest: older });
    expect(output).not.toContain('do not know');
  });

  it('without one of its actions changes nothing live, and the error names the action', async () => {
    const all = policy.Statement.flatMap(({ Action }) => Action);
    // Without s3:ListBucket, S3 answers "forbidden" for an object that does not exist. Here the state exists.
    const actions = new Set(all.filter((action) => action !== 's3:ListBucket'));
    expect(actions.size).toBe(8);
    for (const action of actions) {
      await give(
        policy.Statement.map((statement) => ({
          ...statement,
          Action: statement.Action.filter((each) => each !== action),
        })).filter(({ Action }) => Action.length > 0),
      );
      const { code, output, live } = await rollBack();
      // A rollback succeeds even if its alarms could not be suppressed.
      const goesBack = action === 'cloudwatch:PutMetricData';
      expect({ without: action, code, live, names: output.includes(action) }).toEqual({
        without: action,
        code: goesBack ? 0 : 1,
        live: goesBack ? '1' : '2',
        names: true,
      });
    }
  });
});
