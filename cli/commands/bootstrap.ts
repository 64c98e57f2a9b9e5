import { Command } from 'commander';
import { openAccount } from '../aws';
import { rememberCalls } from '../aws-calls';
import { bootstrap } from '../bootstrap/state-buckets';
import { command, print, printJson, tell } from '../terminal';

interface Options {
  readonly json?: true;
}

export function bootstrapCommand(): Command {
  return new Command('bootstrap')
    .description("make the buckets of Terraform's state that are missing; harmless when all are there")
    .option('--json', 'print the buckets as JSON')
    .action(async ({ json }: Options) => {
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
