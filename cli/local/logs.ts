import {
  CloudWatchLogsClient,
  paginateFilterLogEvents,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { setTimeout as pause } from 'node:timers/promises';
import { type EnvironmentName, namesOf } from '../../config/names';
import { dim } from '../terminal';

/** One line of either log. */
interface Entry {
  readonly at: number;
  readonly text: string;
}

/** How often the log is asked for more, in milliseconds. */
const interval = 500;

/**
 * Reads what the function and the API of an environment have logged, in the order of time.
 * @param follow whether to go on until the caller stops.
 */
export async function* logLines(
  client: CloudWatchLogsClient,
  environment: EnvironmentName,
  follow: boolean,
): AsyncGenerator<string> {
  const { functionLogGroup, apiLogGroup } = namesOf(environment);
  const seen = new Set<string>();
  for (;;) {
    const entries = await Promise.all([
      read(client, functionLogGroup, 'function', seen),
      read(client, apiLogGroup, 'api     ', seen),
    ]);
    for (const { text } of entries.flat().sort((a, b) => a.at - b.at)) yield text;
    if (!follow) return;
    await pause(interval);
  }
}

async function read(
  client: CloudWatchLogsClient,
  logGroupName: string,
  source: string,
  seen: Set<string>,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  try {
    for await (const { events } of paginateFilterLogEvents({ client }, { logGroupName })) {
      for (const { eventId, timestamp = 0, message = '' } of events ?? []) {
        if (eventId !== undefined && seen.has(eventId)) continue;
        if (eventId !== undefined) seen.add(eventId);
        const time = new Date(timestamp).toISOString().slice(11, 23);
        entries.push({ at: timestamp, text: `${dim(`${time} ${source}`)} ${message.trimEnd()}` });
      }
    }
  } catch (error) {
    // An environment that was not deployed has no log, which is no fault of whoever looks.
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
  return entries;
}
