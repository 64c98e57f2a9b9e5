import {
  type CloudWatchClient,
  DashboardNotFoundError,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { UserError } from '../../errors';
import { type MetricWidget, metricsOf, type Widget, widgetsIn } from './body';
import type { AlarmState, Point } from './svg';

/** @returns the client of a region. */
export type ClientOf = (region: string) => CloudWatchClient;

/** @throws UserError if the environment has no dashboard. */
export async function readWidgets(client: CloudWatchClient, name: string): Promise<readonly Widget[]> {
  try {
    const { DashboardBody: body = '' } = await client.send(new GetDashboardCommand({ DashboardName: name }));
    return widgetsIn(body, name);
  } catch (error) {
    if (
      !(error instanceof DashboardNotFoundError) &&
      !(error instanceof Error && error.name === 'ResourceNotFound')
    )
      throw error;
    throw new UserError(
      `there is no dashboard ${name}: set observability.dashboard of the environment to true, and deploy it: npx cdktf deploy ${name}`,
    );
  }
}

/** @returns the values of each metric of a graph, oldest first. */
export async function readSeries(
  client: CloudWatchClient,
  widget: MetricWidget,
  from: Date,
  to: Date,
): Promise<readonly (readonly Point[])[]> {
  const { period } = widget.properties;
  const metrics = metricsOf(widget);
  const { MetricDataResults: results = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: from,
      EndTime: to,
      ScanBy: 'TimestampAscending',
      MetricDataQueries: metrics.map(({ namespace, name, dimensions, statistic }, index) => ({
        Id: `m${index}`,
        MetricStat: {
          Period: period,
          Stat: statistic,
          Metric: {
            Namespace: namespace,
            MetricName: name,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          },
        },
      })),
    }),
  );
  return metrics.map((_, index) => {
    const { Timestamps: times = [], Values: values = [] } =
      results.find(({ Id }) => Id === `m${index}`) ?? {};
    return times
      .map((time, at) => ({ at: time.getTime(), value: values[at] ?? 0 }))
      .sort((one, other) => one.at - other.at);
  });
}

const stateOf = (value: string | undefined): AlarmState =>
  value === 'OK' || value === 'ALARM' ? value : 'INSUFFICIENT_DATA';

/** @returns the state of each alarm, read in its own region. */
export async function readStates(
  clientOf: ClientOf,
  arns: readonly string[],
): Promise<ReadonlyMap<string, AlarmState>> {
  const regions = new Set(arns.map((arn) => arn.split(':')[3] ?? ''));
  const found = await Promise.all(
    [...regions].map(async (region) => {
      const names = arns
        .filter((arn) => arn.split(':')[3] === region)
        .map((arn) => arn.split(':').at(-1) ?? '');
      const { MetricAlarms: metric = [], CompositeAlarms: composite = [] } = await clientOf(region).send(
        new DescribeAlarmsCommand({ AlarmNames: names, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
      );
      return [...metric, ...composite];
    }),
  );
  return new Map(
    found.flat().map(({ AlarmArn: arn = '', StateValue: state }) => [arn, stateOf(state)] as const),
  );
}
