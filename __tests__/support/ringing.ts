import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';

type ClientOptions = ConstructorParameters<typeof CloudWatchClient>[0];

/** Creates an alarm with a name that the commands look for. @returns the client of its region. */
export async function putAlarm(AlarmName: string, options: ClientOptions): Promise<CloudWatchClient> {
  const cloudwatch = new CloudWatchClient(options ?? {});
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      // Its metric has no values, so that its state does not change, however long a command takes.
      Namespace: 'Test',
      MetricName: 'Errors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'ignore',
    }),
  );
  return cloudwatch;
}

/** Creates an alarm in the state ALARM. */
export async function ringAlarm(AlarmName: string, options: ClientOptions): Promise<void> {
  const cloudwatch = await putAlarm(AlarmName, options);
  const StateReason = 'the test says so';
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason }));
}
