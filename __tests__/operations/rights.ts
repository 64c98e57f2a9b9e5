import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { z } from 'zod';
import { tuneSchema } from '../../cli/schemas/observe';
import { namesOf, stateBucketName } from '../../config/names';
import { assume, createRole, credentialVariables } from '../support/aws';
import { describePipeline } from './pipeline';
import { DeployedCloud } from '../support/deployed-cloud';
import { expectSuccess } from '../support/project';
import { operationsCloud } from '../support/shared-cloud';

const accountId = '992382417038';
const smokeRecord = { Bucket: stateBucketName(accountId, 'dev'), Key: namesOf('dev').smokeRecord };

const policySchema = z.object({
  Version: z.string(),
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Action: z.array(z.string()),
      Resource: z.union([z.string(), z.array(z.string())]),
    }),
  ),
});
type Policy = z.infer<typeof policySchema>;

/**
 * The commands that change nothing, and the permissions of each that a plain run does not use. For
 * `rollback`, see rollback-policy.test.ts of the tier `commands`.
 */
const commands: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['smoke', ['smoke', 'dev', '--json'], []],
  ['status', ['status', 'dev', '--json'], []],
  // The stack of the environment saves the queries.
  [
    'logs',
    ['logs', 'dev', '--json'],
    ['logs:StartQuery', 'logs:DescribeQueryDefinitions', 'logs:GetQueryResults'],
  ],
];

/** Runs the commands with roles, to test what each role may do and needs. */
export function describeRights(): void {
  let cloud: DeployedCloud;

  beforeAll(async () => {
    cloud = await DeployedCloud.shared('rights', operationsCloud);
  });

  describe.each(commands)('a role with the policy of kairos %s', (command, args, notAsked) => {
    let policy: Policy;
    let shell: Record<string, string>;

    beforeAll(async () => {
      const printed = expectSuccess(await cloud.kairos([command, 'dev', '--policy']));
      policy = policySchema.parse(JSON.parse(printed.stdout));
      const [iam, sts] = [new IAMClient(cloud.clientOptions), new STSClient(cloud.clientOptions)];
      const role = await assume(sts, await createRole(iam, `may-${command}`, accountId, policy.Statement));
      shell = credentialVariables(role);
    });

    it('can run it', async () => {
      expectSuccess(await cloud.kairos(args, shell));
    });

    it('needs every action of it: if one is missing, the error names it', async () => {
      const actions = policy.Statement.flatMap(({ Action }) => Action).filter(
        (action) => !notAsked.includes(action),
      );
      const [iam, s3] = [new IAMClient(cloud.clientOptions), new S3Client(cloud.clientOptions)];
      for (const action of new Set(actions)) {
        const statements = policy.Statement.map((statement) => ({
          ...statement,
          Action: statement.Action.filter((each) => each !== action),
        })).filter((statement) => statement.Action.length > 0);
        const PolicyDocument = JSON.stringify({ ...policy, Statement: statements });
        await iam.send(
          new PutRolePolicyCommand({ RoleName: `may-${command}`, PolicyName: 'test', PolicyDocument }),
        );
        // Without s3:ListBucket, S3 hides only that an object does not exist. So the object must not exist
        // here.
        await s3.send(new DeleteObjectCommand(smokeRecord));
        const { code, output } = await cloud.kairos(args, shell);
        expect({ without: action, code, names: output.includes(action) }).toEqual({
          without: action,
          code: 1,
          names: true,
        });
      }
      expectSuccess(await cloud.kairos(['smoke', 'dev']));
    });
  });

  it('kairos tune reads from the log the durations of the deployed memory size', async () => {
    const { stdout } = expectSuccess(await cloud.kairos(['tune', 'dev', '--json']));
    const { sizes } = tuneSchema.parse(JSON.parse(stdout));
    expect(sizes.map(({ memory }) => memory)).toEqual([256]);
    expect(sizes[0]?.invocations).toBeGreaterThan(0);
  });

  describe('kairos pipeline', () => {
    describePipeline(() => cloud);
  });
}
