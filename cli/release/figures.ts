import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import type { EnvironmentNames } from '../../config/names';
import type { VersionFigures } from './verdict';

export interface FiguresOptions {
  readonly cloudwatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly names: EnvironmentNames;
  /** The start time. */
  readonly since: Date;
}

/** How many server errors are analysed at most. More would not change the result. */
const mostLookedUp = 50;

/**
 * @param versions of the function.
 * @returns the figures of each version.
 */
export async function figuresOf(
  versions: readonly string[],
  options: FiguresOptions,
): Promise<ReadonlyMap<string, VersionFigures>> {
  const [measured, serverErrors] = await Promise.all([
    Promise.all(versions.map((version) => metricsOf(version, options))),
    serverErrorsByVersion(options),
  ]);
  return new Map(
    versions.map((version, index): [string, VersionFigures] => [
      version,
      { ...(measured[index] ?? none), serverErrors: serverErrors.get(version) ?? 0 },
    ]),
  );
}

const none = { invocations: 0, errors: 0 };

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html#lambda-metrics-versions-aliases */
async function metricsOf(
  version: string,
  { cloudwatch, names, since }: FiguresOptions,
): Promise<Omit<VersionFigures, 'serverErrors'>> {
  const { GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const now = new Date();
  // One period for the whole time, so that the percentile includes all requests. Periods are whole minutes.
  const period = Math.max(1, Math.ceil((now.getTime() - since.getTime()) / 60_000)) * 60;
  const dimensions = {
    FunctionName: names.function,
    Resource: `${names.function}:${names.alias}`,
    ExecutedVersion: version,
  };
  const query = (id: string, metric: string, stat: string): MetricDataQuery => ({
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Lambda',
        MetricName: metric,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: period,
      Stat: stat,
    },
  });
  const { MetricDataResults } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: since,
      EndTime: new Date(now.getTime() + 60_000),
      MetricDataQueries: [
        query('invocations', 'Invocations', 'Sum'),
        query('errors', 'Errors', 'Sum'),
        query('p95', 'Duration', 'p95'),
      ],
    }),
  );
  const values = (id: string) => MetricDataResults?.find(({ Id }) => Id === id)?.Values ?? [];
  const sum = (id: string) => values(id).reduce((total, value) => total + value, 0);
  const slowest = Math.max(...values('p95'));
  return {
    invocations: sum('invocations'),
    errors: sum('errors'),
    p95: Number.isFinite(slowest) ? slowest : undefined,
  };
}

const accessSchema = z.object({ status: z.coerce.number(), integrationRequestId: z.string() });

/** The access log has the status and the function's request id, and the name of a log stream contains the version. */
async function serverErrorsByVersion({
  logs,
  names,
  since,
}: FiguresOptions): Promise<ReadonlyMap<string, number>> {
  const { paginateFilterLogEvents } = await import('@aws-sdk/client-cloudwatch-logs');
  const requests: string[] = [];
  const pages = paginateFilterLogEvents(
    { client: logs },
    { logGroupName: names.apiLogGroup, startTime: since.getTime(), filterPattern: '{ $.status = "5*" }' },
  );
  for await (const { events } of pages) {
    for (const { message = '' } of events ?? []) {
      const { success, data } = accessSchema.safeParse(JSON.parse(message));
      if (success && data.status >= 500) requests.push(data.integrationRequestId);
    }
    if (requests.length >= mostLookedUp) break;
  }
  const versionOf = async (id: string): Promise<string | undefined> => {
    const found = paginateFilterLogEvents(
      { client: logs },
      { logGroupName: names.functionLogGroup, startTime: since.getTime(), filterPattern: `"${id}"` },
    );
    // A page may be empty although a later one is not:
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
    for await (const { events = [] } of found) {
      const [event] = events;
      if (event !== undefined) return /\[(\d+)\]/.exec(event.logStreamName ?? '')?.[1];
    }
    return undefined;
  };
  const counts = new Map<string, number>();
  await Promise.all(
    requests.slice(0, mostLookedUp).map(async (id) => {
      const version = await versionOf(id);
      if (version !== undefined) counts.set(version, (counts.get(version) ?? 0) + 1);
    }),
  );
  return counts;
}
