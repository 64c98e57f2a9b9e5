import { ECRClient } from '@aws-sdk/client-ecr';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { Listr, ListrLogger, type ListrTask, ProcessOutput } from 'listr2';
import cdktf from '../../cdktf.json';
import { type EnvironmentName, namesOf } from '../../config/names';
import { readConfiguration } from '../../config/read';
import { releasedDigest } from '../../config/release';
import type { Configuration } from '../../config/types';
import { backendContext } from '../../images/select-image';
import { bootstrap } from '../bootstrap/state-buckets';
import { deploy, synthesize } from '../cdktf';
import type { Shell } from '../process';
import { projectRoot } from '../project';
import { countProgress, progressOf } from '../progress';
import { isInteractive, tell } from '../terminal';
import { findTerraform } from '../tools/terraform';
import { runningCloud, startCloud } from './cloud';
import { endpointOf } from './server';
import { accessKeyOf, accountsFor, type LocalAccount, shellIn, stacksOf } from './accounts';
import { alone } from './alone';
import { untilEnvironmentsCanStart } from './foundation';
import type { CloudRecord, LocalHome } from './home';
import { type LocalImage, putLocalImage } from './image';
import { giveBackLocks } from './locks';
import { emulatorPython } from './prerequisites';
import { replaceOutdated, setGeneratedSecrets } from './secrets';
import { localVariables } from './shell';
import { keepHalfMade } from './tainted';

export interface UpOptions {
  readonly home: LocalHome;
  /** The environment variables of whoever calls. */
  readonly shell: Shell;
  /** What to deploy besides the foundation. */
  readonly environments: readonly EnvironmentName[];
}

/** What the tasks hand on to each other. */
interface Context {
  readonly configuration: Configuration;
  readonly accounts: readonly LocalAccount[];
  python: string;
  cloud?: CloudRecord;
  shell: Shell;
  image?: LocalImage;
  /** What deploys; of two at once the one goes on when the other fails. */
  readonly deploys: Promise<void>[];
}

export interface UpResult {
  readonly cloud: CloudRecord;
  /** What runs, and how; nothing when the image was named by its digest. */
  readonly image?: LocalImage;
  /** How many warm environments were ended, because a secret was set since they had read it. */
  readonly outdated: number;
}

/** Progress is for the person: standard output is the result's alone. */
const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });

/**
 * Starts the local cloud unless it runs, and deploys into it what is not there yet: the way a new account is
 * filled, command for command.
 * A second one in the same home waits for the first.
 */
export function up(options: UpOptions): Promise<UpResult> {
  const waits = (pid: number) => {
    tell(`waits for another kairos local up (process ${pid})`);
  };
  return alone(options.home, waits, () => fill(options));
}

async function fill(options: UpOptions): Promise<UpResult> {
  const { home, shell } = options;
  const configuration = readConfiguration(shell);
  const accounts = accountsFor(configuration, options.environments);
  const context: Context = { configuration, accounts, python: '', shell, deploys: [] };
  await new Listr<Context>(
    [
      {
        title: 'Look for Terraform and Python',
        // That something was fetched stays to be read.
        rendererOptions: { persistentOutput: true },
        task: async (ctx, task) => {
          const onLine = (line: string) => {
            task.output = line;
          };
          const [terraform, python] = await Promise.all([
            findTerraform(shell, { onLine }),
            emulatorPython(shell, onLine),
          ]);
          ctx.python = python;
          task.title = `Terraform ${terraform.version}, and a Python with the emulator`;
        },
      },
      {
        title: 'Start the local cloud',
        task: async (ctx, task) => {
          const { accountId, region } = ctx.configuration;
          ctx.cloud =
            (await runningCloud(home)) ??
            (await startCloud({ home, shell, python: ctx.python, accountId, region }));
          ctx.shell = { ...shell, ...localVariables(ctx.cloud, home, shell) };
          task.title = `The local cloud answers at ${endpointOf(ctx.cloud)}`;
        },
      },
      {
        title: 'Make the state buckets and synthesize the stacks',
        // That a lock was given back stays to be read.
        rendererOptions: { persistentOutput: true },
        task: async ({ configuration: { region }, shell: local, cloud }, task) => {
          const onLine = (line: string) => {
            task.output = line;
          };
          const opened = accounts.map((account) => ({
            ...account,
            s3: new S3Client(clientOptions(cloud, account.accountId)),
            stacks: stacksOf(account),
            shell: shellIn(local, account.accountId),
            region,
            onLine,
          }));
          await Promise.all([...opened.map(bootstrap), synthesize({ shell: local })]);
          for (const account of opened) {
            await giveBackLocks(account);
            await keepHalfMade(account);
          }
        },
      },
      {
        title: 'Deploy',
        task: (ctx, task) => task.newListr(deployments(options, ctx), { concurrent: true }),
      },
    ],
    {
      ctx: context,
      fallbackRenderer: 'simple',
      fallbackRendererCondition: () => !isInteractive(shell),
      rendererOptions: { collapseSubtasks: false, logger },
      fallbackRendererOptions: { logger },
      // An error is printed once, by whoever catches it.
      collectErrors: false,
      // Terraform must finish what it has begun, so whoever calls decides what a signal does.
      registerSignalListeners: false,
    },
  )
    .run()
    .finally(() => Promise.allSettled(context.deploys));
  if (context.cloud === undefined) throw new Error('the local cloud was not started');
  const outdated = await replaceOutdated(endpointOf(context.cloud));
  return { cloud: context.cloud, image: context.image, outdated };
}

function deployments({ home, environments }: UpOptions, ctx: Context): ListrTask<Context>[] {
  const ecr = new ECRClient(clientOptions(ctx.cloud));
  const repository = ctx.configuration.image.repository;
  const accounts = ctx.accounts.map((account) => ({
    ...account,
    ssm: new SSMClient(clientOptions(ctx.cloud, account.accountId)),
  }));
  const run = (stacks: readonly string[], shell: Shell, task: Parameters<typeof progressOf>[1]) => {
    const deployed = deploy(stacks, {
      shell,
      logFile: home.path('logs', `deploy-${stacks.join('-')}.log`),
      onLine: countProgress(progressOf(stacks.join(', '), task, ctx.shell)),
    });
    ctx.deploys.push(deployed);
    return deployed;
  };
  const foundations: Promise<void>[] = [];
  return [
    ...ctx.accounts.map(({ foundation, accountId }): ListrTask<Context> => ({
      title: foundation,
      task: (_, task) => {
        const deployed = run([foundation], shellIn(ctx.shell, accountId), task);
        foundations.push(deployed);
        return deployed;
      },
    })),
    {
      title: environments.map((name) => namesOf(name).stack).join(', '),
      task: async (_, task) => {
        task.output = 'waits for keys, secrets and the image repository';
        const deploy = Promise.all(foundations);
        await untilEnvironmentsCanStart({ ecr, repository, accounts, deploy });
        task.output = 'sets generated secrets and puts the image';
        for (const { ssm, environments: own } of accounts) {
          await Promise.all(own.map((name) => setGeneratedSecrets(ssm, name)));
        }
        const image =
          releasedDigest(ctx.shell) ??
          (await putLocalImage({
            ecr,
            home,
            repository,
            context: contextOf(ctx),
            shell: ctx.shell,
            onProgress: (words) => {
              task.output = words;
            },
          }));
        const digest = typeof image === 'string' ? image : image.digest;
        if (typeof image !== 'string') ctx.image = image;
        const shell = { ...ctx.shell, KAIROS_IMAGE_DIGEST: digest };
        await synthesize({ shell });
        const stacksIn = accounts.map((account) => ({ account, stacks: stacksOf(account).slice(1) }));
        await Promise.all(
          stacksIn
            .filter(({ stacks }) => stacks.length > 0)
            .map(({ account, stacks }) => run(stacks, shellIn(shell, account.accountId), task)),
        );
      },
    },
  ];
}

function contextOf({ configuration, shell }: Context) {
  return backendContext(configuration.image, {
    environment: shell,
    context: cdktf.context.backendPath,
    root: projectRoot,
  });
}

function clientOptions(cloud: CloudRecord | undefined, accountId = cloud?.accountId) {
  if (cloud === undefined) throw new Error('the local cloud was not started');
  return {
    region: cloud.region,
    endpoint: endpointOf(cloud),
    forcePathStyle: true,
    credentials: {
      accessKeyId: accessKeyOf(cloud.accountId, accountId ?? cloud.accountId),
      secretAccessKey: 'test',
    },
  };
}
