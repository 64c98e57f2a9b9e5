import { Command } from 'commander';
import { command, print, printJson, tell } from '../terminal';

interface Options {
  readonly json?: true;
}

export function bootstrapCommand(): Command {
  return new Command('bootstrap')
    .option('--json', 'print the buckets as JSON')
    .action(async ({ json }: Options) => {
      const { openAccount } = await import('../aws');
      const { rememberCalls } = await import('../aws-calls');
      const { bootstrap } = await import('../bootstrap/state-buckets');
      const { configuration, clientOptions } = await openAccount(process.env);
      const { S3Client } = await import('@aws-sdk/client-s3');
      const s3 = new S3Client(clientOptions);
      s3.middlewareStack.add(rememberCalls, { step: 'initialize' });
      const buckets = await bootstrap({
        s3,
        accountId: configuration.accountId,
        region: configuration.region,
      });
      if (json) {
        printJson(buckets);
        return;
      }
      for (const { bucket, made } of buckets) print(`${made ? 'made ' : 'found'} ${bucket}`);
      tell(`next: ${command('npx cdktf deploy kairos-foundation')}`);
    });
}
