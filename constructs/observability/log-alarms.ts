import type { Metric } from '../../aws/metrics';
import type { Alarm } from './alarm';

/** A count of the lines of the function's log that a pattern matches. */
export interface LogMetric {
  /** The metric's name, and the construct id of its filter. */
  readonly name: string;
  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html */
  readonly pattern: string;
}

/** A cold start that takes longer is slow, in ms. Lambda allows a start 10 seconds. */
const slowStart = 5_000;

/** What only the function's log shows, and no metric of AWS. */
export const logMetrics = {
  failedStarts: {
    name: 'FailedStarts',
    // The steps that images/backend/start_up logs when a start fails there.
    pattern: '{ ($.step = "secrets") || ($.step = "import") || ($.step = "lifespan start") }',
  },
  databaseTimeouts: {
    name: 'DatabaseTimeouts',
    // Words, not a member: where PyMongo's error stands in the line depends on who raises it first.
    pattern: '?ServerSelectionTimeoutError ?NetworkTimeout ?WaitQueueTimeoutError ?ExecutionTimeout',
  },
  slowColdStarts: {
    name: 'SlowColdStarts',
    pattern: `{ ($.type = "platform.report") && ($.record.metrics.initDurationMs > ${slowStart}) }`,
  },
} as const satisfies Readonly<Record<string, LogMetric>>;

/** @param namespace the namespace of the environment's log metrics. */
export function logAlarms(namespace: string): readonly Alarm[] {
  const counted = ({ name }: LogMetric): { readonly metric: Metric } => ({
    metric: { namespace, name, statistic: 'Sum', dimensions: {} },
  });
  return [
    {
      id: 'failed-starts',
      says: 'The backend cannot start, because of its secrets, its code or its lifespan.',
      severity: 'page',
      measure: counted(logMetrics.failedStarts),
      bad: 'above',
      threshold: 1,
      unit: 'failed starts',
      period: 300,
    },
    {
      id: 'database-timeouts',
      says: 'The database does not answer in time.',
      severity: 'page',
      measure: counted(logMetrics.databaseTimeouts),
      bad: 'above',
      threshold: 3,
      unit: 'time-outs',
      period: 300,
    },
    {
      id: 'slow-cold-starts',
      says: `Cold starts take more than ${slowStart / 1000} seconds, which is half of what Lambda allows.`,
      severity: 'look',
      measure: counted(logMetrics.slowColdStarts),
      bad: 'above',
      threshold: 3,
      unit: 'slow starts',
      period: 900,
      periods: 2,
    },
  ];
}
