import { releaseMarkId, releaseMetric } from '../../aws/own-metrics';
import type { Alarm } from './alarm';

/**
 * @param name the prefix of the environment's resource names, such as `kairos-prod`.
 * @param idBegin the prefix of its id. Each region has such an alarm, because a suppressor must be in the region of the
 * alarm that it suppresses.
 * @returns the alarm that suppresses the composite alarms. After a release that was killed no more values arrive, and
 * the alarm ends when CloudWatch finds no value in the periods that it evaluates.
 */
export function releaseMark(name: string, idBegin = ''): Alarm {
  return {
    id: `${idBegin}${releaseMarkId}`,
    says: 'A release is in progress, so the composite alarm sends no notification.',
    severity: 'look',
    measure: { metric: releaseMetric(name) },
    bad: 'above',
    threshold: 0,
    unit: 'releases in progress',
    period: 60,
  };
}

/**
 * How long a composite alarm waits, in seconds. Before a release: one period, until CloudWatch has seen that the
 * release began. After it: no time, because a release that failed must notify at once. After a release that succeeded,
 * the last value of 1 expires instead.
 */
export const suppressionPeriods = { wait: 60, extension: 0 } as const;
