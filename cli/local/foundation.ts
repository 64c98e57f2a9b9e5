import type { ECRClient } from '@aws-sdk/client-ecr';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { setTimeout as pause } from 'node:timers/promises';
import type { EnvironmentName } from '../../config/names';
import { describeSecrets } from '../secrets/store';

export interface FoundationProbe {
  readonly ecr: ECRClient;
  readonly ssm: SSMClient;
  /** The ECR repository. */
  readonly repository: string;
  /** The environments that are to be deployed. */
  readonly environments: readonly EnvironmentName[];
  /** The deploy that makes the foundation. */
  readonly deploy: Promise<void>;
}

/**
 * Waits until the foundation has what an environment needs. The rest of its deploy is the provider's polling of
 * the buckets' lifecycle rules, a minute that the environments need not wait for.
 * @throws what the deploy throws.
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

async function isReady({ ecr, ssm, repository, environments }: FoundationProbe): Promise<boolean> {
  const { DescribeRepositoriesCommand, RepositoryNotFoundException } = await import('@aws-sdk/client-ecr');
  try {
    await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repository] }));
  } catch (error) {
    if (error instanceof RepositoryNotFoundException) return false;
    throw error;
  }
  const secrets = await Promise.all(environments.map((environment) => describeSecrets(ssm, environment)));
  return secrets.flat().every(({ version }) => version !== undefined);
}
