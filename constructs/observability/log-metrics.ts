import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter';
import { Construct } from 'constructs';
import type { LogGroup } from '../log-group';
import type { LogMetric } from './log-alarms';

export interface LogMetricsProps {
  /** The group whose lines are counted; a filter cannot be put on one that is not there yet. */
  readonly logGroup: LogGroup;
  /** The namespace of the counts. */
  readonly namespace: string;
  readonly metrics: readonly LogMetric[];
}

/** Counts of lines in a log, each a custom metric, which has a price of its own. */
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
