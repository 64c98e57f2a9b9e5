import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { FakeGitHub } from '../../__tests__/support/fake-github';
import { LocalHome } from '../../cli/local/home';
import { endpointOf } from '../../cli/local/server';
import { servedVariables } from '../../cli/local/shell';
import { run, type Shell } from '../../cli/process';
import { configuration } from '../../config/environments';
import { type EnvironmentName, environmentNames, namesOf, stateBucketName } from '../../config/names';
import { UserError } from '../../errors';
import { putChangedExample } from '../backend-image';
import { shellOf } from '../local-cloud';
import { Repository, repository } from './repository';
import { Runner } from './runner';

export const clients = 'findkairos/kairos-api-client-ts';

/** AWS, GitHub, a repository with the workflows in it, and a machine that runs them. */
export class World {
  private constructor(
    readonly runner: Runner,
    readonly github: FakeGitHub,
    private readonly project: Repository,
    private readonly home: LocalHome,
    private readonly shell: Shell,
  ) {}

  /** @param folder an empty one, which gets all that is written. @param act the program. */
  static async begin(folder: string, act: string): Promise<World> {
    const outer = shellOf(folder);
    const project = await Repository.copy(join(folder, 'project'));
    const up = await run(process.execPath, ['bin/kairos.js', 'local', 'up', ...environmentNames], {
      shell: outer,
    });
    if (up.code !== 0) throw new UserError(up.output);
    const home = new LocalHome(outer);
    const record = home.read();
    if (record === undefined) throw new UserError('the local cloud does not run');
    const served = await servedVariables(record, home, outer);
    const github = new FakeGitHub(
      { contents: 'read', actions: 'read', issues: 'write', 'pull-requests': 'write' },
      repository,
      [clients],
    );
    await github.start();
    const { GITHUB_TOKEN: token = '', GITHUB_API_URL } = github.shell;
    const runner = new Runner({
      act,
      folder,
      project: project.folder,
      shell: {
        ...served,
        // A job has those of the role that it assumes.
        AWS_ACCESS_KEY_ID: undefined,
        AWS_SECRET_ACCESS_KEY: undefined,
        KAIROS_LOCAL_HOME: home.folder,
        GITHUB_API_URL,
        GITHUB_REPOSITORY: repository,
        HOME: process.env.HOME,
      },
      variables: {
        KAIROS_AWS_ACCOUNT_ID: record.accountId,
        KAIROS_AWS_REGION: record.region,
        KAIROS_CLIENT_REPOSITORY: clients,
      },
      secrets: { GITHUB_TOKEN: token, KAIROS_CLIENT_TOKEN: token },
    });
    return new World(runner, github, project, home, { ...outer, ...served });
  }

  async end(): Promise<void> {
    this.github.stop();
    await run(process.execPath, ['bin/kairos.js', 'local', 'down'], { shell: this.shell });
  }

  /** Changes the table, in the repository. @returns the commit. */
  change(from: string, to: string): Promise<string> {
    return this.project.change(from, to);
  }

  /** Merges a pull request. @param head its last commit. */
  async merge(number: number, head: string): Promise<void> {
    const commit = await this.project.merge(number);
    this.github.pullRequests.push({ number, merged_at: '2026-11-01', head: { sha: head }, commit });
  }

  /** GitHub keeps what the jobs of a commit have uploaded. */
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

  /** In days, of the function's log group. */
  async retention(name: EnvironmentName): Promise<number | undefined> {
    const prefix = namesOf(name).functionLogGroup;
    const { logGroups } = await new CloudWatchLogsClient(this.clientOptions).send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: prefix }),
    );
    return logGroups?.find(({ logGroupName }) => logGroupName === prefix)?.retentionInDays;
  }

  /** Somebody changes the world by hand. */
  async setRetention(name: EnvironmentName, retentionInDays: number): Promise<void> {
    const logGroupName = namesOf(name).functionLogGroup;
    await new CloudWatchLogsClient(this.clientOptions).send(
      new PutRetentionPolicyCommand({ logGroupName, retentionInDays }),
    );
  }

  /** @returns the locks that are held. */
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

  /** @returns the jobs' processes whose command line ends like this. */
  processes(ending: string): readonly number[] {
    const { stdout } = spawnSync('pgrep', ['-f', `${ending}$`], { encoding: 'utf8' });
    return stdout
      .split('\n')
      .filter((pid) => pid !== '' && workingFolder(pid).startsWith(this.runner.folder))
      .map(Number);
  }

  /** What an environment runs, as `kairos status` says it. */
  async digest(name: EnvironmentName): Promise<string> {
    const { stdout } = await this.kairos('status', name, '--json');
    return /sha256:[0-9a-f]{64}/.exec(stdout)?.[0] ?? '';
  }

  kairos(...args: readonly string[]) {
    return run(process.execPath, ['bin/kairos.js', ...args], { shell: this.shell });
  }

  image(from: string, to: string): Promise<string> {
    const target = { home: this.home, shell: this.shell, clientOptions: this.clientOptions };
    return putChangedExample(target, 'kairos/routes/root.py', (text) => text.replace(from, to));
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
