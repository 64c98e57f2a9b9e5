import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../../errors';
import type { LogEntry } from './entry';
import type { LogGroup, LogSource } from './sources';

/** One source, and the client of its region. */
export interface OpenSource {
  readonly source: LogSource;
  readonly group: LogGroup;
  readonly client: CloudWatchLogsClient;
  /** The message if the log group is missing. @default - none: the log group is optional */
  readonly ifMissing?: string;
}

export interface ReadOptions {
  /** The start time. */
  readonly since: Date;
  /** Whether to continue until the caller stops it. */
  readonly follow: boolean;
  /** Texts of which a line must contain one, such as the ids of a request. @default - any line */
  readonly containing?: readonly string[];
}

/** How often to poll, in milliseconds. */
const interval = 1_000;

/** How long a line may take to appear, in milliseconds. Until then it is searched again. */
const lateness = 15_000;

/**
 * Reads several logs in chronological order.
 * @throws UserError if a log group is missing that has a message for it.
 */
export async function* readLogs(
  sources: readonly OpenSource[],
  { since, follow, containing }: ReadOptions,
): AsyncGenerator<LogEntry> {
  const seen = new Map<string, number>();
  let from = since.getTime();
  for (;;) {
    const found = await Promise.all(sources.map((source) => readSource(source, from, containing, seen)));
    for (const entry of found.flat().sort((a, b) => a.at - b.at)) yield entry;
    if (!follow) return;
    from = Math.max(from, Date.now() - lateness);
    for (const [id, at] of seen) if (at < from) seen.delete(id);
    await pause(interval);
  }
}

async function readSource(
  { source, group, client, ifMissing }: OpenSource,
  from: number,
  containing: readonly string[] | undefined,
  seen: Map<string, number>,
): Promise<readonly LogEntry[]> {
  const { paginateFilterLogEvents, ResourceNotFoundException } =
    await import('@aws-sdk/client-cloudwatch-logs');
  const patterns = containing?.map((text) => `"${text}"`) ?? [undefined];
  const entries: LogEntry[] = [];
  try {
    for (const filterPattern of patterns) {
      const pages = paginateFilterLogEvents(
        { client },
        { logGroupName: group.name, startTime: from, filterPattern },
      );
      for await (const { events } of pages) {
        for (const { eventId = '', timestamp: at = 0, message = '' } of events ?? []) {
          if (seen.has(eventId)) continue;
          seen.set(eventId, at);
          entries.push({ source, at, message });
        }
      }
    }
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    if (ifMissing !== undefined) throw new UserError(ifMissing, { cause: error });
  }
  return entries;
}
