import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { ECRClient } from '@aws-sdk/client-ecr';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { Route53Client } from '@aws-sdk/client-route-53';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { WAFV2Client } from '@aws-sdk/client-wafv2';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { endpointOf } from '../../cli/local/server';
import { type CloudRecord, LocalHome } from '../../cli/local/home';
import { localVariables } from '../../cli/local/shell';
import { run, type RunResult, type Shell } from '../../cli/process';
import { cdktfCommand } from '../../cli/project';
import { providers, terraformCommand } from '../../cli/tools/terraform';
import cdktf from '../../cdktf.json';
import { GitHubIdentity } from './github-identity';

const root = resolve(__dirname, '..', '..');
const node = process.execPath;

/** Another file of the tier may hold the lock of a stack that both use. */
const lockTimeout = '-lock-timeout=120s';

/** Terraform's exit code for a plan with changes. */
const wouldChange = 2;

/**
 * @param homeFolder of a cloud of the tests, separate from the user's own.
 * @returns the environment variables before they point to it.
 */
export function shellOf(homeFolder: string): Shell {
  return {
    ...process.env,
    KAIROS_LOCAL_HOME: homeFolder,
    CDKTF_OUTDIR: join(homeFolder, 'cdktf.out'),
    KAIROS_BACKEND_PATH: join(root, 'examples', 'backend'),
    KAIROS_IMAGE_DIGEST: undefined,
  };
}

export interface CommandOptions {
  /** Different values of the table, by path: `environments.dev.mail.port`. @default - none */
  readonly changes?: Readonly<Record<string, unknown>>;
  /** Different environment variables. @default - none */
  readonly shell?: Shell;
  /** Written to standard input. @default - it is closed */
  readonly input?: string;
}

export interface PlanOptions extends CommandOptions {
  /** Whether Terraform refreshes before it compares. @default true */
  readonly refresh?: boolean;
}

/**
 * The lock file of `terraform init`, without the provider's hash. With it each command would read its 700 MB to compare
 * them, which is a quarter of the time of a plan, as in `cdktf deploy`.
 * https://developer.hashicorp.com/terraform/cli/commands/init#plugin-installation
 */
const lockFile = `provider "${providers.aws.address}" {
  version     = "${providers.aws.version}"
  constraints = "${providers.aws.version}"
}
`;

const changeSchema = z.object({ actions: z.array(z.string()) });

const planSchema = z.object({
  resource_changes: z.array(z.object({ address: z.string(), change: changeSchema })).default([]),
  output_changes: z.record(z.string(), changeSchema).default({}),
});

/** The project as a user runs it, with the local cloud of the tests. */
export class Project {
  readonly home: LocalHome;
  readonly record: CloudRecord;
  readonly shell: Shell;
  readonly outputFolder: string;
  private readonly initialized = new Set<string>();
  /** The changes with which the stacks in the folder were synthesized. */
  private synthesized = '';
  /** The credentials of Terraform, by stack. */
  private readonly workers = new Map<string, Shell>();

  /**
   * @param name of the folder that this one synthesizes into, because files of the tier run in parallel.
   * @param outer the environment variables before they point to the cloud.
   * @throws if the cloud of the tests does not run.
   */
  constructor(name: string, outer: Shell) {
    this.home = new LocalHome(outer);
    const record = this.home.read();
    if (record === undefined) throw new Error('the local cloud of the tests does not run');
    this.record = record;
    this.outputFolder = this.home.path(`cdktf.out-${name}`);
    this.shell = { ...outer, ...localVariables(record, this.home, outer), CI: '1' };
  }

  /** From now on Terraform runs like jobs of GitHub: on each stack with the deploy role of its GitHub environment. */
  async deployAsJobOf(...environments: readonly string[]): Promise<void> {
    for (const environment of environments) await this.deployAs(`kairos-${environment}-deploy`, environment);
  }

  /** From now on Terraform runs on the stack of a GitHub environment like one of its jobs, with a role. */
  async deployAs(role: string, environment: string): Promise<void> {
    const options = { region: this.record.region, endpoint: endpointOf(this.record) };
    const shell = await new GitHubIdentity(this.home).signIn(options, role, `environment:${environment}`);
    this.workers.set(`kairos-${environment}`, shell);
  }

  /** Runs `cdktf <args>`, with the test's changes of the table. */
  cdktf(args: readonly string[], options: CommandOptions = {}): Promise<RunResult> {
    const app = `${node} -r ./bin/typescript ${join('__tests__', 'support', 'changed-app.ts')}`;
    const command = [cdktfCommand, ...args, '--app', app, '--output', this.outputFolder];
    this.synthesized = '';
    return this.run(node, command, this.atWork(args[1], options));
  }

  deploy(stack: string, options?: CommandOptions): Promise<RunResult> {
    return this.cdktf(['deploy', stack, '--auto-approve', '--skip-provider-lock'], options);
  }

  /** Synthesizes the stacks, without the four seconds that the CLI of cdktf takes to start. */
  async synth(options: CommandOptions = {}): Promise<void> {
    const shell = {
      ...options.shell,
      CDKTF_OUTDIR: this.outputFolder,
      CDKTF_CONTEXT_JSON: JSON.stringify(cdktf.context),
    };
    const app = ['-r', './bin/typescript', join('__tests__', 'support', 'changed-app.ts')];
    expectSuccess(await this.run(node, app, { ...options, shell }));
  }

  /** Applies a stack with Terraform itself, from the files that `cdktf deploy` would apply. */
  async apply(stack: string, options: CommandOptions = {}): Promise<RunResult> {
    await this.prepare(stack, options);
    const args = ['apply', '-auto-approve', '-input=false', '-no-color', lockTimeout];
    return expectSuccess(await this.terraform(stack, args, options));
  }

  /** Applies the plan of the last `planned` without planning again, like a reviewed plan. */
  async applyPlanned(stack: string, options: CommandOptions = {}): Promise<RunResult> {
    const args = ['apply', '-input=false', '-no-color', lockTimeout, 'plan'];
    return expectSuccess(await this.terraform(stack, args, options));
  }

  /**
   * @returns the changes of a plan: `update aws_lambda_function.Backend`, sorted. Outputs are only listed if no
   * resource changes, because most outputs depend on one.
   */
  async planned(stack: string, { refresh = true, ...options }: PlanOptions = {}): Promise<readonly string[]> {
    await this.prepare(stack, options);
    const args = ['plan', '-input=false', '-no-color', '-out=plan', '-detailed-exitcode', lockTimeout];
    const result = await this.terraform(stack, [...args, `-refresh=${refresh}`], options);
    if (result.code === 0) return [];
    if (result.code !== wouldChange) expectSuccess(result);
    const { resource_changes, output_changes } = planSchema.parse(JSON.parse(await this.showPlan(stack)));
    const resources = changesIn(resource_changes.map(({ address, change }) => [address, change]));
    if (resources.length > 0) return resources;
    return changesIn(Object.entries(output_changes).map(([name, change]) => [`output.${name}`, change]));
  }

  /** @returns the plan file of the last `planned`, as JSON. */
  async showPlan(stack: string): Promise<string> {
    return expectSuccess(await this.terraform(stack, ['show', '-json', 'plan'])).stdout;
  }

  /** Synthesizes if something has changed, and initializes the stack's folder once. */
  private async prepare(stack: string, options: CommandOptions): Promise<void> {
    const from = JSON.stringify([options.changes, options.shell]);
    if (this.synthesized !== from) await this.synth(options);
    this.synthesized = from;
    if (this.initialized.has(stack)) return;
    writeFileSync(join(this.stackFolder(stack), '.terraform.lock.hcl'), lockFile);
    const init = ['init', '-input=false', '-no-color', '-lockfile=readonly'];
    expectSuccess(await this.terraform(stack, init, options));
    this.initialized.add(stack);
  }

  terraform(stack: string, args: readonly string[], options: CommandOptions = {}): Promise<RunResult> {
    const command = terraformCommand(this.shell);
    return this.run(command, [`-chdir=${this.stackFolder(stack)}`, ...args], this.atWork(stack, options));
  }

  kairos(args: readonly string[], options?: CommandOptions): Promise<RunResult> {
    return this.run(node, [join('bin', 'kairos.js'), ...args], options);
  }

  stackFolder(stack: string): string {
    return join(this.outputFolder, 'stacks', stack);
  }

  private atWork(stack: string | undefined, options: CommandOptions): CommandOptions {
    return { ...options, shell: { ...this.workers.get(stack ?? ''), ...options.shell } };
  }

  private run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<RunResult> {
    const changes = options.changes === undefined ? undefined : JSON.stringify(options.changes);
    const shell = { ...this.shell, ...options.shell, KAIROS_TEST_CHANGES: changes };
    return run(command, args, { cwd: root, shell, input: options.input });
  }

  /** AWS clients as the account's root user, or with credentials of a role. */
  clients(
    credentials = {
      accessKeyId: 'test',
      secretAccessKey: 'test',
      sessionToken: undefined as string | undefined,
    },
  ) {
    const options = { region: this.record.region, endpoint: endpointOf(this.record), credentials };
    return {
      api: new ApiGatewayV2Client(options),
      cloudfront: new CloudFrontClient(options),
      ecr: new ECRClient(options),
      iam: new IAMClient(options),
      kms: new KMSClient(options),
      lambda: new LambdaClient(options),
      route53: new Route53Client(options),
      logs: new CloudWatchLogsClient(options),
      s3: new S3Client({ ...options, forcePathStyle: true }),
      ssm: new SSMClient(options),
      sts: new STSClient(options),
      // The region of CloudFront's resources.
      wafv2: new WAFV2Client({ ...options, region: 'us-east-1' }),
      logsOfCloudFront: new CloudWatchLogsClient({ ...options, region: 'us-east-1' }),
    };
  }
}

function changesIn(planned: readonly [string, z.infer<typeof changeSchema>][]): readonly string[] {
  return planned
    .map(([address, { actions }]) => `${actions.join('-')} ${address}`)
    .filter((change) => !/^(no-op|read) /.test(change))
    .sort();
}

/** @returns the result. @throws with the command's output if it failed. */
export function expectSuccess(result: RunResult): RunResult {
  if (result.code !== 0) throw new Error(`exit code ${result.code}:\n${result.output}`);
  return result;
}
