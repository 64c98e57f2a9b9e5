import { releaseMarkId, releaseMetric } from '../../aws/own-metrics';
import type { Alarm } from './alarm';

/**
 * @param name the environment's, as its resources begin with it, such as `kairos-prod`.
 * @param idBegin what its id begins with: each region has one, for CloudWatch looks for a suppressor beside the alarm.
 * @returns the alarm that keeps others silent. A release that was killed puts nothing more: the alarm is over as soon
 * as CloudWatch, which looks back a little further than it must, finds no value any more.
 */
export function releaseMark(name: string, idBegin = ''): Alarm {
  return {
    id: `${idBegin}${releaseMarkId}`,
    says: 'A release is in progress, and the alarm of alarms keeps silent.',
    severity: 'look',
    measure: { metric: releaseMetric(name) },
    bad: 'above',
    threshold: 0,
    unit: 'releases in progress',
    period: 60,
  };
}

/**
 * How long others wait, in seconds. Before: until CloudWatch has seen that a release began, which takes its period.
 * After: not at all, for a release that failed must be heard. One that went well leaves its last 1 to run out instead.
 */
export const suppressionPeriods = { wait: 60, extension: 0 } as const;
