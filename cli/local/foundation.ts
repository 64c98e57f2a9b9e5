import type { ECRClient } from '@aws-sdk/client-ecr';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { setTimeout as pause } from 'node:timers/promises';
import { describeSecrets } from '../secrets/store';
import type { LocalAccount } from './accounts';

export interface FoundationProbe {
  /** The account of the images. */
  readonly ecr: ECRClient;
  /** The ECR repository. */
  readonly repository: string;
  /** The accounts of the environments to deploy; that of the images first. */
  readonly accounts: readonly (Pick<LocalAccount, 'environments'> & { readonly ssm: SSMClient })[];
  /** The deploys of the foundations. */
  readonly deploy: Promise<unknown>;
}

/**
 * Waits until the foundations have what an environment needs. The rest of their deploys is a minute in which the
 * provider polls the buckets' lifecycle rules. The environments do not need to wait for it.
 * @throws the errors of the deploys.
 */
export async function untilEnvironmentsCanStart(probe: FoundationProbe): Promise<void> {
  const ended = new AbortController();
  const end = probe.deploy.finally(() => {
    ended.abort();
  });
  const ready = async () => {
    while (!ended.signal.aborted && !(await isReady(probe))) await pause(250);
  };
  await Promise.race([end, ready()]);
}

async function isReady({ ecr, repository, accounts }: FoundationProbe): Promise<boolean> {
  const { DescribeRepositoriesCommand, RepositoryNotFoundException } = await import('@aws-sdk/client-ecr');
  try {
    await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repository] }));
  } catch (error) {
    if (error instanceof RepositoryNotFoundException) return false;
    throw error;
  }
  if (accounts.length > 1 && !(await isShared(ecr, repository))) return false;
  const secrets = await Promise.all(
    accounts.flatMap(({ ssm, environments }) => environments.map((name) => describeSecrets(ssm, name))),
  );
  return secrets.flat().every(({ version }) => version !== undefined);
}

/** Other accounts can read the images once the repository has its policy. */
async function isShared(ecr: ECRClient, repositoryName: string): Promise<boolean> {
  const { GetRepositoryPolicyCommand, RepositoryPolicyNotFoundException } =
    await import('@aws-sdk/client-ecr');
  try {
    await ecr.send(new GetRepositoryPolicyCommand({ repositoryName }));
    return true;
  } catch (error) {
    if (error instanceof RepositoryPolicyNotFoundException) return false;
    throw error;
  }
}
