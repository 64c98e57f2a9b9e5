import type { Metric } from '../../aws/metrics';
import type { Alarm } from './alarm';

/** A count of the lines of the function's log that a pattern matches. */
export interface LogMetric {
  /** The metric's name, and the construct id of its filter. */
  readonly name: string;
  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html */
  readonly pattern: string;
}

/** Above this a cold start is slow, in ms. Lambda gives a start 10 seconds. */
const slowStart = 5_000;

/** What the function's log tells and no metric of AWS does. */
export const logMetrics = {
  failedStarts: {
    name: 'FailedStarts',
    // The steps that images/backend/start_up names when a start ends there.
    pattern: '{ ($.step = "secrets") || ($.step = "import") || ($.step = "lifespan start") }',
  },
  databaseTimeouts: {
    name: 'DatabaseTimeouts',
    // Words, and no member: who raises it first decides where in the line PyMongo's error stands.
    pattern: '?ServerSelectionTimeoutError ?NetworkTimeout ?WaitQueueTimeoutError ?ExecutionTimeout',
  },
  slowColdStarts: {
    name: 'SlowColdStarts',
    pattern: `{ ($.type = "platform.report") && ($.record.metrics.initDurationMs > ${slowStart}) }`,
  },
} as const satisfies Readonly<Record<string, LogMetric>>;

/** @param namespace where the metrics of the environment's log are. */
export function logAlarms(namespace: string): readonly Alarm[] {
  const counted = ({ name }: LogMetric): { readonly metric: Metric } => ({
    metric: { namespace, name, statistic: 'Sum', dimensions: {} },
  });
  return [
    {
      id: 'failed-starts',
      says: 'The backend cannot start: its secrets, its code or its lifespan keep it from answering.',
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
      says: `Cold starts take over ${slowStart / 1000} seconds, half of what Lambda allows.`,
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
