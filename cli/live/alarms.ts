import { isReleaseMark } from '../../aws/own-metrics';
import type { LiveEnvironment } from './environment';

/** CloudFront's metrics, and so the alarms of an edge, are there. */
const edgeRegion = 'us-east-1';

/** @returns the regions that an environment's alarms are in. */
export function alarmRegions({ configuration, clientOptions, name }: LiveEnvironment): readonly string[] {
  const { edge } = configuration.environments[name];
  return [...new Set([clientOptions.region, ...(edge === false ? [] : [edgeRegion])])];
}

/** An alarm that is on. */
export interface RaisedAlarm {
  readonly name: string;
  /** Since when. @default - CloudWatch does not say */
  readonly since?: Date;
}

/**
 * @returns the alarms of an environment that are on, those of its edge and those that stand for others too; not what
 * only says that a release is in progress.
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
      // Unless both are named, composite ones are left out.
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
