import {
  CloudWatchLogsClient,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  paginateDescribeLogGroups,
  paginateDescribeLogStreams,
} from '@aws-sdk/client-cloudwatch-logs';
import type { CloudRecord } from '../../cli/local/home';
import { type HuntedAccount, regionsOf, rootOf } from './accounts';
import type { Artefact } from './secret-hunt';

/** @returns every stream of every log group of an account, in each region: functions, API, edge, firewall. */
export async function* logStreams(record: CloudRecord, account: HuntedAccount): AsyncGenerator<Artefact> {
  for (const region of regionsOf(account)) {
    const client = new CloudWatchLogsClient(rootOf(record, account, region));
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, {})) {
      for (const { logGroupName = '' } of logGroups) {
        for await (const page of paginateDescribeLogStreams({ client }, { logGroupName })) {
          for (const { logStreamName = '', lastIngestionTime = 0 } of page.logStreams ?? []) {
            const name = `log stream ${logStreamName} of ${logGroupName} in ${account.accountId}, ${region}`;
            yield {
              // A stream that has grown is searched again.
              name: `${name}, until ${new Date(lastIngestionTime).toISOString()}`,
              read: () => messagesOf(client, logGroupName, logStreamName),
            };
          }
        }
      }
    }
  }
}

/** @returns the messages of a stream. CloudWatch returns the same token again at the end. */
async function* messagesOf(
  client: CloudWatchLogsClient,
  logGroupName: string,
  logStreamName: string,
): AsyncGenerator<Buffer> {
  let token: string | undefined;
  for (;;) {
    const asked: GetLogEventsCommandInput = {
      logGroupName,
      logStreamName,
      startFromHead: true,
      nextToken: token,
    };
    const { events = [], nextForwardToken } = await client.send(new GetLogEventsCommand(asked));
    yield Buffer.from(events.map(({ message = '' }) => message).join('\n'));
    if (nextForwardToken === token) return;
    token = nextForwardToken;
  }
}
