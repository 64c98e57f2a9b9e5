import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter';
import { Construct } from 'constructs';
import type { LogGroup } from '../log-group';
import type { LogMetric } from './log-alarms';

export interface LogMetricsProps {
  /** The log group whose lines are counted. It must exist before a filter can be created. */
  readonly logGroup: LogGroup;
  /** The namespace of the metrics. */
  readonly namespace: string;
  readonly metrics: readonly LogMetric[];
}

/** Counts of log lines. Each is a custom metric and is billed as one. */
export class LogMetrics extends Construct {
  constructor(scope: Construct, id: string, { logGroup, namespace, metrics }: LogMetricsProps) {
    super(scope, id);
    for (const { name, pattern } of metrics) {
      new CloudwatchLogMetricFilter(this, name, {
        name,
        logGroupName: logGroup.name,
        pattern,
        metricTransformation: { namespace, name, value: '1', unit: 'Count' },
      });
    }
  }
}
