import { CloudwatchCompositeAlarm } from '@cdktf/provider-aws/lib/cloudwatch-composite-alarm';
import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { type Metric, samplesFor } from '../../aws/metrics';
import { type Alarm, type CompositeAlarm, runbookAnchor } from './alarm';
import { suppressionPeriods } from './release-mark';

export interface AlarmsProps {
  /** The prefix of the alarms' names. */
  readonly name: string;
  /** The URL of the runbook, without an anchor. */
  readonly runbookUrl: string;
  /** The topic that is notified of each change of state, in the region of the provider. */
  readonly topicArn: string;
  /** @default - the stack's own */
  readonly provider?: TerraformProvider;
  readonly alarms: readonly Alarm[];
  readonly composites: readonly CompositeAlarm[];
  /**
   * While this alarm is in ALARM, the composite alarms send no notification. It sends none itself. @default - nothing
   * suppresses them
   */
  readonly suppressor?: Alarm;
}

/**
 * The alarms of one region. A metric, its alarm and the topic must be in the same region. An alarm that belongs to a
 * composite alarm sends no notification itself: two messages for one fault are one too many, and CloudWatch can
 * suppress only composite alarms.
 */
export class Alarms extends Construct {
  /** The ARN of every alarm except the suppressor, which says nothing about the environment. */
  readonly arns: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmsProps,
  ) {
    super(scope, id);
    const parts = new Set(props.composites.flatMap(({ anyOf }) => anyOf));
    const made = new Map(
      props.alarms.map((alarm) => [alarm.id, this.createAlarm(alarm, !parts.has(alarm.id))]),
    );
    const suppressor = props.suppressor && this.createAlarm(props.suppressor, false);
    const composites = props.composites.map((composite) => this.createComposite(composite, made, suppressor));
    this.arns = [...composites, ...made.values()].map(({ arn }) => arn);
  }

  private createAlarm(alarm: Alarm, tells: boolean): CloudwatchMetricAlarm {
    const { provider, topicArn } = this.props;
    const actions = tells ? [topicArn] : undefined;
    return new CloudwatchMetricAlarm(this, alarm.id, {
      provider,
      alarmName: this.nameOf(alarm.id),
      alarmDescription: this.description(alarm),
      comparisonOperator: alarm.bad === 'above' ? 'GreaterThanThreshold' : 'LessThanThreshold',
      threshold: alarm.threshold,
      evaluationPeriods: alarm.periods ?? 1,
      datapointsToAlarm: alarm.datapoints ?? alarm.periods ?? 1,
      treatMissingData: alarm.missing ?? 'notBreaching',
      alarmActions: actions,
      okActions: actions,
      ...measured(alarm),
      // The composite alarm must be changed first: CloudWatch deletes no alarm that a composite alarm names.
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private createComposite(
    composite: CompositeAlarm,
    made: ReadonlyMap<string, CloudwatchMetricAlarm>,
    suppressor: CloudwatchMetricAlarm | undefined,
  ): CloudwatchCompositeAlarm {
    const { provider, topicArn } = this.props;
    const parts = composite.anyOf.map((id) => {
      const part = made.get(id);
      if (part === undefined) {
        throw new Error(
          `${this.node.path}: the composite alarm ${composite.id} names ${id}, which is not an alarm of this region`,
        );
      }
      return part;
    });
    return new CloudwatchCompositeAlarm(this, composite.id, {
      provider,
      alarmName: this.nameOf(composite.id),
      alarmDescription: this.description(composite),
      // A name needs no quotes, and cdktf's HCL writer does not escape them.
      alarmRule: parts.map(({ alarmName }) => `ALARM(${alarmName})`).join(' OR '),
      alarmActions: [topicArn],
      okActions: [topicArn],
      actionsSuppressor: suppressor && {
        alarm: suppressor.alarmName,
        waitPeriod: suppressionPeriods.wait,
        extensionPeriod: suppressionPeriods.extension,
      },
    });
  }

  private nameOf(id: string): string {
    return `${this.props.name}-${id}`;
  }

  private description(alarm: Alarm | CompositeAlarm): string {
    return `[${alarm.severity}] ${alarm.says} ${this.props.runbookUrl}#${runbookAnchor(alarm)}`;
  }
}

type Measured = Partial<CloudwatchMetricAlarmConfig>;

function measured({ measure, period }: Alarm): Measured {
  if (!('metric' in measure)) {
    return {
      metricQuery: [
        { id: 'measure', expression: measure.expression, label: measure.label, returnData: true },
        ...Object.entries(measure.metrics).map(([id, metric]) => ({
          id,
          returnData: false,
          metric: {
            namespace: metric.namespace,
            metricName: metric.name,
            dimensions: metric.dimensions,
            stat: metric.statistic,
            period,
          },
        })),
      ],
    };
  }
  const { metric } = measure;
  return {
    namespace: metric.namespace,
    metricName: metric.name,
    dimensions: metric.dimensions,
    period,
    ...statisticOf(metric),
  };
}

/** A percentile of few values is one of these values. The alarm then keeps its state. */
function statisticOf({ statistic }: Metric): Measured {
  return samplesFor(statistic) === 0
    ? { statistic }
    : { extendedStatistic: statistic, evaluateLowSampleCountPercentiles: 'ignore' };
}
