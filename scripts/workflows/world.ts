import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { FakeGitHub } from '../../__tests__/support/fake-github';
import { LocalHome } from '../../cli/local/home';
import { replaceOutdated } from '../../cli/local/secrets';
import { endpointOf } from '../../cli/local/server';
import { servedVariables } from '../../cli/local/shell';
import { run, type Shell } from '../../cli/process';
import { configuration } from '../../config/environments';
import { type EnvironmentName, environmentNames, namesOf, stateBucketName } from '../../config/names';
import { UserError } from '../../errors';
import { putBackendImage, putChangedExample } from '../backend-image';
import { drawnAccessKey } from '../hunt/drawn-secrets';
import { releases, shellOf } from '../local-cloud';
import { Backend, backendRepository } from './backend';
import { Repository, repository } from './repository';
import { Runner } from './runner';
import { Trail } from './trail';

export const clients = 'findkairos/kairos-api-client-ts';

/** AWS, GitHub, a repository with the workflows, and a machine that runs them. */
export class World {
  private constructor(
    readonly runner: Runner,
    readonly github: FakeGitHub,
    private readonly project: Repository,
    private readonly backend: Backend,
    private readonly home: LocalHome,
    private readonly shell: Shell,
    private readonly trail: Trail,
  ) {}

  /** @param folder an empty one, for everything that is written. @param act the program. */
  static async begin(folder: string, act: string): Promise<World> {
    const outer = shellOf(folder);
    const project = await Repository.copy(join(folder, 'project'));
    const repositories = join(folder, 'repositories');
    const backend = await Backend.copy(join(repositories, backendRepository));
    const up = await run(process.execPath, ['bin/kairos.js', 'local', 'up', ...environmentNames], {
      shell: outer,
    });
    if (up.code !== 0) throw new UserError(up.output);
    const home = new LocalHome(outer);
    const record = home.read();
    if (record === undefined) throw new UserError('the local cloud does not run');
    const trail = new Trail([folder, releases]);
    trail.hear(up.output);
    const [accessKey, token] = [drawnAccessKey(), drawnAccessKey()];
    trail.know(
      new Map([
        ['AWS_SECRET_ACCESS_KEY', accessKey],
        ['GITHUB_TOKEN', token],
      ]),
    );
    const served = {
      ...(await servedVariables(record, home, outer)),
      AWS_SECRET_ACCESS_KEY: accessKey,
    };
    const shell = { ...outer, ...served };
    for (const name of environmentNames) await trail.draw(name, shell);
    await replaceOutdated(endpointOf(record));
    const github = new FakeGitHub(
      { contents: 'read', actions: 'read', issues: 'write', 'pull-requests': 'write' },
      repository,
      [clients],
      token,
    );
    await github.start();
    const { GITHUB_API_URL } = github.shell;
    const runner = new Runner({
      act,
      folder,
      project: project.folder,
      repositories,
      shell: {
        ...served,
        // A job has a backend only if it checks one out.
        KAIROS_BACKEND_PATH: undefined,
        // A job has the credentials of the role that it assumes.
        AWS_ACCESS_KEY_ID: undefined,
        AWS_SECRET_ACCESS_KEY: undefined,
        KAIROS_LOCAL_HOME: home.folder,
        KAIROS_SIGNED_IN: trail.signedIn,
        GITHUB_API_URL,
        GITHUB_REPOSITORY: repository,
        HOME: process.env.HOME,
      },
      variables: {
        KAIROS_AWS_ACCOUNT_ID: record.accountId,
        KAIROS_AWS_REGION: record.region,
        KAIROS_BACKEND_REPOSITORY: backendRepository,
        KAIROS_CLIENT_REPOSITORY: clients,
      },
      secrets: { GITHUB_TOKEN: token, KAIROS_CLIENT_TOKEN: token },
      ended: (ended, commandLine) => trail.search(ended, commandLine, github, record),
    });
    return new World(runner, github, project, backend, home, shell, trail);
  }

  async end(): Promise<void> {
    this.github.stop();
    this.trail.end();
    await run(process.execPath, ['bin/kairos.js', 'local', 'down'], { shell: this.shell });
  }

  /** The result of the secret search after all runs, as a table shows it. */
  get hunted(): string {
    return this.trail.words;
  }

  /** Changes the table in the repository. @returns the commit. */
  change(from: string, to: string): Promise<string> {
    return this.project.change(from, to);
  }

  /** Merges a pull request. @param head its last commit. */
  async merge(number: number, head: string): Promise<void> {
    const commit = await this.project.merge(number);
    this.github.pullRequests.push({ number, merged_at: '2026-11-01', head: { sha: head }, commit });
  }

  /** The same for a branch with another base commit. @returns the merged commit. */
  async mergeOnto(number: number, head: string, onto: string): Promise<string> {
    const commit = await this.project.mergeOnto(number, head, onto);
    this.github.pullRequests.push({ number, merged_at: '2026-11-01', head: { sha: head }, commit });
    return commit;
  }

  /** @returns the commit that the jobs would check out. */
  commit(): Promise<string> {
    return this.project.head();
  }

  goTo(commit: string): Promise<void> {
    return this.project.goTo(commit);
  }

  /** GitHub stores what the jobs of a commit have uploaded. */
  store(head: string): void {
    for (const [name, files] of Object.entries(this.runner.kept())) {
      this.github.artifacts.push({
        id: this.github.artifacts.length + 1,
        name,
        created_at: new Date().toISOString(),
        expired: false,
        workflow_run: { head_sha: head, repository_id: 22, head_repository_id: 22 },
        files,
      });
    }
  }

  /** In days: the retention of the function's log group. */
  async retention(name: EnvironmentName): Promise<number | undefined> {
    const prefix = namesOf(name).functionLogGroup;
    const { logGroups } = await new CloudWatchLogsClient(this.clientOptions).send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: prefix }),
    );
    return logGroups?.find(({ logGroupName }) => logGroupName === prefix)?.retentionInDays;
  }

  /** Changes something in AWS outside of Terraform. */
  async setRetention(name: EnvironmentName, retentionInDays: number | undefined): Promise<void> {
    const logGroupName = namesOf(name).functionLogGroup;
    await new CloudWatchLogsClient(this.clientOptions).send(
      new PutRetentionPolicyCommand({ logGroupName, retentionInDays }),
    );
  }

  /** Leaves a lock in Terraform's format. @param who `user@machine`. */
  async hold(name: EnvironmentName, id: string, who: string): Promise<void> {
    const lock = { ID: id, Operation: 'OperationTypeApply', Who: who, Created: '2026-11-28T12:00:00Z' };
    await new S3Client({ ...this.clientOptions, forcePathStyle: true }).send(
      new PutObjectCommand({
        Bucket: stateBucketName(configuration.accountId, name),
        Key: `${namesOf(name).stack}.tfstate.tflock`,
        Body: JSON.stringify(lock),
      }),
    );
  }

  /** @returns the existing locks. */
  async locks(): Promise<readonly string[]> {
    const s3 = new S3Client({ ...this.clientOptions, forcePathStyle: true });
    const found = await Promise.all(
      (['shared', ...environmentNames] as const).map(async (owner) => {
        const Bucket = stateBucketName(configuration.accountId, owner);
        const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
        return Contents.flatMap(({ Key = '' }) => (Key.endsWith('.tflock') ? Key : []));
      }),
    );
    return found.flat();
  }

  /** @returns the processes of jobs whose command line ends like this. */
  processes(ending: string): readonly number[] {
    const { stdout } = spawnSync('pgrep', ['-f', `${ending}$`], { encoding: 'utf8' });
    return stdout
      .split('\n')
      .filter((pid) => pid !== '' && workingFolder(pid).startsWith(this.runner.folder))
      .map(Number);
  }

  /** What an environment runs, according to `kairos status`. */
  async digest(name: EnvironmentName): Promise<string> {
    const { stdout } = await this.kairos('status', name, '--json');
    return /sha256:[0-9a-f]{64}/.exec(stdout)?.[0] ?? '';
  }

  async kairos(...args: readonly string[]) {
    const result = await run(process.execPath, ['bin/kairos.js', ...args], { shell: this.shell });
    this.trail.hear(result.output);
    return result;
  }

  /** Pushes to the backend's repository. @returns the commit. */
  pushBackend(from: string, to: string): Promise<string> {
    return this.backend.push(from, to);
  }

  /**
   * Pushes the image of the backend's repository to ECR, because there is no Docker here to build it. @returns the
   * digest.
   */
  backendImage(): Promise<string> {
    return putBackendImage(this.target, this.backend.folder);
  }

  image(from: string, to: string): Promise<string> {
    return putChangedExample(this.target, 'kairos/routes/root.py', (text) => text.replace(from, to));
  }

  private get target() {
    return { home: this.home, shell: this.shell, clientOptions: this.clientOptions };
  }

  private get clientOptions() {
    const record = this.home.read();
    if (record === undefined) throw new UserError('the local cloud does not run');
    return {
      region: record.region,
      endpoint: endpointOf(record),
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
  }
}

function workingFolder(pid: string): string {
  return spawnSync('readlink', [`/proc/${pid}/cwd`], { encoding: 'utf8' }).stdout;
}
