import { S3Client } from '@aws-sdk/client-s3';
import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import type { EnvironmentName } from '../../config/names';
import { readConfiguration } from '../../config/read';
import { bootstrap } from '../bootstrap/state-buckets';
import { synthesize } from '../cdktf';
import type { Shell } from '../process';
import { isInteractive, tell } from '../terminal';
import { findTerraform } from '../tools/terraform';
import { runningCloud, startCloud } from './cloud';
import { endpointOf } from './server';
import { accountsFor, shellIn, stacksOf } from './accounts';
import { alone } from './alone';
import { clientOptions, type Context, deployments } from './deployments';
import type { CloudRecord, LocalHome } from './home';
import type { LocalImage } from './image';
import { giveBackLocks } from './locks';
import { emulatorPython } from './prerequisites';
import { replaceOutdated } from './secrets';
import { localVariables } from './shell';
import { keepHalfMade } from './tainted';

export interface UpOptions {
  readonly home: LocalHome;
  /** The environment variables of the caller. */
  readonly shell: Shell;
  /** What to deploy in addition to the foundation. */
  readonly environments: readonly EnvironmentName[];
}

export interface UpResult {
  readonly cloud: CloudRecord;
  /** What runs, and how; undefined if the image was named by its digest. */
  readonly image?: LocalImage;
  /** How many warm execution environments were terminated because a secret was changed after they had read it. */
  readonly outdated: number;
}

/** Progress is for the user. Standard output contains only the result. */
const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });

/**
 * Starts the local cloud unless it runs, and deploys what is missing, with the same commands as for a new account. A
 * second `local up` in the same home waits for the first.
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
        // The line about a download stays visible.
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
        title: 'Create the state buckets and synthesize the stacks',
        // The line about a removed lock stays visible.
        rendererOptions: { persistentOutput: true },
        task: async ({ shell: local, cloud }, task) => {
          const onLine = (line: string) => {
            task.output = line;
          };
          const opened = accounts.map((account) => ({
            ...account,
            s3: new S3Client(clientOptions(cloud, account)),
            stacks: stacksOf(account),
            shell: shellIn(local, account),
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
        task: (ctx, task) =>
          task.newListr(deployments(home, options.environments, ctx), { concurrent: true }),
      },
    ],
    {
      ctx: context,
      fallbackRenderer: 'simple',
      fallbackRendererCondition: () => !isInteractive(shell),
      rendererOptions: { collapseSubtasks: false, logger },
      fallbackRendererOptions: { logger },
      // An error is printed once, by the caller that catches it.
      collectErrors: false,
      // Terraform must finish its running operations, so the caller decides what a signal does.
      registerSignalListeners: false,
    },
  )
    .run()
    .finally(() => Promise.allSettled(context.deploys));
  if (context.cloud === undefined) throw new Error('the local cloud was not started');
  const outdated = await replaceOutdated(endpointOf(context.cloud));
  return { cloud: context.cloud, image: context.image, outdated };
}
