import { ECRClient } from '@aws-sdk/client-ecr';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { ListrTask } from 'listr2';
import cdktf from '../../cdktf.json';
import { type EnvironmentName, namesOf } from '../../config/names';
import { releasedDigest } from '../../config/release';
import type { Configuration } from '../../config/types';
import { backendContext } from '../../images/select-image';
import { deploy, synthesize } from '../cdktf';
import type { Shell } from '../process';
import { countProgress, progressOf } from '../progress';
import { projectRoot } from '../project';
import { accessKeyOf, type LocalAccount, shellIn, stacksOf } from './accounts';
import { untilEnvironmentsCanStart } from './foundation';
import type { CloudRecord, LocalHome } from './home';
import { type LocalImage, putLocalImage } from './image';
import { setGeneratedSecrets } from './secrets';
import { endpointOf } from './server';

/** What the tasks pass to each other. */
export interface Context {
  readonly configuration: Configuration;
  readonly accounts: readonly LocalAccount[];
  python: string;
  cloud?: CloudRecord;
  shell: Shell;
  image?: LocalImage;
  /** What deploys. If two run at the same time and one fails, the other continues. */
  readonly deploys: Promise<void>[];
}

/**
 * Deploys the foundation of each account, and the environments as soon as what they need exists.
 * @param environments in addition to the foundations.
 */
export function deployments(
  home: LocalHome,
  environments: readonly EnvironmentName[],
  ctx: Context,
): ListrTask<Context>[] {
  const ecr = new ECRClient(clientOptions(ctx.cloud));
  const repository = ctx.configuration.image.repository;
  const accounts = ctx.accounts.map((account) => ({
    ...account,
    ssm: new SSMClient(clientOptions(ctx.cloud, account)),
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
    ...ctx.accounts.map((account): ListrTask<Context> => ({
      title: account.foundation,
      task: (_, task) => {
        const deployed = run([account.foundation], shellIn(ctx.shell, account), task);
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
        task.output = 'sets generated secrets and pushes the image';
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
            .map(({ account, stacks }) => run(stacks, shellIn(shell, account), task)),
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

/** @param account the account whose root user calls, and its region. @default - the local cloud's own */
export function clientOptions(
  cloud: CloudRecord | undefined,
  account: Pick<LocalAccount, 'accountId' | 'region'> | undefined = cloud,
) {
  if (cloud === undefined) throw new Error('the local cloud was not started');
  return {
    region: account?.region ?? cloud.region,
    endpoint: endpointOf(cloud),
    forcePathStyle: true,
    credentials: {
      accessKeyId: accessKeyOf(cloud.accountId, account?.accountId ?? cloud.accountId),
      secretAccessKey: 'test',
    },
  };
}
