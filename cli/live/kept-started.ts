import { readLive } from './alias';
import type { LiveEnvironment } from './environment';
import { historyOf } from './versions';

/**
 * Deletes the provisioned concurrency of the newest version if nobody invokes it, as is the case for a version that
 * could not start. Together with that of the live version it may leave too little of the reserved concurrency for a
 * third version.
 */
export async function endUncalledStarts(environment: LiveEnvironment): Promise<void> {
  const { configuration, lambda, name, names } = environment;
  if (configuration.environments[name].function.provisionedConcurrency === undefined) return;
  const [live, [newest]] = await Promise.all([readLive(environment), historyOf(environment)]);
  if (live === undefined || newest === undefined) return;
  if (newest.version === live.version || newest.version in live.weights) return;
  const { DeleteProvisionedConcurrencyConfigCommand } = await import('@aws-sdk/client-lambda');
  await lambda.send(
    new DeleteProvisionedConcurrencyConfigCommand({
      FunctionName: names.function,
      Qualifier: newest.version,
    }),
  );
}
