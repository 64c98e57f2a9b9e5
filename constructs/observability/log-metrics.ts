import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter';
import { Construct } from 'constructs';
import type { LogMetric } from './log-alarms';

export interface LogMetricsProps {
  /** The group whose lines are counted. */
  readonly logGroupName: string;
  /** The namespace of the counts. */
  readonly namespace: string;
  readonly metrics: readonly LogMetric[];
}

/** Counts of lines in a log, each a custom metric, which has a price of its own. */
export class LogMetrics extends Construct {
  constructor(scope: Construct, id: string, { logGroupName, namespace, metrics }: LogMetricsProps) {
    super(scope, id);
    for (const { name, pattern } of metrics) {
      new CloudwatchLogMetricFilter(this, name, {
        name,
        logGroupName,
        pattern,
        metricTransformation: { namespace, name, value: '1', unit: 'Count' },
      });
    }
  }
}
