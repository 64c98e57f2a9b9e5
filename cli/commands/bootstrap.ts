import { Command } from 'commander';
import { type EnvironmentName, foundationOf, stateOwnersOf } from '../../config/names';
import { environmentArgument } from './arguments';
import { command, print, printJson, tell } from '../terminal';

interface Options {
  readonly json?: true;
}

export function bootstrapCommand(): Command {
  return new Command('bootstrap')
    .addArgument(environmentArgument('[environment]'))
    .addHelpText(
      'after',
      `
Example: npx kairos bootstrap
Name an environment to create the buckets in its separate account.
Exit codes: 0 all buckets exist; 1 one could not be created.`,
    )
    .option('--json', 'print the buckets as JSON')
    .action(async (name: EnvironmentName | undefined, { json }: Options) => {
      const { openAccount } = await import('../aws');
      const { rememberCalls } = await import('../aws-calls');
      const { bootstrap } = await import('../bootstrap/state-buckets');
      const { neighboursOf } = await import('../../config/account');
      const { configuration, separate, clientOptions } = await openAccount(process.env, name);
      const { S3Client } = await import('@aws-sdk/client-s3');
      const s3 = new S3Client(clientOptions);
      s3.middlewareStack.add(rememberCalls, { step: 'initialize' });
      const buckets = await bootstrap({
        s3,
        accountId: configuration.accountId,
        region: configuration.region,
        owners: stateOwnersOf(neighboursOf(configuration, separate?.name)),
      });
      if (json) {
        printJson(buckets);
        return;
      }
      for (const { bucket, made } of buckets) print(`${made ? 'made ' : 'found'} ${bucket}`);
      tell(`next: ${command(`npx cdktf deploy ${foundationOf(separate?.name)}`)}`);
    });
}
