import { Command } from 'commander';
import type { EnvironmentName } from '../../../config/names';

import { endpointOf } from '../../local/server';
import { print } from '../../terminal';
import { environmentArgument } from '../arguments';
import { requireCloud } from './require-cloud';

interface Options {
  readonly follow?: true;
}

export function logsCommand(): Command {
  return new Command('logs')
    .addArgument(environmentArgument('[environment]').default('prod'))
    .option('--follow', 'go on until Ctrl-C')
    .action(async (environment: EnvironmentName, { follow }: Options) => {
      const { record } = await requireCloud();
      const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
      const { logLines } = await import('../../local/logs');
      const client = new CloudWatchLogsClient({
        region: record.region,
        endpoint: endpointOf(record),
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      });
      for await (const line of logLines(client, environment, follow === true)) print(line);
    });
}
