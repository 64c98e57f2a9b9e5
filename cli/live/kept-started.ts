import { readLive } from './alias';
import type { LiveEnvironment } from './environment';
import { historyOf } from './versions';

/**
 * Ends the environments that are kept started of the newest version when nobody calls it, as one that could not start
 * leaves them: with them and those of the live version there may be no room for a third's within what is reserved.
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
