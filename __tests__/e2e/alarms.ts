import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  type MetricAlarm,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { endpointOf } from '../../cli/local/server';
import type { Project } from '../support/project';

/** In seconds: how long the oldest bad value counts. */
const rest = 25;

/** In milliseconds, for all alarms of a region to change. */
const limit = 50_000;

/** The edge's alarms have a metric each, and so can be rung side by side; others would count for each other. */
export function describeAlarms(project: Project, name: string): void {
  describe('the alarms in us-east-1', () => {
    const client = new CloudWatchClient({
      region: 'us-east-1',
      endpoint: endpointOf(project.record),
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const prefix = `kairos-${name}-`;

    it('go from OK to ALARM and back, and their composite with them', async () => {
      const { MetricAlarms: alarms = [] } = await client.send(
        new DescribeAlarmsCommand({ AlarmNamePrefix: prefix, AlarmTypes: ['MetricAlarm'] }),
      );
      expect(alarms.length).toBeGreaterThan(1);
      const before = new Date();
      for (const alarm of alarms) await client.send(new PutMetricDataCommand(breaching(alarm)));
      const names = alarms.map(({ AlarmName }) => AlarmName ?? '');
      const composites = [`${prefix}edge-broken`];
      const left = async (wanted: RegExp) => {
        const found = await Promise.all(
          [...names, ...composites].map((name) => transitions(client, name, before)),
        );
        return [...names, ...composites].filter((_, index) => !wanted.test(found[index] ?? ''));
      };
      expect(await until(() => left(/OK>ALARM/))).toEqual([]);
      for (const alarm of alarms) await client.send(new PutMetricDataCommand(good(alarm)));
      expect(await until(() => left(/OK>ALARM.*ALARM>OK/))).toEqual([]);
    });
  });
}

/** @returns what is left when nothing is, or when the time is over. */
async function until(left: () => Promise<readonly string[]>): Promise<readonly string[]> {
  const end = Date.now() + limit;
  for (;;) {
    const found = await left();
    if (found.length === 0 || Date.now() > end) return found;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** @returns the changes of an alarm's state since a moment, such as `OK>ALARM ALARM>OK`. */
async function transitions(client: CloudWatchClient, name: string, since: Date): Promise<string> {
  const { AlarmHistoryItems: items = [] } = await client.send(
    new DescribeAlarmHistoryCommand({
      AlarmName: name,
      HistoryItemType: 'StateUpdate',
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      StartDate: new Date(since.getTime() - 1000),
      ScanBy: 'TimestampAscending',
    }),
  );
  return items
    .map(({ HistorySummary: summary = '' }) =>
      summary.replace(/^Alarm updated from (\w+) to (\w+)$/, '$1>$2'),
    )
    .join(' ');
}

/**
 * Bad values in as many periods as must be bad, the oldest of those that count, and good ones in the others: once a
 * further good value has come, a bad period no longer counts. A percentile gets as many values as it needs.
 */
function values(
  alarm: MetricAlarm,
  ages: (period: number, periods: number) => readonly number[],
  bad: number,
) {
  const stats = (alarm.Metrics ?? []).flatMap(({ MetricStat }) => MetricStat ?? []);
  const periods = alarm.EvaluationPeriods ?? 1;
  const metrics =
    stats.length === 0
      ? [{ ...alarm, rung: (alarm.Threshold ?? 0) + 1, period: alarm.Period ?? 60 }]
      : stats.map(({ Metric, Period }) => ({ ...Metric, rung: 200, period: Period ?? 60 }));
  return {
    Namespace: metrics[0]?.Namespace,
    MetricData: metrics.flatMap(({ MetricName, Dimensions, rung, period }) =>
      ages(period, periods).map((age, index) => ({
        MetricName,
        Dimensions,
        Values: [index >= periods - bad ? rung : 0],
        Counts: [alarm.ExtendedStatistic === undefined ? 1 : 5000],
        Timestamp: new Date(Date.now() - 1000 * age),
      })),
    ),
  };
}

const breaching = (alarm: MetricAlarm) =>
  values(
    alarm,
    (period, periods) => Array.from({ length: periods }, (_, index) => period * (index + 1) - rest),
    alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods ?? 1,
  );

const good = (alarm: MetricAlarm) => values(alarm, () => [0], 0);
