import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { ECRClient, PutImageTagMutabilityCommand } from '@aws-sdk/client-ecr';
import {
  AttachRolePolicyCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { policyArn } from '../../aws/iam';
import { plannedStacks } from '../../cli/commands/pipeline/plan';
import type { RunResult, Shell } from '../../cli/process';
import { storedPlan } from '../../cli/pipeline/plan';
import { readStackPlan, writtenPlan } from '../../cli/pipeline/stack-plan';
import { configuration } from '../../config/environments';
import { foundationNames, foundationStackName, namesOf, stateBucketName } from '../../config/names';
import { plainCalls } from '../../scripts/rights/calls';
import { FakeGitHub } from '../support/fake-github';
import { GitHubIdentity } from '../support/github-identity';
import type { DeployedCloud } from '../support/deployed-cloud';
import { expectSuccess } from '../support/project';
import { operationsCloud } from '../support/shared-cloud';
import { permissionsOf } from '../support/workflows';

const root = resolve(__dirname, '..', '..');
const stack = 'kairos-dev';
const head = '2'.repeat(40);
const merged = '1'.repeat(40);
const clients = 'findkairos/kairos-api-client-ts';
const logGroup = '/aws/lambda/kairos-dev';
/** The retention in the table, in days. */
const retention = 14;

/** The commands of the workflows, as their jobs run them: with the roles of dev, and a fake GitHub. */
export function describePipeline(cloud: () => DeployedCloud): void {
  const folder = () => mkdtempSync(join(tmpdir(), 'kairos-plans-'));
  /** The folder for the artifacts of the pull request's jobs. */
  const kept = folder();
  const summary = join(folder(), 'summary.md');
  const fakes: FakeGitHub[] = [];
  let planner: Shell = {};
  let deployer: Shell = {};
  let stranger: Shell = {};

  beforeAll(async () => {
    const github = new GitHubIdentity(cloud().home);
    const { clientOptions } = cloud();
    planner = await github.signIn(clientOptions, 'kairos-dev-plan', 'pull_request');
    deployer = await github.signIn(clientOptions, 'kairos-dev-deploy', 'environment:dev');
    stranger = await github.signIn(clientOptions, 'kairos-prod-plan', 'pull_request');
    for (const each of plannedStacks) keepQuiet(each);
  });

  afterAll(() => {
    for (const fake of fakes) fake.stop();
  });

  function pipeline(args: readonly string[], shell: Shell = {}): Promise<RunResult> {
    return cloud().kairos(['pipeline', ...args], { GITHUB_STEP_SUMMARY: summary, ...shell });
  }

  /** A GitHub in which a job's token has the permissions of its workflow. */
  async function gitHub(
    ...[permissions, ...more]: ConstructorParameters<typeof FakeGitHub>
  ): Promise<FakeGitHub> {
    const fake = new FakeGitHub(permissions, ...more);
    fakes.push(fake);
    await fake.start();
    return fake;
  }

  /** Stores a plan without changes for a stack, like the other jobs of the matrix. */
  function keepQuiet(name: string): void {
    const text = writtenPlan({ stack: name, commit: head, changes: { resources: [], outputs: [] } });
    writeFileSync(join(kept, `${name}.json`), text);
  }

  function plan(shell: Shell): Promise<RunResult> {
    return pipeline(['plan', stack, '--commit', head, '--folder', kept], shell);
  }

  /** Somebody changes a resource outside of Terraform. */
  async function setRetention(days: number): Promise<void> {
    const command = { logGroupName: logGroup, retentionInDays: days };
    await new CloudWatchLogsClient(cloud().clientOptions).send(new PutRetentionPolicyCommand(command));
  }

  async function retentionNow(): Promise<number | undefined> {
    const { logGroups } = await new CloudWatchLogsClient(cloud().clientOptions).send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroup }),
    );
    return logGroups?.[0]?.retentionInDays;
  }

  describe('a pull request', () => {
    it('is planned with the plan role, and the plan is stored without values', async () => {
      await setRetention(3);
      const { stdout } = expectSuccess(await plan(planner));
      expect(stdout.trim()).toBe('dev: 1 to change');
      expect(readFileSync(summary, 'utf8')).toContain('dev: 1 to change');
      const text = readFileSync(join(kept, `${stack}.json`), 'utf8');
      expect(text).toContain('aws_cloudwatch_log_group.FunctionLog');
      expect(text).toContain(head);
    });

    it('gets one comment on all stacks, which the next push changes', async () => {
      const fake = await gitHub(permissionsOf('plan.yml', 'comment'));
      const comment = (commit: string) =>
        pipeline(['comment', '--folder', kept, '--commit', commit, '--pull-request', '7'], fake.shell);
      expect(expectSuccess(await comment(head)).output).toContain('the comment of pull request 7 is written');
      expect(expectSuccess(await comment(merged)).output).toContain(
        'the comment of pull request 7 is changed',
      );
      expect(fake.comments.map(({ pullRequest }) => pullRequest)).toEqual([7]);
      const [body = ''] = fake.comments.map((each) => each.body);
      expect(body.split('\n')[0]).toBe(
        'foundation: no changes · dev: 1 to change · staging: no changes · prod: no changes',
      );
      expect(body).toContain(
        `| update | \`aws_cloudwatch_log_group.FunctionLog\` | \`retention_in_days\` \`3\` → \`${retention}\` |`,
      );
      expect(body).toContain('Plan of `111111111111`');
    });

    it('gets no comment from a job without the permission', async () => {
      const fake = await gitHub({ contents: 'read' });
      const { code, output } = await pipeline(
        ['comment', '--folder', kept, '--pull-request', '7'],
        fake.shell,
      );
      expect(code).toBe(1);
      expect(output).toMatch(/GitHub refused GET \/issues\/7\/comments.*Resource not accessible/);
    });

    it('outside of GitHub, prints which variable is missing', async () => {
      const { code, output } = await pipeline(['comment', '--folder', kept, '--pull-request', '7']);
      expect(code).toBe(1);
      expect(output).toMatch(/GITHUB_API_URL, .* are not set: this runs in a job of GitHub Actions/);
    });
  });

  describe('a push', () => {
    const fetched = folder();
    let fake: FakeGitHub;

    beforeAll(async () => {
      fake = await gitHub(permissionsOf('apply.yml', 'apply'));
      fake.pullRequests.push({ number: 7, merged_at: '2026-11-01', head: { sha: head }, commit: merged });
    });

    function keepArtifact(text: string, expired = false): void {
      fake.artifacts.splice(0, Infinity, {
        id: 1,
        name: `reviewed-${stack}`,
        created_at: '2026-11-01T00:00:00Z',
        expired,
        workflow_run: { head_sha: head, repository_id: 22, head_repository_id: 22 },
        files: { [`${stack}.json`]: text },
      });
    }

    function reviewed(commit: string, to: string): Promise<RunResult> {
      return pipeline(['reviewed', stack, '--commit', commit, '--folder', to], fake.shell);
    }

    function apply(from: string): Promise<RunResult> {
      return pipeline(['apply', stack, '--reviewed', from], deployer);
    }

    it.each([
      [
        'expired',
        () => readFileSync(join(kept, `${stack}.json`), 'utf8'),
        true,
        'pull request 7 has no plan of kairos-dev',
      ],
      [
        'of another commit',
        () => readFileSync(join(kept, `${stack}.json`), 'utf8').replace(head, merged),
        false,
        'the stored plan is not that of kairos-dev at 222222222222',
      ],
    ])('stops if the plan is %s', async (_, text, expired, words) => {
      keepArtifact(text(), expired);
      const to = folder();
      const { code, output } = await reviewed(merged, to);
      expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(words) as string });
      expect(existsSync(join(to, `${stack}.json`))).toBe(false);
    });

    it('finds the reviewed plan', async () => {
      keepArtifact(readFileSync(join(kept, `${stack}.json`), 'utf8'));
      const { stdout } = expectSuccess(await reviewed(merged, fetched));
      expect(stdout.trim()).toBe('kairos-dev: reviewed at 222222222222');
    });

    it('stops if a resource has changed since the review, says what differs, and changes nothing', async () => {
      await setRetention(5);
      const { code, output } = await apply(fetched);
      expect(code).toBe(1);
      expect(output).toContain(
        'kairos-dev was not applied: the plan differs from the one that was reviewed with 222222222222:',
      );
      expect(output).toContain(
        'aws_cloudwatch_log_group.FunctionLog: retention_in_days changes from or to another value',
      );
      expect(await retentionNow()).toBe(5);
    });

    it('stops if the reviewed plan is of another stack', async () => {
      const other = folder();
      copyFileSync(join(kept, 'kairos-prod.json'), join(other, `${stack}.json`));
      const { code, output } = await apply(other);
      expect(code).toBe(1);
      expect(output).toContain('contains the plan of kairos-prod, not of kairos-dev');
    });

    it('applies the reviewed plan, with the deploy role', async () => {
      await setRetention(3);
      expect(expectSuccess(await apply(fetched)).stdout.trim()).toBe('kairos-dev: applied');
      expect(await retentionNow()).toBe(retention);
      expect(readFileSync(summary, 'utf8')).toMatch(
        /\*\*kairos-dev\*\*: stopped after \d+ s\. .*`npx cdktf plan kairos-dev`\n(.*\n)*\*\*kairos-dev\*\*: applied, in \d+ s\. Reviewed with `222222222222`: dev: 1 to change\. To undo it, revert/,
      );
    });

    it('without a pull request is applied if it changes nothing', async () => {
      const to = folder();
      expect(expectSuccess(await reviewed('3'.repeat(40), to)).stdout).toContain(
        '333333333333 did not come from a pull request: only a plan without changes will be applied',
      );
      expect(expectSuccess(await apply(to)).stdout.trim()).toBe('kairos-dev: nothing to do');
    });
  });

  describe('the nightly job', () => {
    let fake: FakeGitHub;

    beforeAll(async () => {
      fake = await gitHub(permissionsOf('drift.yml', 'issue'));
    });

    const drift = () => pipeline(['drift', '--folder', kept], fake.shell);
    const issues = () => fake.issues.map(({ title, state }) => `${state}: ${title}`);

    it('opens an issue if it finds the planned changes of the pull request, and updates it the next night', async () => {
      expect(expectSuccess(await drift()).stdout.trim()).toBe('drift: an issue was opened');
      expect(expectSuccess(await drift()).stdout.trim()).toBe('drift: issue 1 was updated');
      expect(issues()).toEqual(['open: The account differs from main']);
    });

    it('reports a plan that fails, with the reason', async () => {
      const planned = await plan(stranger);
      expect(planned.code).toBe(1);
      expect(planned.stdout.trim()).toBe('dev: **the plan failed**');
      const { code, stdout } = await drift();
      expect({ code, words: stdout.trim() }).toEqual({ code: 1, words: 'error: issue 1 was updated' });
      expect(issues()).toEqual(['open: The nightly plan failed']);
      expect(fake.issues[0]?.body).toMatch(
        /No plan of dev:\n>\n> `Error refreshing state: S3 HeadObject answered Forbidden`/,
      );
    });

    it('closes the issue if the plan has no changes, and opens none after that', async () => {
      expect(expectSuccess(await plan(planner)).stdout.trim()).toBe('No changes in dev.');
      expect(expectSuccess(await drift()).stdout.trim()).toBe('no drift any more: issue 1 is closed');
      expect(expectSuccess(await drift()).stdout.trim()).toBe('no drift');
      expect(issues()).toEqual(['closed: The nightly plan failed']);
    });
  });

  describe('the nightly job of the foundation', () => {
    const foundation = foundationStackName;
    const repository = { repositoryName: 'kairos' };
    const secret = `${namesOf('dev').secretsPath}RESEND_API_KEY`;
    const readsAll = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
    };
    let looker: Shell = {};

    beforeAll(async () => {
      const { clientOptions, home } = cloud();
      looker = await new GitHubIdentity(home).signIn(
        clientOptions,
        foundationNames.planRole,
        'ref:refs/heads/main',
      );
    });

    /**
     * The resources that these tests change outside of Terraform. Other files of the tier use the rest with
     * their own tables.
     */
    const touched = [
      'aws_ecr_repository.Images',
      'aws_iam_role_policies_exclusive.Delivery_Plan-dev_',
      'aws_iam_role_policy_attachments_exclusive.Delivery_Plan-dev_',
      'aws_s3_bucket_public_access_block.State-shared_',
      'aws_ssm_parameter.Secrets-dev_RESEND_API_KEY_',
    ];

    /** @returns the changes of these resources in a plan. */
    async function told(...flags: readonly string[]): Promise<readonly string[]> {
      const { output } = expectSuccess(
        await pipeline(['plan', foundation, ...flags, '--folder', kept], looker),
      );
      if (flags.includes('--drift'))
        expect(output).toContain('only the names, types and keys of its secrets are read, not their values');
      const { changes } = readStackPlan(readFileSync(storedPlan(kept, foundation), 'utf8'), foundation);
      return (changes?.resources ?? [])
        .filter(({ address }) => touched.some((begin) => address.startsWith(begin)))
        .map(({ kind, address, attributes }) =>
          [
            kind,
            address.replace(/_[0-9A-F]{8}$/, ''),
            ...(kind === 'update' ? new Set(attributes.map(({ path }) => path.replace(/\[\d+\]$/, ''))) : []),
          ].join(' '),
        );
    }

    it('reports nothing while nobody has changed it', async () => {
      expect(await told('--drift')).toEqual([]);
    });

    it('reports changes made outside of Terraform, which the plan of a pull request does not refresh', () =>
      operationsCloud.withFoundation(async () => {
        const { clientOptions } = cloud();
        const [ecr, iam, s3, ssm] = [
          new ECRClient(clientOptions),
          new IAMClient(clientOptions),
          new S3Client(clientOptions),
          new SSMClient(clientOptions),
        ];
        const Bucket = stateBucketName(configuration.accountId, 'shared');
        const RoleName = namesOf('dev').planRole;
        const attachment = { RoleName, PolicyArn: policyArn(configuration.accountId, 'kairos-dev-deploy-1') };
        const own = { RoleName, PolicyName: 'by-hand' };
        const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
        const { Parameter } = await ssm.send(new GetParameterCommand({ Name: secret, WithDecryption: true }));
        const encryptBy = (KeyId: string) =>
          ssm.send(
            new PutParameterCommand({
              Name: secret,
              Type: 'SecureString',
              KeyId,
              Value: Parameter?.Value,
              Overwrite: true,
            }),
          );
        await ecr.send(new PutImageTagMutabilityCommand({ ...repository, imageTagMutability: 'MUTABLE' }));
        await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
        await iam.send(new AttachRolePolicyCommand(attachment));
        await iam.send(new PutRolePolicyCommand({ ...own, PolicyDocument: JSON.stringify(readsAll) }));
        await encryptBy('alias/aws/ssm');
        try {
          expect(await told()).toEqual([]);
          expect(await told('--drift')).toEqual([
            'create aws_s3_bucket_public_access_block.State-shared_PublicAccessBlock',
            'update aws_ecr_repository.Images image_tag_mutability',
            'update aws_iam_role_policies_exclusive.Delivery_Plan-dev_OwnPolicies policy_names',
            'update aws_iam_role_policy_attachments_exclusive.Delivery_Plan-dev_Attachments policy_arns',
            'update aws_ssm_parameter.Secrets-dev_RESEND_API_KEY key_id',
          ]);
          expect(readFileSync(storedPlan(kept, foundation), 'utf8')).not.toContain(Parameter?.Value);
        } finally {
          await ecr.send(
            new PutImageTagMutabilityCommand({ ...repository, imageTagMutability: 'IMMUTABLE' }),
          );
          await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
          await iam.send(new DetachRolePolicyCommand(attachment));
          await iam.send(new DeleteRolePolicyCommand(own));
          await encryptBy(namesOf('dev').keyAlias);
        }
        keepQuiet(foundation);
      }));

    it('has read no value of a secret, and has no permission to', async () => {
      const response = await fetch(`${cloud().endpoint}/_kairos/rights`, { method: 'POST' });
      const asked = plainCalls(await response.json()).filter(({ role }) => role === foundationNames.planRole);
      const actions = asked.map(({ action }) => action);
      expect(actions).toContain('ssm:DescribeParameters');
      expect(actions.filter((action) => /^(ssm:Get|kms:(Decrypt|Generate))/.test(action))).toEqual([]);
      const read = new GetParameterCommand({ Name: secret, WithDecryption: true });
      const credentials = {
        accessKeyId: looker.AWS_ACCESS_KEY_ID ?? '',
        secretAccessKey: looker.AWS_SECRET_ACCESS_KEY ?? '',
        sessionToken: looker.AWS_SESSION_TOKEN,
      };
      await expect(new SSMClient({ ...cloud().clientOptions, credentials }).send(read)).rejects.toThrow(
        /ssm:GetParameter .* with an explicit deny/,
      );
    });
  });

  describe("the clients' repository", () => {
    const update = async (...args: readonly string[]) => {
      const shell = { ...fakes.at(-1)?.shell, ...deployer };
      return pipeline(['update-client', 'dev', '--repository', clients, ...args], shell);
    };

    it('is notified of the document once, and again with --always', async () => {
      const fake = await gitHub({}, undefined, [clients]);
      expect(expectSuccess(await update()).stdout).toMatch(
        /^findkairos\/\S+ was notified of version \S+ \(OpenAPI document \w+\)/,
      );
      expect(expectSuccess(await update()).stdout).toContain('--always notifies it again');
      expect(expectSuccess(await update('--always')).stdout).toContain('was notified of version');
      expect(fake.dispatches.map(({ to, event_type }) => [to, event_type])).toEqual([
        [clients, 'update-client'],
        [clients, 'update-client'],
      ]);
      expect(fake.dispatches[0]?.client_payload).toMatchObject({
        openapi_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      });
    });

    it('is not notified with a token without permission, and the error says so', async () => {
      await gitHub({});
      const { code, output } = await update('--always');
      expect(code).toBe(1);
      expect(output).toMatch(/GitHub refused POST \/dispatches \(HTTP 404\)/);
    });
  });

  describe('a canary that a job has left on', () => {
    const end = () => pipeline(['end-canary', 'dev'], deployer);

    it('is reported as absent if no canary is on', async () => {
      expect(expectSuccess(await end()).stdout.trim()).toBe('kairos-dev: no canary is on');
    });

    it('is ended, and the version with most of the requests stays', async () => {
      const digest = await cloud().image('kairos/routes/root.py', (text) =>
        text.replace('Hello from Kairos', 'Hello, canary'),
      );
      await leaveCanary(digest);
      expect(expectSuccess(await end()).stdout.trim()).toBe(
        'kairos-dev: the canary is ended; version 1 gets every request',
      );
      expect(expectSuccess(await end()).stdout.trim()).toBe('kairos-dev: no canary is on');
    });

    /** Begins a canary with the deploy role, and kills the command when the canary gets requests. */
    async function leaveCanary(digest: string): Promise<void> {
      const args = ['release', 'dev', '--digest', digest, '--canary', '10', '--for', '600s'];
      const child = spawn(process.execPath, [join('bin', 'kairos.js'), ...args], {
        cwd: root,
        env: { ...cloud().shell, ...deployer },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      await new Promise<void>((found, lost) => {
        child.stderr.on('data', (text: Buffer) => {
          said += text.toString();
          if (said.includes('canary, 0 of 600 s')) found();
        });
        child.once('exit', () => {
          lost(new Error(`the release ended before it was watched:\n${said}`));
        });
      });
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
    }
  });
}
