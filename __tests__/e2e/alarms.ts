import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  type MetricAlarm,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import { endpointOf } from '../../cli/local/server';
import { expectSuccess, type Project } from '../support/project';

const screenSchema = z.object({
  alarms: z.record(z.string(), z.string()),
  graphs: z.array(z.object({ series: z.array(z.array(z.object({ value: z.number() }))) })),
});

/** For how long the oldest bad value counts, in seconds. */
const rest = 25;

/** How long all alarms of a region may take to change, in milliseconds. */
const limit = 50_000;

/**
 * Each alarm of the edge has its own metric, so they can be triggered at the same time. Other alarms share
 * metrics.
 */
export function describeAlarms(project: Project, name: string): void {
  describe('the alarms in us-east-1', () => {
    const client = new CloudWatchClient({
      region: 'us-east-1',
      endpoint: endpointOf(project.record),
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const prefix = `kairos-${name}-`;

    it('go from OK to ALARM and back, together with their composite alarm', async () => {
      const { MetricAlarms: alarms = [] } = await client.send(
        new DescribeAlarmsCommand({ AlarmNamePrefix: prefix, AlarmTypes: ['MetricAlarm'] }),
      );
      expect(alarms.length).toBeGreaterThan(1);
      const before = new Date();
      const names = alarms.map(({ AlarmName }) => AlarmName ?? '');
      // An alarm that ignores missing data has no state until its metric has a value, and nothing here
      // measures it.
      for (const alarm of alarms.filter(({ TreatMissingData }) => TreatMissingData === 'ignore'))
        await client.send(new PutMetricDataCommand(quiet(alarm)));
      const silent = async () => {
        const { MetricAlarms: found = [] } = await client.send(
          new DescribeAlarmsCommand({ AlarmNames: names, StateValue: 'OK' }),
        );
        return names.filter((name) => found.every(({ AlarmName }) => AlarmName !== name));
      };
      expect(await until(silent)).toEqual([]);
      for (const alarm of alarms) await client.send(new PutMetricDataCommand(breaching(alarm)));
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

/** The picture of the dashboard, which can be seen before paying for the dashboard. */
export function describeDashboard(project: Project, name: string): void {
  it('is drawn from the measured values, with the state of every alarm that it names', async () => {
    const { stdout: svg } = expectSuccess(await project.kairos(['dashboard', name]));
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
    const { stdout } = expectSuccess(await project.kairos(['dashboard', name, '--json']));
    const { alarms, graphs } = screenSchema.parse(JSON.parse(stdout));
    const ofEdge = Object.entries(alarms).filter(([arn]) => arn.includes(`:alarm:kairos-${name}-edge-`));
    expect(ofEdge.length).toBeGreaterThan(2);
    expect(new Set(ofEdge.map(([, state]) => state))).toEqual(new Set(['OK']));
    const invoked = graphs.flatMap(({ series }) => series.flat()).filter(({ value }) => value > 0);
    expect(invoked.length).toBeGreaterThan(0);
  });
}

/** @returns what is still left when the list is empty or the time is over. */
async function until(left: () => Promise<readonly string[]>): Promise<readonly string[]> {
  const end = Date.now() + limit;
  for (;;) {
    const found = await left();
    if (found.length === 0 || Date.now() > end) return found;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** @returns the changes of an alarm's state since a time, such as `OK>ALARM ALARM>OK`. */
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
 * Bad values in as many of the oldest evaluated periods as must be bad, and good values in the others. So
 * after one more good value, a bad period no longer counts. A percentile gets as many values as it needs.
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
      ? [{ ...alarm, ...valuesOf(alarm), period: alarm.Period ?? 60 }]
      : stats.map(({ Metric, Period }) => ({ ...Metric, rung: 200, silent: 0, period: Period ?? 60 }));
  return {
    Namespace: metrics[0]?.Namespace,
    MetricData: metrics.flatMap(({ MetricName, Dimensions, rung, silent, period }) =>
      ages(period, periods).map((age, index) => ({
        MetricName,
        Dimensions,
        Values: [index >= periods - bad ? rung : silent],
        Counts: [alarm.ExtendedStatistic === undefined ? 1 : 5000],
        Timestamp: new Date(Date.now() - 1000 * age),
      })),
    ),
  };
}

/** @returns a value that triggers an alarm, and one that does not. */
function valuesOf({ ComparisonOperator, Threshold = 0 }: MetricAlarm) {
  return ComparisonOperator === 'LessThanThreshold'
    ? { rung: Threshold - 1, silent: Threshold }
    : { rung: Threshold + 1, silent: 0 };
}

/** A good value in a period that is evaluated only if the newer periods have no values. */
const quiet = (alarm: MetricAlarm) => values(alarm, (period) => [period * 2.5], 0);

const breaching = (alarm: MetricAlarm) =>
  values(
    alarm,
    (period, periods) => Array.from({ length: periods }, (_, index) => period * (index + 1) - rest),
    alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods ?? 1,
  );

const good = (alarm: MetricAlarm) => values(alarm, () => [0], 0);
