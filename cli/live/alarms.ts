import { isReleaseMark } from '../../aws/own-metrics';
import type { LiveEnvironment } from './environment';

/** The region of CloudFront's metrics, and therefore of an edge's alarms. */
const edgeRegion = 'us-east-1';

/** @returns the regions of an environment's alarms. */
export function alarmRegions({ configuration, clientOptions, name }: LiveEnvironment): readonly string[] {
  const { edge } = configuration.environments[name];
  return [...new Set([clientOptions.region, ...(edge === false ? [] : [edgeRegion])])];
}

/** An alarm in the state ALARM. */
export interface RaisedAlarm {
  readonly name: string;
  /** Since when. @default - unknown */
  readonly since?: Date;
}

/**
 * @returns the ringing alarms of an environment, including those of its edge and composite alarms, but not the alarm
 * that only marks a release in progress.
 */
export async function raisedAlarms(environment: LiveEnvironment): Promise<readonly RaisedAlarm[]> {
  const found = await Promise.all(alarmRegions(environment).map((region) => raisedIn(environment, region)));
  return found.flat();
}

async function raisedIn(
  { names, clientOptions }: LiveEnvironment,
  region: string,
): Promise<readonly RaisedAlarm[]> {
  const { CloudWatchClient, paginateDescribeAlarms } = await import('@aws-sdk/client-cloudwatch');
  const alarms: RaisedAlarm[] = [];
  const pages = paginateDescribeAlarms(
    { client: new CloudWatchClient({ ...clientOptions, region }) },
    {
      AlarmNamePrefix: names.stack,
      StateValue: 'ALARM',
      // Unless both types are named, composite alarms are left out.
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    },
  );
  for await (const { MetricAlarms, CompositeAlarms } of pages) {
    for (const { AlarmName: name, StateUpdatedTimestamp: since } of [
      ...(MetricAlarms ?? []),
      ...(CompositeAlarms ?? []),
    ]) {
      if (name !== undefined && !isReleaseMark(name)) alarms.push({ name, since });
    }
  }
  return alarms;
}
