import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';

type ClientOptions = ConstructorParameters<typeof CloudWatchClient>[0];

/** Makes an alarm of a name that the commands look at. @returns the client of its region. */
export async function putAlarm(AlarmName: string, options: ClientOptions): Promise<CloudWatchClient> {
  const cloudwatch = new CloudWatchClient(options ?? {});
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      // Nobody measures it, so that it stays as it is set, however long a command takes to look.
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

/** Makes an alarm that is on. */
export async function ringAlarm(AlarmName: string, options: ClientOptions): Promise<void> {
  const cloudwatch = await putAlarm(AlarmName, options);
  const StateReason = 'the test says so';
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason }));
}
